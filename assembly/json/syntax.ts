/** What was expected where a text is not JSON. */
import { Code, failAtByte } from "../errors";

/** Phrases of what was expected; see answer/failure.ts. */
export namespace Syntax {
  export const VALUE: i32 = 1;
  export const COMMA_OR_END: i32 = 2;
  export const KEY: i32 = 3;
  export const COLON: i32 = 4;
  export const END: i32 = 5;
  export const STRING_END: i32 = 6;
  export const CONTROL: i32 = 7;
  export const ESCAPE: i32 = 8;
  export const SURROGATE: i32 = 9;
  export const NUMBER: i32 = 10;
}

/** Records what was expected at `p`. False. */
export function wrong(p: usize, source: usize, phrase: i32): bool {
  return failAtByte(Code.INVALID_JSON, <u32>(p - source), phrase);
}

/** The same, for what gives a position: none. */
export function bad(p: usize, source: usize, phrase: i32): usize {
  return <usize>wrong(p, source, phrase);
}
