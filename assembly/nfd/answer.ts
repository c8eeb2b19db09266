import { Program } from "../program/program";

/** Writes what NFD itself would answer for each of its documents. */
export function putNfdAnswers(program: Program): void {}

/** Writes the reasons of a document of NFD's dialect. */
export function putNfdReasons(program: Program, document: u32, value: u32): void {}
