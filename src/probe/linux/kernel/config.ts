/** The kernel's build configuration: where it may lie, and its `CONFIG_X=value` lines as NFD gives them. */
import { gunzipSync } from "node:zlib";
import type { Observations } from "../../observations.ts";
import { type HostFiles, isAbsent, type ReadFailure } from "../../root.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";

/** A distribution's configuration is about 300 KB, and 70 KB compressed. */
const CONFIG_LIMIT = 4 * 1024 * 1024;

export interface KernelConfig {
  readonly file: string;
  /** Name without `CONFIG_`, to value without quotes. Options that are not set have no entry. */
  readonly options: ReadonlyMap<string, string>;
}

/** Where NFD looks, in its order. Without a release only the first and the third. */
export function configPaths(release: string | undefined): readonly string[] {
  if (release === undefined) return ["/proc/config.gz", "/usr/src/linux/.config"];
  return [
    "/proc/config.gz",
    `/usr/src/linux-${release}/.config`,
    "/usr/src/linux/.config",
    `/usr/lib/modules/${release}/config`,
    `/usr/lib/ostree-boot/config-${release}`,
    `/usr/lib/kernel/config-${release}`,
    `/usr/src/linux-headers-${release}/.config`,
    `/lib/modules/${release}/build/.config`,
    `/boot/config-${release}`,
  ];
}

/** The first configuration that can be read; else the failure that tells most (a file that is there but closed before a missing one). */
export function readKernelConfig(
  files: HostFiles,
  release: string | undefined,
): { readonly ok: true; readonly config: KernelConfig } | ReadFailure {
  let failure: ReadFailure | undefined;
  // A release that names another directory is not one.
  const usable = release !== undefined && /^[\w.+~-]+$/.test(release) ? release : undefined;
  for (const file of configPaths(usable)) {
    const read = readConfigText(files, file);
    if (read.ok) return { ok: true, config: { file, options: parseKernelConfig(read.text) } };
    if (failure === undefined || (isAbsent(failure) && !isAbsent(read))) failure = read;
  }
  return failure ?? { ok: false, code: "ENOENT", message: "no kernel configuration" };
}

function readConfigText(files: HostFiles, file: string): { ok: true; text: string } | ReadFailure {
  const read = files.read(file, CONFIG_LIMIT);
  if (!read.ok) return read;
  if (read.truncated)
    return { ok: false, code: "too-large", message: `${file}: more than ${CONFIG_LIMIT} bytes` };
  if (!file.endsWith(".gz")) return { ok: true, text: read.bytes.toString("utf8") };
  try {
    return { ok: true, text: gunzipSync(read.bytes, { maxOutputLength: CONFIG_LIMIT }).toString("utf8") };
  } catch {
    return {
      ok: false,
      code: "not-gzip",
      message: `${file}: not gzip data, or more than ${CONFIG_LIMIT} bytes of it`,
    };
  }
}

/** All options that are set. As NFD does: quotes are trimmed at both ends, `y` and `m` stay, the last of several wins. */
export function parseKernelConfig(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (!line.startsWith("CONFIG_")) continue;
    const at = line.indexOf("=");
    if (at < 0) continue;
    const value = line.slice(at + 1);
    // Ten thousand lines, few of them with quotes.
    options.set(line.slice(7, at), value.includes('"') ? value.replace(/^"+|"+$/g, "") : value);
  }
  return options;
}

function observe(sources: LinuxSources, observations: Observations): void {
  const read = sources.kernelConfig();
  if (read.ok) observations.attributes("kernel.config", Object.fromEntries(read.config.options));
  else observations.failure("kernel.config", "/proc/config.gz", read);
}

export const kernelConfig: Subject = { builtin: "kernel-config", observe };
