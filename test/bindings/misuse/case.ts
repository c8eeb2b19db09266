/** The form of test/vectors/misuse/cases.json (test/vectors/README.md). */

/** A case as the file has it; what is absent is the binding's usual. */
export interface MisuseCase {
  readonly name: string;
  /** The module in place of the core: its bytes in base64. */
  readonly module?: string;
  /** The core's own bytes, but only so many of them. */
  readonly bytesOfCore?: number;
  /** The memory ceiling. */
  readonly memory?: number;
  /** The work budget. */
  readonly work?: number;
  /** Facts to load once the matcher is there. */
  readonly facts?: string;
  /** The code of the error, and whether it is loading the core or the facts that gives it. */
  readonly expect: { readonly from: "load" | "facts"; readonly code: string };
}
