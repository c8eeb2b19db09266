/**
 * Many differential cases for little: random documents, facts, policies and candidates are read once by the core and by the oracle, and
 * then every answer is compared over random combinations of them. For build/differential.mjs.
 */
import fc from "fast-check";
import { HostfitError } from "../../bindings/js/errors.ts";
import type { Host as HostHandle, Matcher, Policy, Requirements } from "../../bindings/js/matcher.ts";
import { type CandidateInput, rank } from "../oracle/choose.ts";
import { readDocument } from "../oracle/document.ts";
import { type CompiledDocument, evaluate } from "../oracle/evaluate.ts";
import { type Host, readFacts } from "../oracle/facts.ts";
import { Refusal, readJson } from "../oracle/json.ts";
import { readNfdDocument } from "../oracle/nfd.ts";
import { candidateFacts } from "../oracle/oracle.ts";
import { NO_POLICY, type Policy as OraclePolicy, readPolicy } from "../oracle/policy.ts";
import { Random } from "../proof/random.ts";
import { nativeDocument, policy } from "./arbitrary-document.ts";
import { candidate, facts } from "./arbitrary-facts.ts";
import { nfdDocument } from "./arbitrary-nfd.ts";
import type { VectorCandidate, VectorDocument } from "./vector.ts";

/** Inputs of each kind in one round, and cases made of them. */
const POOL = 200;
const CASES = 20_000;

/** The same input, read by both. */
interface Both<Core, Oracle> {
  readonly text: unknown;
  readonly core: Core;
  readonly oracle: Oracle;
}

export interface CrossingReport {
  cases: number;
  rankings: number;
  readonly verdicts: Record<string, number>;
}

/** A case for which the core and the oracle give different bytes. */
export class Difference extends Error {
  override readonly name = "Difference";
}

/** Compares `CASES` combinations of inputs that are drawn with `seed`. Throws a Difference. */
export function crossOnce(matcher: Matcher, seed: number, report: CrossingReport): void {
  const random = new Random(seed);
  const held: Disposable[] = [];
  const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: POOL, seed });
  const documents: VectorDocument[] = [
    ...sample(nativeDocument).map((value, i) => documentOf("native", value, i)),
    ...sample(nfdDocument)
      .slice(0, POOL / 3)
      .map((value, i) => documentOf("nfd", value, i)),
  ];
  const bundles = Array.from({ length: POOL * 2 }, () =>
    Array.from({ length: 1 + random.small(4) }, () => random.pick(documents)),
  );
  const requirements = both(
    bundles,
    (list): Requirements => matcher.compile(list.map(coreDocument)),
    (list): CompiledDocument[] => list.map(oracleDocument),
  );
  const hosts = both(
    sample(facts).map((value) => JSON.stringify(value)),
    (text): HostHandle => matcher.facts(text),
    (text): Host => readFacts(readJson(text)),
  );
  const policies = both(
    sample(policy).map((value) => JSON.stringify(value)),
    (text): Policy => matcher.policy(text),
    (text): OraclePolicy => readPolicy(readJson(text)),
  );
  held.push(...[...requirements, ...hosts, ...policies].map(({ core }) => core));
  const candidates = sample(candidate) as Omit<VectorCandidate, "documents">[];

  for (let i = 0; i < CASES; i++) {
    const host = random.pick(hosts);
    const rules = random.chance(1, 2) ? random.pick(policies) : null;
    report.cases++;
    if (random.chance(1, 8)) {
      report.rankings++;
      const chosen = Array.from({ length: random.small(6) + 1 }, (_, place) => ({
        id: `c${place}`,
        author: random.pick(["", "one", "two"]),
        candidate: random.pick(candidates),
        requirements: random.chance(5, 6) ? random.pick(requirements) : null,
      }));
      const allowUndetermined = random.chance(1, 2);
      const got = matcher.rank(
        chosen.map(({ id, author, candidate: members, requirements: documented }) => ({
          ...members,
          id,
          author,
          requirements: documented?.core ?? null,
        })),
        host.core,
        rules?.core ?? null,
        { allowUndetermined },
      );
      const inputs = chosen.map(
        ({ id, author, candidate: members, requirements: documented }): CandidateInput => ({
          ...candidateFacts(members),
          id,
          author,
          documents: documented?.oracle ?? [],
        }),
      );
      const wanted = rank(inputs, host.oracle, rules?.oracle ?? NO_POLICY, allowUndetermined);
      compare(got, wanted, () => ({
        candidates: chosen.map(({ requirements: documented, ...rest }) => ({
          ...rest,
          documents: documented?.text ?? [],
        })),
        facts: host.text,
        policy: rules?.text,
        allowUndetermined,
      }));
      continue;
    }
    const documented = random.pick(requirements);
    const judged = random.chance(2, 3) ? random.pick(candidates) : null;
    const got = matcher.evaluate(documented.core, host.core, {
      ...(judged === null ? {} : { candidate: { ...judged, platform: judged.platform ?? null } }),
      ...(rules === null ? {} : { policy: rules.core }),
    });
    const wanted = evaluate(
      documented.oracle,
      host.oracle,
      judged === null ? null : candidateFacts(judged),
      rules?.oracle ?? NO_POLICY,
    ).verdict;
    report.verdicts[wanted.verdict] = (report.verdicts[wanted.verdict] ?? 0) + 1;
    compare(got, wanted, () => ({
      documents: documented.text,
      facts: host.text,
      candidate: judged,
      policy: rules?.text,
    }));
    if (judged === null && rules === null && matcher.decide(documented.core, host.core) !== wanted.verdict) {
      throw new Difference(
        `decide alone says something else: ${JSON.stringify([documented.text, host.text])}`,
      );
    }
  }
  for (const handle of held) handle[Symbol.dispose]();
}

function compare(got: unknown, wanted: unknown, input: () => unknown): void {
  const [ours, theirs] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (ours !== theirs)
    throw new Difference(`core    ${ours}\noracle  ${theirs}\ninput   ${JSON.stringify(input())}`);
}

/** What both can read; what one alone refuses is a difference. */
function both<Input, Core, Oracle>(
  inputs: readonly Input[],
  core: (input: Input) => Core,
  oracle: (input: Input) => Oracle,
): Both<Core, Oracle>[] {
  return inputs.flatMap((text) => {
    const ours = attempt(() => core(text));
    const theirs = attempt(() => oracle(text));
    if ("refused" in ours || "refused" in theirs) {
      const [a, b] = [
        "refused" in ours ? ours.refused : "read",
        "refused" in theirs ? theirs.refused : "read",
      ];
      if (a !== b) throw new Difference(`core ${a}, oracle ${b}: ${JSON.stringify(text)}`);
      return [];
    }
    return [{ text, core: ours.value, oracle: theirs.value }];
  });
}

function attempt<T>(read: () => T): { value: T } | { refused: string } {
  try {
    return { value: read() };
  } catch (thrown) {
    if (thrown instanceof Refusal || thrown instanceof HostfitError) return { refused: thrown.code };
    throw thrown;
  }
}

function documentOf(dialect: "native" | "nfd", value: unknown, i: number): VectorDocument {
  return { id: `${dialect} ${i}`, dialect, text: JSON.stringify(value) };
}

function textOf(document: VectorDocument): string {
  return "text" in document ? document.text : "";
}

function coreDocument(document: VectorDocument) {
  return { id: document.id, dialect: document.dialect, document: textOf(document) };
}

function oracleDocument(document: VectorDocument): CompiledDocument {
  const json = readJson(textOf(document));
  return document.dialect === "nfd" ? readNfdDocument(json, document.id) : readDocument(json, document.id);
}
