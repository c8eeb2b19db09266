/** What identifies a machine rather than describing it, taken out of facts that are shown to others. */
import type { AttributeSet, HostFacts, HostFeatures, Instance } from "./facts.ts";

/** Attributes that hold a serial number, an owner's tag or a name, by feature. */
const IDENTIFYING: Readonly<Record<string, readonly string[]>> = {
  "org.hostfit/gpu.nvidia": ["uuid"],
  "system.dmiid": ["board_asset_tag", "chassis_asset_tag"],
  "system.name": ["nodename"],
  "usb.device": ["serial"],
};

/** Values of the command line that are surely harmless: a word or a number. Addresses, paths, UUIDs and the like are not. */
const HARMLESS =
  /^(?:[A-Za-z][A-Za-z_-]{0,23}|\d{1,6}[KMGkmg]?)(?:,(?:[A-Za-z][A-Za-z_-]{0,23}|\d{1,6}[KMGkmg]?)){0,7}$/;

/** The facts without them: each becomes unknown, which is what it is to those who get the facts. */
export function redactFacts(host: HostFacts): HostFacts {
  const features: HostFeatures = {
    flags: host.features.flags,
    attributes: mapValues(host.features.attributes, (name, set) => redactAttributes(name, set)),
    instances: mapValues(host.features.instances, (name, set) => ({
      ...set,
      elements: set.elements.map((element) => redactInstance(name, element)),
    })),
  };
  return { ...host, name: "redacted", features };
}

function redactAttributes(feature: string, set: AttributeSet): AttributeSet {
  const hidden =
    feature === "kernel.cmdline"
      ? Object.keys(set.elements).filter((name) => !HARMLESS.test(set.elements[name] ?? ""))
      : (IDENTIFYING[feature] ?? []).filter((name) => name in set.elements);
  return hidden.length === 0
    ? set
    : { elements: without(set.elements, hidden), unknown: union(set.unknown, hidden) };
}

function redactInstance(feature: string, element: Instance): Instance {
  const hidden = (IDENTIFYING[feature] ?? []).filter((name) => name in element.attributes);
  return hidden.length === 0
    ? element
    : { attributes: without(element.attributes, hidden), unknown: union(element.unknown, hidden) };
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
