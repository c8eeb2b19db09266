import type { InProcess } from "./timing.ts";

/** Runs the same on each input in turn, one at a time. */
export function inTurn<T>(inputs: readonly T[], run: (input: T) => unknown): InProcess {
  const [only] = inputs;
  if (inputs.length === 1) return { run: () => run(only!) };
  let next = 0;
  return {
    run: () => {
      const input = inputs[next]!;
      next = next + 1 === inputs.length ? 0 : next + 1;
      return run(input);
    },
  };
}
