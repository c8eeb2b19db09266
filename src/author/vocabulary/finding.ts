/** Findings about a vocabulary, or about a document by what vocabularies say. */
import type { Diagnostic } from "../diagnostics.ts";

/** A finding about a place. */
export interface VocabularyFinding extends Pick<Diagnostic, "severity" | "code" | "message"> {
  readonly help: string;
  readonly pointer: string;
  readonly part: "key" | "value";
}

/** Collects findings. */
export class Findings {
  readonly list: VocabularyFinding[] = [];

  error(
    pointer: string,
    code: string,
    message: string,
    help: string,
    part: VocabularyFinding["part"] = "value",
  ): void {
    this.#add("error", pointer, code, message, help, part);
  }

  warning(
    pointer: string,
    code: string,
    message: string,
    help: string,
    part: VocabularyFinding["part"] = "value",
  ): void {
    this.#add("warning", pointer, code, message, help, part);
  }

  #add(
    severity: VocabularyFinding["severity"],
    pointer: string,
    code: string,
    message: string,
    help: string,
    part: VocabularyFinding["part"],
  ): void {
    this.list.push({ severity, code, message, pointer, part, help });
  }
}
