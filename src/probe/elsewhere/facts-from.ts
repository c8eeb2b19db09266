/** Host facts from files that describe a host which can't be probed: what other tools print of it. */
import { HostfitError } from "../../errors.ts";
import type { FactSource } from "../administrator.ts";
import type { HostFacts, HostPlatform } from "../facts.ts";
import { Observations } from "../observations.ts";
import type { ProbeResult } from "../probe.ts";
import { redactFacts } from "../redact.ts";
import { catalogOf, identifyingNames, probingVocabularies } from "../vocabulary/catalog.ts";
import { type Described, type DescriptionForm, isMap, type JsonMap, scalar } from "./described.ts";
import { observeLscpu } from "./lscpu.ts";
import { isLspci, observeLspci } from "./lspci.ts";
import { isFeatures, observeFeatures, observeNodeFeatures } from "./nfd-features.ts";
import { observeNode } from "./node-labels.ts";
import { isNvidiaSmi, observeNvidiaSmi } from "./nvidia-smi.ts";

/** A file from elsewhere. */
export interface DescriptionFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Recognized {
  readonly form: DescriptionForm;
  /** YAML that ends within a line: what is missing would count as absent, and nothing in YAML says that it is whole. */
  readonly mayBeCut?: boolean;
  readonly observe: (observations: Observations) => Described;
}

/**
 * The facts in files, each of a form that is told from what it holds: NodeFeature objects (one or a list), `nfd export features`, a Node as
 * `kubectl get node -o json` prints it, `lscpu -J`, `lspci -nnmm`, `nvidia-smi -q -x`; JSON also as YAML. A later file's set of a feature
 * takes the place of an earlier one's.
 * @throws HostfitError `unknown-description` for a file of another form, `several-nodes` for one that is about more than one node.
 */
export async function factsFrom(
  files: readonly DescriptionFile[],
  options: { readonly redact?: boolean } = {},
): Promise<ProbeResult> {
  const observations = new Observations();
  const sources: FactSource[] = [];
  let name = "unnamed";
  let platforms: readonly HostPlatform[] = [];
  for (const file of files) {
    const recognized = await recognize(file);
    // Observed twice: by itself, to know what comes from this file.
    const own = new Observations();
    recognized.observe(own);
    const described = recognized.observe(observations);
    const { flags, attributes, instances } = own.features();
    for (const feature of [flags, attributes, instances].flatMap((sets) => Object.keys(sets))) {
      sources.push({ feature, name: null, files: [file.name] });
    }
    if (recognized.mayBeCut === true) {
      const message = "ends within a line, so it may have been cut off: what it lacks counts as absent";
      observations.note(recognized.form, file.name, "may-be-cut-off", message);
    }
    if (described.name !== undefined) name = described.name;
    if (described.platforms !== undefined) platforms = merged(platforms, described.platforms);
  }
  if (platforms.length === 0) {
    observations.note("platforms", "", "no-platform", "none of the files says the host's platform");
  }
  const closedWorld = observations.closedWorld();
  const host: HostFacts = {
    apiVersion: "hostfit/v1.0",
    kind: "Host",
    name,
    ...(platforms.length === 0 ? {} : { platforms }),
    features: observations.features(),
    ...(closedWorld.length === 0 ? {} : { closedWorld }),
  };
  const catalog = catalogOf(probingVocabularies(), []);
  const shown =
    options.redact === true ? redactFacts(host, (feature) => identifyingNames(catalog, feature)) : host;
  return { host: shown, sources, notes: observations.notes() };
}

/** Of the same system and architecture, the one that says more. */
function merged(known: readonly HostPlatform[], more: readonly HostPlatform[]): readonly HostPlatform[] {
  return more.map((one) => {
    const same = known.find(({ os, architecture }) => os === one.os && architecture === one.architecture);
    return same === undefined ? one : { ...same, ...one };
  });
}

async function recognize(file: DescriptionFile): Promise<Recognized> {
  const text = new TextDecoder("utf-8").decode(file.bytes);
  if (isNvidiaSmi(text)) return { form: "nvidia-smi", observe: (into) => observeNvidiaSmi(text, into) };
  if (isLspci(text)) return { form: "lspci", observe: (into) => observeLspci(text, into) };
  const { value, isYaml } = await structured(text);
  const found = isMap(value) ? recognizeDocument(value) : undefined;
  if (found !== undefined) return isYaml && !text.endsWith("\n") ? { ...found, mayBeCut: true } : found;
  throw new HostfitError("unknown-description", `${file.name}: is no description of a host that is known`, {
    help:
      "give NodeFeature objects, nfd export features, kubectl get node NAME -o json, lscpu -J, lspci -nnmm or " +
      "nvidia-smi -q -x",
    details: { file: file.name },
  });
}

function recognizeDocument(value: JsonMap): Recognized | undefined {
  const kind = scalar(value.kind);
  if (Array.isArray(value.lscpu)) return { form: "lscpu", observe: (into) => observeLscpu(value, into) };
  if (kind === "Node") return { form: "Node", observe: (into) => observeNode(value, into) };
  if (kind === "NodeFeature") {
    return { form: "NodeFeature", observe: (into) => observeNodeFeatures([value], into) };
  }
  const items: readonly unknown[] = Array.isArray(value.items) ? value.items : [];
  const objects = items.filter(isMap);
  if (objects.length > 0 && objects.length === items.length) {
    if (objects.every((one) => one.kind === "NodeFeature" || kind === "NodeFeatureList")) {
      return { form: "NodeFeature", observe: (into) => observeNodeFeatures(objects, into) };
    }
    const [first, second] = objects;
    if (first?.kind === "Node" && second === undefined) {
      return { form: "Node", observe: (into) => observeNode(first, into) };
    }
    if (objects.every((one) => one.kind === "Node")) {
      throw new HostfitError("several-nodes", `the file is about ${objects.length} nodes`, {
        help: "choose one: kubectl get node NAME -o json",
        details: { nodes: objects.length },
      });
    }
  }
  if (isFeatures(value)) return { form: "nfd export", observe: (into) => observeFeatures(value, into) };
  return undefined;
}

async function structured(text: string): Promise<{ readonly value: unknown; readonly isYaml: boolean }> {
  try {
    return { value: JSON.parse(text) as unknown, isYaml: false };
  } catch {
    try {
      const { parse } = await import("yaml");
      const value: unknown = parse(text, { schema: "failsafe", maxAliasCount: 0, logLevel: "error" });
      return { value, isYaml: true };
    } catch {
      return { value: undefined, isYaml: true };
    }
  }
}
