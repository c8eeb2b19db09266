/** Pseudo-random numbers from a seed (sfc32): the same on every machine, so that a seed is a finding. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9 ^ (seed >>> 7);
    this.#c = 0x243f6a88;
    for (let i = 0; i < 12; i++) this.word();
  }

  /** 32 bits. */
  word(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** An integer from 0 to `end` - 1. */
  below(end: number): number {
    return this.word() % end;
  }

  /** Whether something happens that happens `times` times in `of`. */
  chance(times: number, of: number): boolean {
    return this.below(of) < times;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Small numbers more often than great ones, below `end`. */
  small(end: number): number {
    return this.below(this.below(this.below(end) + 1) + 1);
  }
}
