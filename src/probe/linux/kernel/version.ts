/** `kernel.version`, mangled as NFD mangles it so that it can stand in a label. */
import type { Observations } from "../../observations.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";

/**
 * `full` with other characters than `-A-Za-z0-9_.` as `_` and `-_.` trimmed at both ends; `major`, `minor` and `revision` only
 * if what follows them is nothing or begins with `-`: four numeric parts (`6.6.87.2-microsoft`) give `full` alone. A part
 * that is missing is an empty text, as in NFD.
 */
export function parseKernelVersion(release: string): Record<string, string> {
  const full = release.replace(/[^-A-Za-z0-9_.]/gu, "_").replace(/^[-_.]+|[-_.]+$/g, "");
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-.*)?$/.exec(full);
  if (parts === null) return { full };
  return { full, major: parts[1] ?? "", minor: parts[2] ?? "", revision: parts[3] ?? "" };
}

/** Major and minor for comparisons inside the probe: `5.14` is [5, 14]; undefined if it doesn't begin like that. */
export function releaseNumbers(release: string): readonly [number, number] | undefined {
  const parts = /^(\d{1,6})\.(\d{1,6})/.exec(release);
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2])];
}

function observe(sources: LinuxSources, observations: Observations): void {
  const release = sources.kernelRelease();
  if (release.ok) observations.attributes("kernel.version", parseKernelVersion(release.text));
  else observations.failure("kernel.version", "/proc/sys/kernel/osrelease", release);
}

export const kernelVersion: Subject = { builtin: "kernel-version", observe };
