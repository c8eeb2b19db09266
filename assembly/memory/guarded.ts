/** What the guarded build (build/checked.mjs) exports beside the ABI: the second entry of its compilation. */
import { regionsOfHandles } from "../abi/handles";
import { setSerial } from "../facts/make";
import { takeSpent } from "../work";
import { failurePending } from "./faults";
import { heapFault } from "./pages";
import { regionsInUse } from "./region";

export { guard_access, guard_copy, guard_fill, guard_limit, guard_step, guard_steps } from "./shadow";

/** 0 if the heap is well-formed, else what is wrong with it (pages.ts, heapFault). */
export function guard_heap(): i32 {
  return heapFault();
}

/** How many regions there are: between calls, as many as handles have. */
export function guard_regions(): i32 {
  return <i32>regionsInUse();
}

/** How many regions all handles have. */
export function guard_owned(): i32 {
  return <i32>regionsOfHandles();
}

/** Units of work that were charged since the last time that this was asked. */
export function guard_charged(): i64 {
  return takeSpent();
}

/** As if so many facts had been loaded. */
export function guard_serial(last: i32): void {
  setSerial(<u32>last);
}

/** Whether the allocation that hf_fail_allocation asked to fail has not come yet. */
export function guard_pending(): i32 {
  return failurePending() ? 1 : 0;
}
