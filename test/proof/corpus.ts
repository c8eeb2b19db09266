/** Valid inputs to start from: what the conformance tests generate, and every file of test/vectors. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { nativeDocument, policy } from "../conformance/arbitrary-document.ts";
import { candidate, facts, features } from "../conformance/arbitrary-facts.ts";
import { nfdDocument } from "../conformance/arbitrary-nfd.ts";

/** JSON texts, by what they are. */
export interface Corpus {
  readonly native: readonly string[];
  readonly nfd: readonly string[];
  readonly facts: readonly string[];
  readonly policies: readonly string[];
  readonly candidates: readonly string[];
}

const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));

/** `size` of each kind, the same for one seed, and what the vectors hold. */
export function corpus(size: number, seed: number): Corpus {
  const sample = (arbitrary: fc.Arbitrary<unknown>) =>
    fc.sample(arbitrary, { numRuns: size, seed }).map((value) => JSON.stringify(value));
  const nodeFeature = features.map((all) => ({ kind: "NodeFeature", spec: { features: all } }));
  const found = fromVectors();
  return {
    native: [...sample(nativeDocument), ...found.native],
    nfd: [...sample(nfdDocument), ...found.nfd],
    facts: [
      ...sample(fc.oneof({ weight: 5, arbitrary: facts }, { weight: 1, arbitrary: nodeFeature })),
      ...found.facts,
    ],
    policies: [...sample(policy), ...found.policies],
    candidates: [...sample(candidate), ...found.candidates],
  };
}

/** Whatever in the vectors' files looks like a document, facts, a policy or a candidate. */
function fromVectors(): Corpus {
  const found = {
    native: [] as string[],
    nfd: [] as string[],
    facts: [] as string[],
    policies: [] as string[],
    candidates: [] as string[],
  };
  if (!existsSync(vectors)) return found;
  for (const file of readdirSync(vectors, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".json")) continue;
    const open: unknown[] = [JSON.parse(readFileSync(`${vectors}${file}`, "utf8"))];
    while (open.length > 0) {
      const value = open.pop();
      if (typeof value !== "object" || value === null) continue;
      const kind = kindOf(value as Record<string, unknown>);
      if (kind === undefined) open.push(...Object.values(value));
      else found[kind].push(JSON.stringify(value));
    }
  }
  return found;
}

function kindOf(value: Record<string, unknown>): keyof Corpus | undefined {
  if (value["kind"] === "Requirements") return "native";
  if (value["kind"] === "Host" || value["kind"] === "NodeFeature") return "facts";
  if (value["kind"] === "Policy") return "policies";
  if (Array.isArray(value["compatibilities"])) return "nfd";
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every((key) => key === "platform" || key === "annotations"))
    return "candidates";
  return undefined;
}
