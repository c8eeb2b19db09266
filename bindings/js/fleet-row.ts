import type { RankedHost, Row } from "./fleet.ts";
import type { VerdictValue } from "./types.ts";

const HEADER = 20;
const RANKED = 12;

/** The slots that have a host, as bits; whoever changes it copies it first. */
export type Presence = Uint32Array;

/** Bytes of a row without scores and best hosts, for so many slots. */
export function rowBytes(slots: number): number {
  return HEADER + Math.ceil(slots / 32) * 8;
}

/** A row as the core writes it (docs/abi.md, "Fleets"). */
export class PlaneRow implements Row {
  readonly compatible: number;
  readonly undetermined: number;
  readonly incompatible: number;
  readonly scores: Int32Array | null;
  readonly best: readonly RankedHost[];
  readonly #present: Presence;
  readonly #lower: Uint32Array;
  readonly #upper: Uint32Array;

  /** `bytes` are the row's own; `present` are the hosts there were. */
  constructor(bytes: Uint8Array<ArrayBuffer>, withScores: boolean, present: Presence) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const slots = view.getUint32(0, true);
    const words = Math.ceil(slots / 32);
    this.compatible = view.getUint32(4, true);
    this.undetermined = view.getUint32(8, true);
    this.incompatible = view.getUint32(12, true);
    this.#present = present;
    this.#lower = wordsAt(view, HEADER, words);
    this.#upper = wordsAt(view, HEADER + 4 * words, words);
    let at = HEADER + 8 * words;
    this.scores = withScores ? new Int32Array(wordsAt(view, at, slots).buffer) : null;
    if (withScores) at += 4 * slots;
    this.best = Array.from({ length: view.getUint32(16, true) }, (_, i) => ({
      slot: view.getUint32(at + RANKED * i, true),
      verdict: view.getInt32(at + RANKED * i + 4, true) === 2 ? "compatible" : "undetermined",
      score: view.getInt32(at + RANKED * i + 8, true),
    }));
  }

  verdict(slot: number): VerdictValue | null {
    if (!has(this.#present, slot)) return null;
    if (has(this.#lower, slot)) return "compatible";
    return has(this.#upper, slot) ? "undetermined" : "incompatible";
  }

  compatibleHosts(): IterableIterator<number> {
    return slotsOf(this.#lower.length, (word) => this.#lower[word]!);
  }

  undeterminedHosts(): IterableIterator<number> {
    return slotsOf(this.#lower.length, (word) => this.#upper[word]! & ~this.#lower[word]!);
  }

  incompatibleHosts(): IterableIterator<number> {
    return slotsOf(this.#lower.length, (word) => (this.#present[word] ?? 0) & ~this.#upper[word]!);
  }
}

/** Numbers in memory are little-endian, whatever the machine's are. */
function wordsAt(view: DataView, at: number, count: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = view.getUint32(at + 4 * i, true);
  return words;
}

function has(plane: Uint32Array, slot: number): boolean {
  return (((plane[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
}

function* slotsOf(words: number, wordAt: (word: number) => number): IterableIterator<number> {
  for (let word = 0; word < words; word++) {
    for (let bits = wordAt(word); bits !== 0; bits &= bits - 1)
      yield 32 * word + 31 - Math.clz32(bits & -bits);
  }
}
