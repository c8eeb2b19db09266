/** Which features are asked for. */
import { HostfitError } from "../errors.ts";

/** Whether a feature is wanted. */
export type Selection = (feature: string) => boolean;

/** A name covers itself, a source everything below it, and a domain everything of the group's. */
function covers(name: string, feature: string): boolean {
  return feature === name || feature.startsWith(`${name}.`) || feature.startsWith(`${name}/`);
}

/**
 * From the names of features and sources; all if `named` is undefined.
 * @throws HostfitError `unknown-feature` for a name that covers none of `known`.
 */
export function selectionOf(
  named: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
  known: readonly string[],
): Selection {
  for (const name of [...(named ?? []), ...(unwanted ?? [])]) {
    if (known.some((feature) => covers(name, feature))) continue;
    throw new HostfitError("unknown-feature", `no probe gives "${name}"`, {
      help: "docs/facts.md lists the features; a source such as cpu, or a vocabulary's domain, stands for all of its features",
      details: { feature: name },
    });
  }
  return (feature) =>
    (named === undefined || named.some((name) => covers(name, feature))) &&
    !(unwanted ?? []).some((name) => covers(name, feature));
}
