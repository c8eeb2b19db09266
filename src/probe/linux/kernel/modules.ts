/** `kernel.loadedmodule` and `kernel.enabledmodule` (loaded and built in): complete lists, so they carry no scope. */
import type { Observations } from "../../observations.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { linesOf, wordsOf } from "../text.ts";

const MODULES_LIMIT = 4 * 1024 * 1024;

/** The first word of each line of /proc/modules, as spelt there (`vfio_pci`). */
export function parseLoadedModules(text: string): string[] {
  return linesOf(text).flatMap((line) => wordsOf(line).slice(0, 1));
}

/** The file names of modules.builtin without `.ko`, as spelt there (`vfio-pci`). */
export function parseBuiltinModules(text: string): string[] {
  return linesOf(text)
    .map((line) => line.trim())
    .filter((line) => line.endsWith(".ko"))
    .map((line) => line.slice(line.lastIndexOf("/") + 1, -".ko".length))
    .filter((name) => name !== "");
}

function observe(sources: LinuxSources, observations: Observations): void {
  const loadedFile = "/proc/modules";
  const loaded = sources.text(loadedFile, MODULES_LIMIT);
  const names = loaded.ok ? parseLoadedModules(loaded.text) : [];
  if (loaded.ok) observations.flags("kernel.loadedmodule", names);
  else observations.failure("kernel.loadedmodule", loadedFile, loaded);

  const release = sources.kernelRelease();
  if (!release.ok || !/^[\w.+~-]+$/.test(release.text)) {
    const message = "the kernel's release is not known, and with it the directory of its modules";
    observations.note("kernel.enabledmodule", "/proc/sys/kernel/osrelease", "no-release", message);
    return;
  }
  const builtinFile = `/lib/modules/${release.text}/modules.builtin`;
  const builtin = sources.text(builtinFile, MODULES_LIMIT);
  if (!builtin.ok) {
    observations.failure("kernel.enabledmodule", builtinFile, builtin);
    return;
  }
  const enabled = [...names, ...parseBuiltinModules(builtin.text)];
  // Without the loaded ones the list is true, but what it lacks is not absent.
  if (loaded.ok) observations.flags("kernel.enabledmodule", enabled);
  else observations.flags("kernel.enabledmodule", enabled, []);
}

/** The module files of modules.dep (`kernel/fs/btrfs/btrfs.ko.zst: ...`), without folders and endings. */
export function parseModuleFiles(text: string): string[] {
  return linesOf(text).flatMap((line) => /^(?:[^:]*\/)?([^/:]+)\.ko(?:\.\w+)?:/.exec(line)?.[1] ?? []);
}

/** Whatever its file is called, the kernel knows a module by underscores; here all lists use those, so that one name finds it. */
function kernelName(name: string): string {
  return name.replaceAll("-", "_");
}

/** What is loaded, built in, or could be: complete only if all three can be read. */
function observeLoadable(sources: LinuxSources, observations: Observations): void {
  const feature = "org.hostfit/kernel.loadablemodule";
  const release = sources.kernelRelease();
  if (!release.ok || !/^[\w.+~-]+$/.test(release.text)) {
    const message = "the kernel's release is not known, and with it the directory of its modules";
    observations.note(feature, "/proc/sys/kernel/osrelease", "no-release", message);
    return;
  }
  const folder = `/lib/modules/${release.text}`;
  const lists: readonly (readonly [string, (text: string) => string[]])[] = [
    ["/proc/modules", parseLoadedModules],
    [`${folder}/modules.builtin`, parseBuiltinModules],
    [`${folder}/modules.dep`, parseModuleFiles],
  ];
  const names = new Set<string>();
  let failures = 0;
  for (const [file, parse] of lists) {
    const read = sources.text(file, MODULES_LIMIT);
    if (read.ok) for (const name of parse(read.text)) names.add(kernelName(name));
    else {
      observations.failure(feature, file, read);
      failures += 1;
    }
  }
  if (failures === 0) observations.flags(feature, names);
  else if (names.size > 0) observations.flags(feature, names, []);
}

export const loadableModules: Subject = { builtin: "loadable-modules", observe: observeLoadable };

export const kernelModules: Subject = { builtin: "kernel-modules", observe };
