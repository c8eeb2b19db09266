/** NFD's `spec.features`: of NodeFeature objects, and as `nfd export features` prints it. */
import { HostfitError } from "../../errors.ts";
import type { HostPlatform, Instance } from "../facts.ts";
import { architectureOfMachine } from "../linux/architecture.ts";
import { X86_64_LEVELS } from "../linux/cpu/cpuid-names.ts";
import type { Observations } from "../observations.ts";
import { type Described, isMap, type JsonMap, scalar } from "./described.ts";

const NODE_LABEL = "nfd.node.kubernetes.io/node-name";

/** Sets of one kind by feature; `elements` of one feature are laid over each other. */
interface Sets {
  readonly flags: Map<string, Set<string>>;
  readonly attributes: Map<string, Record<string, string>>;
  readonly instances: Map<string, Instance[]>;
}

/** Whether this is what `nfd export features` prints: the three kinds, and nothing else. */
export function isFeatures(value: JsonMap): boolean {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => ["flags", "attributes", "instances"].includes(key));
}

/**
 * All NodeFeature objects of one node, in NFD's order: those of its own namespace first, then by name, then by namespace; later ones
 * replace flags and attributes of the same name, and add instances.
 * @throws HostfitError `several-nodes` if they are of more than one.
 */
export function observeNodeFeatures(objects: readonly JsonMap[], observations: Observations): Described {
  const nodes = new Map<string, JsonMap[]>();
  for (const object of objects) {
    const node = nodeOfFeatures(object);
    nodes.set(node, [...(nodes.get(node) ?? []), object]);
  }
  if (nodes.size > 1) {
    const names = [...nodes.keys()].slice(0, 5).join(", ");
    throw new HostfitError("several-nodes", `the file is about ${nodes.size} nodes: ${names}`, {
      help: `choose one: kubectl get nodefeatures -A -l ${NODE_LABEL}=NODE -o json`,
      details: { nodes: nodes.size },
    });
  }
  const [name, own = []] = [...nodes][0] ?? [];
  const sets: Sets = { flags: new Map(), attributes: new Map(), instances: new Map() };
  for (const object of [...own].sort((a, b) => compare(orderOf(a), orderOf(b)))) {
    const spec = isMap(object.spec) ? object.spec : {};
    addFeatures(isMap(spec.features) ? spec.features : {}, sets);
  }
  return { ...record(sets, observations), ...(name === undefined ? {} : { name }) };
}

/** The node that a NodeFeature object is about. */
export function nodeOfFeatures({ metadata: given }: JsonMap): string {
  const metadata = isMap(given) ? given : {};
  const labels = isMap(metadata.labels) ? metadata.labels : {};
  return scalar(labels[NODE_LABEL]) ?? scalar(metadata.name) ?? "unnamed";
}

/** What `nfd export features` printed. */
export function observeFeatures(features: JsonMap, observations: Observations): Described {
  const sets: Sets = { flags: new Map(), attributes: new Map(), instances: new Map() };
  addFeatures(features, sets);
  return record(sets, observations);
}

function orderOf(object: JsonMap): string {
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const namespace = scalar(metadata.namespace) ?? "";
  const isOwn = namespace === "node-feature-discovery" ? "0" : "1";
  return `${isOwn}\0${scalar(metadata.name) ?? ""}\0${namespace}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addFeatures(features: JsonMap, sets: Sets): void {
  for (const [feature, set] of entries(features.flags)) {
    const names = sets.flags.get(feature) ?? new Set();
    for (const name of isMap(set.elements) ? Object.keys(set.elements) : []) names.add(name);
    sets.flags.set(feature, names);
  }
  for (const [feature, set] of entries(features.attributes)) {
    sets.attributes.set(feature, { ...sets.attributes.get(feature), ...textsOf(set.elements) });
  }
  for (const [feature, set] of entries(features.instances)) {
    const list = sets.instances.get(feature) ?? [];
    const elements: readonly unknown[] = Array.isArray(set.elements) ? set.elements : [];
    for (const one of elements) {
      if (isMap(one)) list.push({ attributes: textsOf(one.attributes) });
    }
    sets.instances.set(feature, list);
  }
}

function entries(sets: unknown): [string, JsonMap][] {
  return isMap(sets)
    ? Object.entries(sets).flatMap(([name, set]) => (isMap(set) ? [[name, set] as [string, JsonMap]] : []))
    : [];
}

function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, one] of Object.entries(isMap(value) ? value : {})) {
    const text = scalar(one);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** NFD publishes an empty set of attributes after errors too: such a set is unknown, and left out. */
function record(sets: Sets, observations: Observations): Described {
  for (const [feature, names] of sets.flags) observations.flags(feature, names);
  for (const [feature, elements] of sets.attributes) {
    if (Object.keys(elements).length > 0) observations.attributes(feature, elements);
  }
  for (const [feature, elements] of sets.instances) observations.instances(feature, elements);
  const platform = platformOf(sets);
  return platform === undefined ? {} : { platforms: [platform] };
}

/** From the end of the kernel's release, or from the levels that only amd64 has. */
function platformOf(sets: Sets): HostPlatform | undefined {
  const release = sets.attributes.get("kernel.version")?.full ?? "";
  const end = /[^0-9a-z_]([a-z][0-9a-z_]+)$/.exec(release)?.[1];
  const flags = sets.flags.get("cpu.cpuid");
  const level =
    X86_64_LEVELS.findLastIndex((_names, index) => flags?.has(`X86_64_V${index + 1}`) === true) + 1;
  if (level > 0) return { os: "linux", architecture: "amd64", variant: `v${level}` };
  const architecture = end === undefined ? undefined : architectureOfMachine(end);
  return architecture === undefined ? undefined : { os: "linux", architecture };
}
