/** A column's index. */
import { Program } from "../program/program";
import { Column, Fleet, numbersOf } from "./fleet";
import { Leaf } from "./plan";
import { evaluateValues } from "./predicate";

/** Frees the index of a column. */
export function freeIndex(column: Column): void {
  column.index = 0;
}

/** Stores the code of a leaf's value for each value of a column, by number. False with the error recorded. */
export function columnCodes(fleet: Fleet, column: Column, number: u32, program: Program, leaf: Leaf, into: usize): bool {
  return evaluateValues(column, into, 0, 1, numbersOf(column));
}
