/** `kernel.cmdline`: the parameters that the kernel was started with. Not NFD's. */
import type { Observations } from "../../observations.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";

/** Facts travel; a secret that someone put on the command line must not travel with them. */
const SECRET = /pass(?:w|phrase)|secret|token|credential|(?:^|[._-])key$/i;

/** The words of a command line; double quotes hold a word together, as in the kernel's own parser. */
export function splitCommandLine(line: string): string[] {
  return line.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

/**
 * Name to value; a parameter without one is `true`; the last of several wins, as for most of the kernel's. Words after `--`
 * belong to the first program. Names whose values look secret come back in `withheld`.
 */
export function parseCommandLine(words: readonly string[]): {
  readonly parameters: Readonly<Record<string, string>>;
  readonly withheld: readonly string[];
} {
  const parameters = new Map<string, string>();
  const withheld = new Set<string>();
  for (const word of words) {
    if (word === "--") break;
    const at = word.indexOf("=");
    const name = at < 0 ? word : word.slice(0, at);
    if (name === "") continue;
    if (SECRET.test(name)) withheld.add(name);
    else parameters.set(name, at < 0 ? "true" : word.slice(at + 1).replaceAll('"', ""));
  }
  return { parameters: Object.fromEntries(parameters), withheld: [...withheld] };
}

function observe(sources: LinuxSources, observations: Observations): void {
  const feature = "kernel.cmdline";
  const file = "/proc/cmdline";
  const line = sources.commandLine();
  if (!line.ok) {
    observations.failure(feature, file, line);
    return;
  }
  const { parameters, withheld } = parseCommandLine(splitCommandLine(line.text));
  observations.attributes(feature, parameters, withheld);
  if (withheld.length > 0) {
    const message = `${file}: values that may be secret are withheld: ${withheld.join(", ")}`;
    observations.note(feature, file, "withheld", message);
  }
}

export const kernelCommandLine: Subject = { builtin: "kernel-command-line", observe };
