/** Facts that know one thing more than others: what was unknown is settled, everything that was known stays. */
import fc from "fast-check";
import { FEATURES, features, type JsonMap, NAMES, TEXTS } from "./arbitrary-facts.ts";

/** Random choices for one refinement; `pick` chooses among what is open. */
export interface Choice {
  readonly pick: number;
  /** Whether an unknown thing turns out to be there. */
  readonly isThere: boolean;
  readonly name: (typeof NAMES)[number];
  readonly text: (typeof TEXTS)[number];
  /** Sets of features to observe, from which one is taken. */
  readonly observed: JsonMap;
}

export const choice: fc.Arbitrary<Choice> = fc.record({
  pick: fc.nat(1000),
  isThere: fc.boolean(),
  name: fc.constantFrom(...NAMES),
  text: fc.constantFrom(...TEXTS),
  observed: features,
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
  const refined = structuredClone(facts) as JsonMap & { features: Partial<Sets>; closedWorld?: string[] };
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

  const step = steps[choice.pick % Math.max(steps.length, 1)];
  if (step === undefined) return null;
  step();
  return refined;
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
