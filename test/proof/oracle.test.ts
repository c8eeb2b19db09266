/**
 * Nearly right inputs, as the fuzzer makes them: the core accepts and refuses what the oracle does, and answers as it does, to the
 * byte. Where several things are wrong, which of them is told is not compared.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher, type Matcher } from "../../bindings/js/index.ts";
import { answerWithMatcher } from "../conformance/matcher-answers.ts";
import { answerWithOracle } from "../conformance/oracle-answers.ts";
import type { VectorCase, VectorDocument, VectorSource } from "../conformance/vector.ts";
import { bytesOf } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { changedBytes, changedText } from "./mutations.ts";
import { Random } from "./random.ts";

/** Characters of a changed input. */
const LONGEST = 64 << 10;

/** Cases that are compared. */
const cases = Number(process.env["HOSTFIT_ORACLE_CASES"] ?? 4000);
const seed = Number(process.env["HOSTFIT_ORACLE_SEED"] ?? 3);

let matcher: Matcher;
let inputs: Corpus;
beforeAll(async () => {
  matcher = await createMatcher();
  const all = corpus(400, seed);
  // What an empty architecture is as a feature of the candidate's is not compared.
  inputs = { ...all, candidates: all.candidates.filter((text) => !/"(os|architecture)":""/.test(text)) };
});

/** One of the inputs, changed `times` in 10. */
function source(random: Random, texts: readonly string[], times: number): VectorSource {
  const text = random.pick(texts);
  if (!random.chance(times, 10)) return { text };
  if (random.chance(1, 6))
    return { base64: Buffer.from(changedBytes(random, bytesOf(text))).toString("base64") };
  return { text: changedText(random, text, 1 + random.small(3), random.pick(texts), LONGEST) };
}

function someCase(random: Random): VectorCase {
  // One thing is wrong at a time, so that what is refused first doesn't hide the rest.
  const broken = random.below(4);
  const documents = Array.from({ length: 1 + random.small(3) }, (_, i): VectorDocument => {
    const nfd = random.chance(1, 3);
    const dialect = nfd ? "nfd" : "native";
    return {
      id: `d${i}`,
      dialect,
      ...source(random, nfd ? inputs.nfd : inputs.native, broken === 0 ? 8 : 0),
    };
  });
  const policy = random.chance(1, 2) ? {} : { policy: source(random, inputs.policies, broken === 1 ? 8 : 0) };
  const candidate = JSON.parse(random.pick(inputs.candidates)) as VectorCase["candidate"];
  return {
    name: "",
    documents,
    facts: source(random, inputs.facts, broken >= 2 ? 8 : 0),
    ...policy,
    ...(random.chance(1, 3) || candidate === undefined ? {} : { candidate }),
  };
}

function hasOtherCapitals(text: string): boolean {
  return /[^\0-\x7f]/u.test(text) && [...text].some((c) => c > "\x7f" && c.toLowerCase() !== c);
}

describe("the core answers as the oracle does", () => {
  it(`for ${cases} cases of seed ${seed}`, { timeout: 3_600_000 }, () => {
    const random = new Random(seed);
    const answers = { refused: 0, judged: 0 };
    for (let i = 0; i < cases; i++) {
      const asked = someCase(random);
      // Platforms are lower-cased; what that means past ASCII is nobody's business.
      if (hasOtherCapitals(JSON.stringify(asked))) continue;
      const core = JSON.stringify(answerWithMatcher(matcher, asked));
      const oracle = JSON.stringify(answerWithOracle(asked));
      const refused = core.startsWith('{"error"') && oracle.startsWith('{"error"');
      if (core !== oracle && !refused) expect(core, `case ${i}: ${JSON.stringify(asked)}`).toBe(oracle);
      if (refused) answers.refused++;
      else answers.judged++;
    }
    expect(answers.judged).toBeGreaterThan(cases / 4);
    expect(answers.refused).toBeGreaterThan(cases / 10);
  });
});
