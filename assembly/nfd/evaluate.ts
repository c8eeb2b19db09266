import { Program } from "../program/program";
import { Kleene } from "../values/range";

/** Value of a document of NFD's dialect. */
export function nfdValue(program: Program, document: u32): u32 {
  return Kleene.UNKNOWN;
}
