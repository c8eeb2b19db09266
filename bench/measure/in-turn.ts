import type { InProcess } from "./timing.ts";

type MakeTurns = <T>(inputs: readonly T[], run: (input: T) => unknown) => () => unknown;

/**
 * Runs the same on each input in turn, one at a time. The loop is compiled anew for each contender: if all shared one, V8 would see many
 * functions called at one place, inline none of them, and the fastest contenders would pay most.
 */
export function inTurn<T>(inputs: readonly T[], run: (input: T) => unknown): InProcess {
  const body =
    inputs.length === 1
      ? "const [only] = inputs; return () => run(only);"
      : "let next = 0; return () => { const input = inputs[next]; next = next + 1 === inputs.length ? 0 : next + 1; return run(input); };";
  const make = new Function("inputs", "run", body) as MakeTurns;
  return { run: make(inputs, run) };
}
