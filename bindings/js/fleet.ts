import type { Candidate, Host, Matcher, Policy, Requirements } from "./matcher.ts";
import type { JsonInput, Verdict, VerdictValue } from "./types.ts";

/** A matcher that can hold fleets: `createFleetMatcher` of `hostfit/fleet` loads the larger module for it. */
export interface FleetMatcher extends Matcher {
  /** An empty fleet. Throws LimitError. */
  fleet(options?: FleetOptions): Fleet;
}

export interface FleetOptions {
  /** Ceiling in bytes of what is kept of tests that were evaluated (256 MiB by default). Less costs time, never an answer. */
  readonly cache?: number;
}

/** Beside a document, what a row is asked about: as for `Matcher.evaluate`. */
export interface RowQuestion {
  readonly candidate?: Pick<Candidate, "platform" | "annotations">;
  readonly policy?: Policy;
}

export interface RowOptions extends RowQuestion {
  /** Whether the row has every host's score. Throws LimitError where a score could leave 32 bits. */
  readonly scores?: boolean;
  /** The most hosts that `Row.best` gives; 0 (the default): none. */
  readonly best?: number;
  /** Whether undetermined hosts stand in `Row.best`, after all compatible ones. */
  readonly allowUndetermined?: boolean;
}

/** A document in a matrix; with a candidate where an image's platform and annotations take part. */
export type MatrixEntry =
  | Requirements
  | { readonly requirements: Requirements; readonly candidate?: RowQuestion["candidate"] };

/** For long work: it ends between bounded slices, and says how far it is. */
export interface LongWork {
  /** Aborted: what goes on throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called between slices: so many are done, of so many (null where that isn't known). */
  readonly progress?: (done: number, total: number | null) => void;
}

export interface MatrixOptions extends LongWork, Omit<RowOptions, "candidate"> {}

/** One of `Row.best`. */
export interface RankedHost {
  readonly slot: number;
  readonly verdict: Exclude<VerdictValue, "incompatible">;
  readonly score: number;
}

/** One document's verdicts for every host of a fleet, as the fleet was when it was asked. */
export interface Row {
  /** Verdicts: how many hosts of each. */
  readonly compatible: number;
  readonly undetermined: number;
  readonly incompatible: number;
  /** The verdict for the host in a slot; null where there was no host. */
  verdict(slot: number): VerdictValue | null;
  /** Slots in ascending order. */
  compatibleHosts(): IterableIterator<number>;
  undeterminedHosts(): IterableIterator<number>;
  incompatibleHosts(): IterableIterator<number>;
  /** By slot (0 where there is no host), if they were asked for. */
  readonly scores: Int32Array | null;
  /** The hosts to prefer: compatible before undetermined, then by score, then by slot. */
  readonly best: readonly RankedHost[];
}

/**
 * Many hosts inside the core, in interned columns: a document is evaluated for all of them in one call, each distinct test once for
 * each distinct value. Every answer is the one that `Matcher.evaluate` gives for the pair.
 *
 * A host is known by its slot, a small number that stays until the host is removed; then it may be given to another.
 */
export interface Fleet extends Disposable {
  readonly kind: "fleet";
  /** Hosts in the fleet. */
  readonly size: number;
  /** Every host's slot is less than this. */
  readonly slots: number;
  /** Adds a host from its facts or from a handle, which isn't needed afterwards: its slot. Throws InputError, LimitError. */
  add(host: Host | JsonInput): number;
  /** Adds hosts in slices: their slots, in order. Throws as `add`; those that came before stay. */
  addAll(
    hosts: Iterable<Host | JsonInput> | AsyncIterable<Host | JsonInput>,
    options?: LongWork,
  ): Promise<number[]>;
  /** Replaces the host in a slot. The fleet is as it was if that throws. */
  update(slot: number, host: Host | JsonInput): void;
  /** Removes the host in a slot, which may be given to another from now on. */
  remove(slot: number): void;
  /** Verdicts for all hosts. */
  evaluate(requirements: Requirements, options?: RowOptions): Row;
  /**
   * A row for each document, in order. Memory holds the hosts and the rows of one slice (1,024 rows, at most 32 MiB), not the product. Handles
   * must live until their row came; the event loop has its turn between slices.
   */
  matrix(
    documents: Iterable<MatrixEntry> | AsyncIterable<MatrixEntry>,
    options?: MatrixOptions,
  ): AsyncIterableIterator<Row>;
  /** The verdict of one cell with its reasons: as `Matcher.evaluate`. */
  explain(slot: number, requirements: Requirements, question?: RowQuestion): Verdict;
  /** Gives back what is kept of evaluated tests. The next rows take longer; answers stay. */
  trim(): void;
  dispose(): void;
}
