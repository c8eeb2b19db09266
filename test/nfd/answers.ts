/** Answers of the core and of the oracle for documents of the dialect nfd, as texts that can be compared. */
import { readFileSync } from "node:fs";
import { createMatcher, type Dialect, HostfitError } from "../../bindings/js/index.ts";
import { evaluateWithOracle, Refusal } from "../oracle/oracle.ts";

export interface Case {
  readonly documents: readonly {
    readonly id: string;
    readonly dialect: Dialect;
    readonly document: string;
  }[];
  readonly facts: string;
}

/** Another build of the core can be tried. */
const file = process.env["HOSTFIT_WASM"];
export const matcher = await createMatcher(file === undefined ? {} : { wasm: readFileSync(file) });

/** How many random cases a property tries. */
export const CASES = Number(process.env["HOSTFIT_CASES"] ?? 2000);

/** fast-check's parameters: with HOSTFIT_SEED a run can be repeated. */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const seed = process.env["HOSTFIT_SEED"];
  return { numRuns, ...(seed === undefined ? {} : { seed: Number(seed) }) };
}

/** The oracle's verdict, or what is wrong and where. */
export function expected({ documents, facts }: Case): string {
  try {
    return JSON.stringify(evaluateWithOracle(documents, facts));
  } catch (thrown) {
    if (thrown instanceof Refusal) return `${thrown.code} at ${thrown.pointer} of ${thrown.document}`;
    throw thrown;
  }
}

/** The core's. `decide` must agree with `evaluate`. */
export function answered({ documents, facts }: Case): string {
  try {
    using requirements = matcher.compile(documents);
    using host = matcher.facts(facts);
    const decided = matcher.decide(requirements, host);
    const verdict = matcher.evaluate(requirements, host);
    if (decided !== verdict.verdict) return `decide says ${decided}, evaluate ${verdict.verdict}`;
    return JSON.stringify(verdict);
  } catch (thrown) {
    if (!(thrown instanceof HostfitError)) throw thrown;
    const { code, details } = thrown;
    return `${code} at ${String(details["pointer"])} of ${String(details["document"])}`;
  }
}
