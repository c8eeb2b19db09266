import { measure } from "mitata";

/** What one operation took, over all rounds, in nanoseconds. */
export interface Timing {
  readonly median: number;
  readonly best: number;
  /** One number a round, in the order of the rounds: contenders of one comparison have the same rounds. */
  readonly rounds: readonly number[];
}

/** Something to time in this process: `run` does `operations` operations (1 by default) at a time. */
export interface InProcess {
  readonly run: () => unknown;
  readonly operations?: number;
}

/** Something that times itself: nanoseconds of one operation, over about so many milliseconds. */
export interface Elsewhere {
  readonly sample: (milliseconds: number) => Promise<number>;
}

export type Contender = InProcess | Elsewhere;

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Milliseconds of one sample, and samples in a round. */
  readonly sample: number;
  readonly samples: number;
}

export const USUAL_EFFORT: Effort = { rounds: 15, sample: 2, samples: 8 };
export const QUICK_EFFORT: Effort = { rounds: 5, sample: 1, samples: 4 };

/**
 * Times contenders side by side: in each round everyone has a turn, so that what else the machine does meets all alike, and a
 * round's ratio means something even where its times don't.
 */
export async function timeTogether(contenders: readonly Contender[], effort: Effort): Promise<Timing[]> {
  const batches: number[] = [];
  for (const contender of contenders)
    batches.push("run" in contender ? await callsFor(contender, effort.sample * 1e6) : 0);
  const rounds: number[][] = contenders.map(() => []);
  for (let round = 0; round < effort.rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      if ("sample" in contender) {
        rounds[i]!.push(await contender.sample(effort.sample * effort.samples));
        continue;
      }
      const stats = await measure(contender.run, {
        gc: false,
        batch_samples: batches[i]!,
        batch_threshold: Number.POSITIVE_INFINITY,
        warmup_samples: 1,
        min_samples: effort.samples,
        min_cpu_time: 0,
        samples_threshold: Number.POSITIVE_INFINITY,
      });
      rounds[i]!.push(stats.p25 / (contender.operations ?? 1));
    }
  }
  return rounds.map(timingOf);
}

/** Times one that can't be repeated often, such as a first use: `prepare` is not timed. */
export function timeFresh<T>(prepare: () => T, run: (prepared: T) => unknown, times: number): Timing {
  const rounds: number[] = [];
  for (let i = 0; i < times; i++) {
    const prepared = prepare();
    const begin = process.hrtime.bigint();
    run(prepared);
    rounds.push(Number(process.hrtime.bigint() - begin));
  }
  return timingOf(rounds);
}

export function timingOf(rounds: readonly number[]): Timing {
  return { median: median(rounds), best: Math.min(...rounds), rounds };
}

/** The same rounds in another measure. */
export function scaled({ rounds }: Timing, factor: number): Timing {
  return timingOf(rounds.map((time) => time * factor));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times as long `other` takes: the median of the rounds' ratios where both have rounds together. */
export function ratioOf(other: Timing, own: Timing): number {
  if (other.rounds.length !== own.rounds.length) return other.median / own.median;
  return median(other.rounds.map((time, round) => time / own.rounds[round]!));
}

/** Calls that take about `nanoseconds`; a multiple of four, as mitata unrolls by four. */
async function callsFor({ run }: InProcess, nanoseconds: number): Promise<number> {
  for (let calls = 4; ; calls *= 4) {
    const begin = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    const took = Number(process.hrtime.bigint() - begin);
    if (took > nanoseconds / 4) return Math.max(4, Math.round((calls * nanoseconds) / took / 4) * 4);
  }
}
