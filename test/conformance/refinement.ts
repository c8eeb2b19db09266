/** Facts that know one thing more than others: what was unknown is settled, everything that was known stays. */
import fc from "fast-check";
import { FEATURES, features, hostPlatforms, type JsonMap, NAMES, TEXTS } from "./arbitrary-facts.ts";

/** Random choices for one refinement; `pick` chooses among what is open. */
export interface Choice {
  readonly pick: number;
  /** Whether an unknown thing turns out to be there. */
  readonly isThere: boolean;
  readonly name: (typeof NAMES)[number];
  readonly text: (typeof TEXTS)[number];
  /** Sets of features to observe, from which one is taken. */
  readonly observed: JsonMap;
  /** Platforms for a host that names none, and what a platform that leaves something open turns out to have. */
  readonly platforms: readonly JsonMap[];
  readonly variant: (typeof VARIANTS)[number];
  readonly build: (typeof BUILDS)[number];
  readonly osFeatures: readonly string[];
}

const VARIANTS = ["v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v8.2", "v9", "v9.1", "power9"] as const;
const BUILDS = ["10.0.17763.1", "10.0.20348", "10.0.26100.5", "10.0.22621"] as const;

export const choice: fc.Arbitrary<Choice> = fc.record({
  pick: fc.nat(1000),
  isThere: fc.boolean(),
  name: fc.constantFrom(...NAMES),
  text: fc.constantFrom(...TEXTS),
  observed: features,
  platforms: hostPlatforms,
  variant: fc.constantFrom(...VARIANTS),
  build: fc.constantFrom(...BUILDS),
  osFeatures: fc.subarray(["win32k", "gpu", "x"]),
});

interface Sets {
  flags: Record<string, { elements: JsonMap | string[] | null; scope?: string[] }>;
  attributes: Record<string, { elements: JsonMap | null; unknown?: string[] }>;
  instances: Record<string, { elements: Instance[] | null; partial?: boolean }>;
}

interface Instance {
  attributes: JsonMap;
  unknown?: string[];
}

type Step = () => void;

/** The facts after one thing more was learnt, or null if nothing is open. */
export function refine(facts: JsonMap, choice: Choice): JsonMap | null {
  const refined = structuredClone(facts) as JsonMap & {
    features: Partial<Sets>;
    closedWorld?: string[];
    platforms?: JsonMap[];
  };
  const sets: Sets = { flags: {}, attributes: {}, instances: {}, ...refined.features };
  refined.features = sets;
  const closed = refined.closedWorld ?? [];
  const steps: Step[] = [];

  for (const feature of FEATURES) {
    const isClosed = closed.includes(feature);
    for (const kind of ["flags", "attributes", "instances"] as const) {
      const observed = (choice.observed as Partial<Sets>)[kind]?.[feature];
      if (isClosed || isObserved(kind, sets[kind][feature]) || observed === undefined) continue;
      steps.push(() => {
        (sets[kind] as JsonMap)[feature] = observed;
      });
    }
    if (!isClosed) steps.push(() => (refined.closedWorld = [...closed, feature]));
  }
  for (const set of Object.values(sets.flags)) steps.push(...flagSteps(set, choice));
  for (const set of Object.values(sets.attributes)) {
    const size = Object.keys(set.elements ?? {}).length;
    for (const name of set.unknown ?? []) {
      // A set that has nothing left would not be observed any more.
      if (choice.isThere || size > Number(Object.hasOwn(set.elements ?? {}, name))) {
        steps.push(() => settle(set as { elements: JsonMap | null; unknown?: string[] }, name, choice));
      }
    }
  }
  for (const list of Object.values(sets.instances)) steps.push(...instanceSteps(list, choice));
  if (refined["runtimes"] === undefined)
    steps.push(() => (refined["runtimes"] = choice.isThere ? { nvidia: "runc" } : {}));
  if (refined.platforms === undefined) {
    steps.push(() => {
      refined.platforms = structuredClone(choice.platforms) as JsonMap[];
    });
  }
  const levelIsOpen = sets.flags["cpu.cpuid"] === undefined && !closed.includes("cpu.cpuid");
  for (const platform of refined.platforms ?? []) steps.push(...platformSteps(platform, levelIsOpen, choice));

  const step = steps[choice.pick % Math.max(steps.length, 1)];
  if (step === undefined) return null;
  step();
  return refined;
}

/** What a platform leaves open. `levelIsOpen`: no flags say which level of amd64 it is. */
function platformSteps(platform: JsonMap, levelIsOpen: boolean, choice: Choice): Step[] {
  const steps: Step[] = [];
  const isOpen = (key: string) => (platform[key] ?? "") === "";
  const architecture = platform["architecture"];
  const mayLearn =
    architecture !== "armhf" && (levelIsOpen || !["amd64", "x86_64"].includes(String(architecture)));
  if (isOpen("variant") && mayLearn) steps.push(() => (platform["variant"] = choice.variant));
  if (isOpen("os.version") && platform["os"] === "windows") {
    steps.push(() => (platform["os.version"] = choice.build));
  }
  if (platform["os.features"] === undefined) steps.push(() => (platform["os.features"] = choice.osFeatures));
  return steps;
}

function isObserved(kind: keyof Sets, set: { elements: unknown; unknown?: string[] } | undefined): boolean {
  if (set === undefined) return false;
  if (kind !== "attributes") return set.elements !== null;
  return Object.keys((set.elements as JsonMap | null) ?? {}).length > 0 || (set.unknown ?? []).length > 0;
}

function flagSteps(set: Sets["flags"][string], { name, isThere }: Choice): Step[] {
  const { elements, scope } = set;
  if (elements === null || scope === undefined) return [];
  const present = Array.isArray(elements) ? elements : Object.keys(elements);
  if (present.includes(name) || scope.includes(name)) return [];
  if (!isThere) return [() => scope.push(name)];
  return [
    () => {
      set.elements = [...present, name];
    },
  ];
}

function settle(
  set: { elements: JsonMap | null; unknown?: string[] },
  name: string,
  { isThere, text }: Choice,
): void {
  const elements = { ...set.elements };
  if (isThere) elements[name] = text;
  else delete elements[name];
  set.elements = elements;
  set.unknown = (set.unknown ?? []).filter((other) => other !== name);
}

function instanceSteps(list: Sets["instances"][string], choice: Choice): Step[] {
  const { elements } = list;
  if (elements === null) return [];
  const steps: Step[] = elements.flatMap((instance) =>
    (instance.unknown ?? []).map((name) => () => {
      const set = { elements: instance.attributes, unknown: instance.unknown ?? [] };
      settle(set, name, choice);
      instance.attributes = set.elements;
      instance.unknown = set.unknown;
    }),
  );
  if (list.partial === true) {
    steps.push(() => {
      if (choice.isThere) elements.push({ attributes: { [choice.name]: choice.text } });
      else list.partial = false;
    });
  }
  return steps;
}
