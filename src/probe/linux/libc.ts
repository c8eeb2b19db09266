/** `org.hostfit/system.libc`: the C library of the host's own programs (not of a container's). */
import type { Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const FEATURE = "org.hostfit/system.libc";
/** glibc is some 2 MB; its banner lies in the last third. */
const LIBRARY_LIMIT = 8 * 1024 * 1024;

/** OCI's name of an architecture to Debian's multiarch directory and to musl's name of it. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  "386": ["i386-linux-gnu", "i386"],
  amd64: ["x86_64-linux-gnu", "x86_64"],
  arm: ["arm-linux-gnueabihf", "armhf"],
  arm64: ["aarch64-linux-gnu", "aarch64"],
  ppc64le: ["powerpc64le-linux-gnu", "powerpc64le"],
  riscv64: ["riscv64-linux-gnu", "riscv64"],
  s390x: ["s390x-linux-gnu", "s390x"],
};

/** Debian's name of an architecture's folder below /usr/lib, `x86_64-linux-gnu`; undefined if it isn't known. */
export function multiarchOf(architecture: string): string | undefined {
  return Object.hasOwn(NAMES, architecture) ? NAMES[architecture]?.[0] : undefined;
}

/** The version in glibc's banner, `... stable release version 2.36.`; undefined if `library` isn't glibc. */
export function glibcVersion(library: Buffer): string | undefined {
  const at = library.indexOf("GNU C Library");
  if (at < 0) return undefined;
  const banner = library.subarray(at, at + 256).toString("latin1");
  return /release version (\d+(?:\.\d+)+)/.exec(banner)?.[1];
}

function observe(sources: LinuxSources, observations: Observations): void {
  const [multiarch, musl] = NAMES[sources.architecture.architecture] ?? [];
  const directories = multiarch === undefined ? [] : [`/lib/${multiarch}`];
  for (const directory of [...directories, "/lib64", "/usr/lib64", "/lib"]) {
    const file = `${directory}/libc.so.6`;
    const library = sources.files.read(file, LIBRARY_LIMIT);
    if (!library.ok) {
      if (!isAbsent(library)) observations.failure(FEATURE, file, library);
      continue;
    }
    const version = glibcVersion(library.bytes);
    if (version === undefined)
      observations.note(FEATURE, file, "no-banner", `${file}: has no banner of glibc`);
    else {
      observations.attributes(FEATURE, { name: "glibc", version });
      return;
    }
  }
  if (musl !== undefined && sources.exists(`/lib/ld-musl-${musl}.so.1`) === true) {
    // musl's version is in no place that can be told from any other number in it.
    observations.attributes(FEATURE, { name: "musl" }, ["version"]);
    return;
  }
  observations.note(FEATURE, "/lib", "no-libc", "no C library stands where glibc or musl do");
}

export const libc: Subject = { builtin: "libc", observe };
