/** What identifies a machine rather than describing it, taken out of facts that are shown to others. */
import type { AttributeSet, HostFacts, HostFeatures, Instance, ProbeNote } from "./facts.ts";

/** Names of attributes that identify a machine, of a feature. */
export type Identifying = (feature: string) => readonly string[];

/** Values of the command line that are surely harmless: a word or a number. Addresses, paths, UUIDs and the like are not. */
const HARMLESS =
  /^(?:[A-Za-z][A-Za-z_-]{0,23}|\d{1,6}[KMGkmg]?)(?:,(?:[A-Za-z][A-Za-z_-]{0,23}|\d{1,6}[KMGkmg]?)){0,7}$/;

/**
 * Values that stand for one machine or one device wherever they appear: UUIDs (CDI's and MIG's names of GPUs hold them), MAC addresses, and the
 * names that udev makes of those (`enx` and twelve digits).
 */
const UNIQUE =
  /(?<![0-9a-f])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|(?<![a-z])(?:en|wl|ww|sl|ib)x[0-9a-f]{12})(?![0-9a-f])/i;

/** Parameters of the command line that name the machine in plain words. */
const NAMING = /(?:^|[._-])(?:host_?name|nodename|serial|mac|machine[_-]id)$/i;

/** The facts without them: each becomes unknown, which is what it is to those who get the facts. */
export function redactFacts(host: HostFacts, identifying: Identifying): HostFacts {
  const features: HostFeatures = {
    flags: host.features.flags,
    attributes: mapValues(host.features.attributes, (name, set) => redactAttributes(name, set, identifying)),
    instances: mapValues(host.features.instances, (name, set) => ({
      ...set,
      elements: set.elements.map((element) => redactInstance(element, identifying(name))),
    })),
  };
  return { ...host, name: "redacted", features };
}

/** Notes in which no path or message holds what stands for one device. */
export function redactNotes(notes: readonly ProbeNote[]): ProbeNote[] {
  const all = new RegExp(UNIQUE.source, "gi");
  return notes.map((note) => ({
    ...note,
    file: note.file.replace(all, "redacted"),
    message: note.message.replace(all, "redacted"),
  }));
}

function redactAttributes(feature: string, set: AttributeSet, identifying: Identifying): AttributeSet {
  const hidden =
    feature === "kernel.cmdline"
      ? Object.keys(set.elements).filter(
          (name) => NAMING.test(name) || !HARMLESS.test(set.elements[name] ?? ""),
        )
      : identifyingIn(set.elements, identifying(feature));
  return hidden.length === 0
    ? set
    : { elements: without(set.elements, hidden), unknown: union(set.unknown, hidden) };
}

function redactInstance(element: Instance, identifying: readonly string[]): Instance {
  const hidden = identifyingIn(element.attributes, identifying);
  return hidden.length === 0
    ? element
    : { attributes: without(element.attributes, hidden), unknown: union(element.unknown, hidden) };
}

/** Of the given names, and of those whose values are unique whatever the feature. */
function identifyingIn(
  elements: Readonly<Record<string, string>>,
  identifying: readonly string[],
): readonly string[] {
  return Object.entries(elements)
    .filter(([name, value]) => identifying.includes(name) || UNIQUE.test(value))
    .map(([name]) => name);
}

function without(record: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

function union(known: readonly string[] | undefined, more: readonly string[]): string[] {
  return [...new Set([...(known ?? []), ...more])].sort();
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(name, value)]));
}
