/** Calls as the fuzzer writes them down, and what bounds them. */
import { BareCore, guardedModule, type Outcome, Violation } from "./core.ts";

/** One call, so that it can be made again. Bytes as base64; handles as places among the handles that were made. */
export type Call =
  | { readonly call: "compile" | "facts" | "policy"; readonly bytes: string }
  | {
      readonly call: "evaluate";
      readonly handles: readonly [number, number, number];
      readonly bytes: string | null;
    }
  | { readonly call: "decide"; readonly handles: readonly [number, number] }
  | { readonly call: "many"; readonly handles: readonly [number, number]; readonly count: number }
  | { readonly call: "rank"; readonly handles: readonly [number, number]; readonly bytes: string };

/** A unit of work for every turn of a loop, times what a turn may be worth, and what calls may do for nothing. */
export const BUDGET = 20_000_000;
export const STEPS_FOR_A_UNIT = 8;
export const FREE_STEPS = 4_000;
/** Makes the calls of a failure's file again, on a fresh guarded instance; throws what they throw. */
export function replay(calls: readonly Call[]): void {
  const core = new BareCore(guardedModule(), { work: BUDGET });
  const handles: number[] = [];
  const handle = (place: number) => (place < 0 ? 0 : (handles[place] ?? 0));
  for (const call of calls) {
    const bytes =
      "bytes" in call && call.bytes !== null ? new Uint8Array(Buffer.from(call.bytes, "base64")) : null;
    core.takeWork();
    const outcome = replayOne(core, call, bytes, handle);
    if (call.call === "compile" || call.call === "facts" || call.call === "policy")
      handles.push(Math.max(outcome.status, 0));
    const { steps, charged } = core.takeWork();
    if (steps - FREE_STEPS > STEPS_FOR_A_UNIT * (charged + (bytes?.length ?? 0) + 1)) {
      throw new Violation(`${steps} steps for ${charged} units and ${bytes?.length} bytes`);
    }
    if (outcome.text !== "") JSON.parse(outcome.text);
  }
  core.freeAll();
}

function replayOne(
  core: BareCore,
  call: Call,
  bytes: Uint8Array | null,
  handle: (place: number) => number,
): Outcome {
  switch (call.call) {
    case "compile":
      return core.bundle(bytes!);
    case "facts":
      return core.facts(bytes!);
    case "policy":
      return core.policy(bytes!);
    case "decide":
      return core.decide(handle(call.handles[0]), handle(call.handles[1]));
    case "many":
      return core.decideMany(
        handle(call.handles[0]),
        Array.from({ length: call.count }, () => handle(call.handles[1])),
      ).outcome;
    case "evaluate":
      return core.evaluate(handle(call.handles[0]), handle(call.handles[1]), handle(call.handles[2]), bytes);
    default:
      return core.rank(handle(call.handles[0]), handle(call.handles[1]), bytes!);
  }
}
