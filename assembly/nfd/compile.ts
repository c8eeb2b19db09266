import { Code, failAt } from "../errors";
import { Document } from "../program/program";

/** Compiles a document of NFD's dialect. */
export function compileNfd(document: Document): bool {
  return failAt(Code.UNSUPPORTED, 0);
}
