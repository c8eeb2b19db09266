import { type NodeFeature, nodeFeature } from "./node-feature.ts";
import { SeededRandom } from "./random.ts";

/** How alike the nodes of a fleet are. */
export type Alikeness = "clusters" | "distinct";

/** Machines that were bought together: of the first a fleet has many, of the last few. */
const PROFILES = 80;

/**
 * The nodes of a fleet, one after the other, the same for the same seed. "clusters": few distinct profiles, of which the first are the
 * most frequent, but for the node's own name; a node in ten has another kernel than its profile. "distinct": every node has its own
 * kernel build, modules and devices.
 */
export function* fleetNodes(seed: number, count: number, alike: Alikeness): Generator<string> {
  if (alike === "distinct") {
    for (let i = 0; i < count; i++) yield JSON.stringify(named(nodeFeature(seed, i), i));
    return;
  }
  const random = new SeededRandom(seed);
  const profiles = Array.from({ length: PROFILES }, (_, i) => nodeFeature(seed, i));
  for (let i = 0; i < count; i++) {
    const profile = Math.floor(PROFILES * (random.next() / 0x100000000) ** 2.5);
    const node = profiles[profile]!;
    const kernel = random.chance(0.1) ? profiles[random.below(PROFILES)]! : node;
    yield JSON.stringify(named(withKernelOf(node, kernel), i));
  }
}

function withKernelOf(node: NodeFeature, other: NodeFeature): NodeFeature {
  const { features } = node.spec;
  const version = other.spec.features.attributes["kernel.version"]!;
  const attributes = { ...features.attributes, "kernel.version": version };
  return { ...node, spec: { ...node.spec, features: { ...features, attributes } } };
}

/** With the name that no other node has. */
function named(node: NodeFeature, index: number): NodeFeature {
  const { features } = node.spec;
  const name = { elements: { nodename: `node-${String(index).padStart(6, "0")}` } };
  const attributes = { ...features.attributes, "system.name": name };
  return { ...node, spec: { ...node.spec, features: { ...features, attributes } } };
}
