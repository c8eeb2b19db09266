import { type Effort, type Timing, timeTogether } from "./timing.ts";

/** Loops whose cost depends on the machine alone; every other time can be read against them. */
export interface Calibration {
  /** One step of integer arithmetic whose steps wait for each other, in JavaScript. */
  readonly arithmetic: Timing;
  /** One step of a walk through 8 MB in random order: waits for memory. */
  readonly memory: Timing;
}

const STEPS = 100_000;

export async function calibrate(effort: Effort): Promise<Calibration> {
  const next = cycle(1 << 21);
  let at = 0;
  const [arithmetic, memory] = await timeTogether(
    [
      { run: arithmeticLoop, operations: STEPS },
      {
        run: () => {
          let place = at;
          for (let i = 0; i < STEPS; i++) place = next[place]!;
          at = place;
        },
        operations: STEPS,
      },
    ],
    effort,
  );
  return { arithmetic: arithmetic!, memory: memory! };
}

function arithmeticLoop(): number {
  let x = 1;
  for (let i = 0; i < STEPS; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x;
}

/** A permutation that is one cycle (Sattolo's algorithm, with a fixed generator). */
function cycle(length: number): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  let state = 12345;
  for (let i = length - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const j = Math.floor((state / 0x100000000) * i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
