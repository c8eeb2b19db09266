/** What a condition is asked about: a host's facts, and a candidate if there is one. docs/language.md, "Facts". */
import type { Attribute } from "./attribute.ts";
import type { Host, InstanceFacts } from "./facts.ts";
import type { Instance, Instances } from "./instances.ts";
import type { Kleene } from "./kleene.ts";
import { normalize, type PlatformFields, variantIsOpen } from "./platform.ts";

/** A manifest that could be chosen, as far as conditions see it. */
export interface CandidateFacts {
  /** null: not known. */
  readonly platform: PlatformFields | null;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface Situation {
  readonly host: Host;
  readonly flag: (feature: string, name: string) => Kleene;
  readonly attribute: (feature: string, name: string) => Attribute;
  readonly instances: (feature: string) => Instances;
}

const UNKNOWN: Attribute = { state: "unknown" };
const LACKING: Attribute = { state: "lacking" };

export function situationOf(host: Host, candidate: CandidateFacts | null): Situation {
  return {
    host,
    flag: (feature, name) => flag(host, feature, name),
    attribute: (feature, name) => {
      if (feature === "candidate.platform") return candidatePlatform(candidate, name);
      if (feature === "candidate.annotations") return candidateAnnotation(candidate, name);
      return attribute(host, feature, name);
    },
    instances: (feature) => {
      if (feature === "host.platform") return hostPlatforms(host);
      const isUnsaid = candidate === null && feature.startsWith("candidate.");
      return { ...instances(host, feature), unsaid: isUnsaid };
    },
  };
}

function flag(host: Host, feature: string, name: string): Kleene {
  const flags = host.flags.get(feature);
  if (flags === undefined || flags.elements === null)
    return host.closedWorld.has(feature) ? "false" : "unknown";
  if (flags.elements.has(name)) return "true";
  return flags.scope === null || flags.scope.has(name) ? "false" : "unknown";
}

function attribute(host: Host, feature: string, name: string): Attribute {
  const set = host.attributes.get(feature);
  const elements = set?.elements ?? new Map<string, string>();
  const unknown = set?.unknown ?? new Set<string>();
  const observed = elements.size > 0 || unknown.size > 0 || host.closedWorld.has(feature);
  if (!observed || unknown.has(name)) return UNKNOWN;
  return textOrLacking(elements.get(name));
}

function textOrLacking(text: string | undefined): Attribute {
  return text === undefined ? LACKING : { state: "present", text };
}

function instances(host: Host, feature: string): Instances {
  const list = host.instances.get(feature);
  if (list === undefined || list.elements === null)
    return { list: [], partial: !host.closedWorld.has(feature) };
  return { list: list.elements.map(instance), partial: list.partial };
}

function instance(facts: InstanceFacts): Instance {
  return (name) => (facts.unknown.has(name) ? UNKNOWN : textOrLacking(facts.attributes.get(name)));
}

function hostPlatforms(host: Host): Instances {
  if (host.platforms === null) return { list: [], partial: true };
  return { list: host.platforms.map(hostPlatform), partial: false };
}

function hostPlatform(platform: PlatformFields): Instance {
  const { os, architecture, variant, osVersion } = normalize(platform);
  return (name) => {
    switch (name) {
      case "os":
        return filledOrLacking(os);
      case "architecture":
        return filledOrLacking(architecture);
      case "variant":
        // A variant that is written and normalises to nothing is known, and lacking.
        if (variantIsOpen(platform)) return UNKNOWN;
        return filledOrLacking(variant);
      case "os.version":
        return osVersion === "" ? UNKNOWN : textOrLacking(osVersion);
      default:
        return LACKING;
    }
  };
}

function candidatePlatform(candidate: CandidateFacts | null, name: string): Attribute {
  if (candidate === null || candidate.platform === null) return UNKNOWN;
  const { os, architecture, variant, osVersion } = normalize(candidate.platform);
  const texts = new Map([
    ["os", os],
    ["architecture", architecture],
    ["variant", variant],
    ["os.version", osVersion],
  ]);
  return filledOrLacking(texts.get(name));
}

/** A platform's part that is empty is lacking. */
function filledOrLacking(text: string | undefined): Attribute {
  return textOrLacking(text === "" ? undefined : text);
}

function candidateAnnotation(candidate: CandidateFacts | null, name: string): Attribute {
  if (candidate === null) return UNKNOWN;
  return textOrLacking(candidate.annotations.get(name));
}
