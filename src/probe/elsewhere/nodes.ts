/** The hosts in lists of Kubernetes objects: what `kubectl get nodefeatures -A -o json` and `kubectl get nodes -o json` print. */
import { HostfitError } from "../../errors.ts";
import type { HostFacts } from "../facts.ts";
import { Observations } from "../observations.ts";
import { type Described, isMap, type JsonMap, scalar } from "./described.ts";
import { nodeOfFeatures, observeNodeFeatures } from "./nfd-features.ts";
import { observeNode } from "./node-labels.ts";

/** A node, and its facts or why there are none. */
export interface DescribedNode {
  readonly name: string;
  readonly facts: HostFacts | HostfitError;
}

/** Whether an object is one that describes a node. */
export function isNodeObject(value: unknown): value is JsonMap {
  return isMap(value) && (value.kind === "NodeFeature" || value.kind === "Node");
}

/**
 * A host for each node that the objects are about, in the order in which they first name it. All NodeFeature objects of a
 * node make one host; so do they and its Node, of which they say more: what they don't say comes from its labels.
 */
export function describedNodes(objects: readonly JsonMap[]): DescribedNode[] {
  const nodes = new Map<string, { features: JsonMap[]; node: JsonMap | null }>();
  for (const object of objects) {
    const metadata = isMap(object.metadata) ? object.metadata : {};
    const name =
      object.kind === "NodeFeature" ? nodeOfFeatures(object) : (scalar(metadata.name) ?? "unnamed");
    const known = nodes.get(name) ?? { features: [], node: null };
    nodes.set(name, known);
    if (object.kind === "NodeFeature") known.features.push(object);
    else known.node = object;
  }
  return [...nodes].map(([name, { features, node }]) => ({ name, facts: factsOf(name, features, node) }));
}

function factsOf(name: string, features: readonly JsonMap[], node: JsonMap | null): HostFacts | HostfitError {
  const observations = new Observations();
  // Labels are a selection of what NodeFeature objects say in full, so these come last and take their place.
  const described: Described[] = [
    ...(node === null ? [] : [observeNode(node, observations)]),
    ...(features.length === 0 ? [] : [observeNodeFeatures(features, observations)]),
  ];
  const found = observations.features();
  const isBare = [found.flags, found.attributes, found.instances].every(
    (sets) => Object.keys(sets).length === 0,
  );
  if (isBare) {
    return new HostfitError("host-without-features", `the node ${name} has no features`, {
      help: "check that NFD's worker runs on it; kubectl get nodefeatures -A shows what it published",
      details: { node: name },
    });
  }
  const closedWorld = observations.closedWorld();
  const platforms = described.findLast((one) => one.platforms !== undefined)?.platforms;
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Host",
    name,
    ...(platforms === undefined ? {} : { platforms }),
    features: found,
    ...(closedWorld.length === 0 ? {} : { closedWorld }),
  };
}
