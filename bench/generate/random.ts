/** Numbers that look random and are the same in every run with the same seed (xorshift128, seeded by splitmix32). */
export class SeededRandom {
  readonly #words = new Uint32Array(4);

  constructor(seed: number) {
    let state = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      this.#words[i] = word ^ (word >>> 16);
    }
  }

  /** An integer of 32 bits, not negative. */
  next(): number {
    const words = this.#words;
    const t = words[3]! ^ (words[3]! << 11);
    words[3] = words[2]!;
    words[2] = words[1]!;
    words[1] = words[0]!;
    words[0] = words[0]! ^ (words[0]! >>> 19) ^ t ^ (t >>> 8);
    return words[0]!;
  }

  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x100000000) * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 0x100000000;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `count` different elements, in the list's order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const chosen: T[] = [];
    let wanted = Math.min(count, list.length);
    for (let i = 0; i < list.length && wanted > 0; i++) {
      if (this.below(list.length - i) < wanted) {
        chosen.push(list[i]!);
        wanted--;
      }
    }
    return chosen;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += this.next().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }
}
