import type { Effort, Timing } from "./measure/timing.ts";

/** What a case is run with. */
export interface Settings {
  readonly effort: Effort;
  /** Folder of the repository. */
  readonly root: string;
  /** The core that is measured. */
  readonly wasm: string;
}

/** An aim as docs/performance.md states it: shown beside what was measured, never a failure. */
export interface Aim {
  readonly text: string;
  readonly met: boolean;
}

/** A ratio that `--assert` turns into a failure: wide enough for a busy machine. */
export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One line of a comparison. */
export interface Row {
  readonly name: string;
  /** Nanoseconds of one operation; for `unit` "bytes", bytes. */
  readonly timing: Timing;
  readonly aim?: Aim;
  /** What this way can't express of what hostfit answers. */
  readonly lacks?: string;
}

/** Rows that were measured in the same rounds; the first is what the others are compared with. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  /** "rate": bytes of one operation are known and a rate says more than a time. */
  readonly unit: "time" | "rate" | "bytes";
  readonly bytes?: number;
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

/** A number that is compared with nothing. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "bytes" | "count" | "time";
  readonly aim?: Aim;
}

export interface CaseResult {
  readonly comparisons: readonly Comparison[];
  readonly figures?: readonly Figure[];
  readonly bounds?: readonly Bound[];
  /** Peers that could not take part, each with the reason. */
  readonly missing?: readonly string[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(settings: Settings): Promise<CaseResult>;
}

/** Ends the program if an answer is not the one that was expected: what is wrong is not timed. */
export function expectEqual(what: string, found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: the answer is ${a}, expected ${b}; nothing was timed`);
}
