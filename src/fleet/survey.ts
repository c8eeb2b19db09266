/** Every image against every host: a row at a time, each cell as the core decides it. */
import type { Fleet, MatrixEntry, Row } from "../../bindings/js/fleet.ts";
import type { Policy } from "../../bindings/js/matcher.ts";
import type { VerdictValue } from "../../bindings/js/types.ts";
import type { Judgeable } from "./workload.ts";

/** A cell: the best verdict among an image's variants, as `hostfit check` gives it. */
export const CELLS: readonly VerdictValue[] = ["incompatible", "undetermined", "compatible"];

/** What one image comes to on all hosts. */
export interface SurveyRow {
  readonly subject: Judgeable;
  /** By which its cells were judged, beside its documents. */
  readonly policy: Policy | null;
  /** By slot: an index into {@link CELLS}. Slots without a host are 0. */
  readonly cells: Uint8Array;
  readonly compatible: number;
  readonly undetermined: number;
  readonly incompatible: number;
}

/** How the survey goes on. */
export interface SurveyOptions {
  readonly policy: Policy | null;
  readonly signal?: AbortSignal;
  /** So many images are judged. */
  readonly progress?: (done: number) => void;
}

/** Rows in the order of the subjects. Throws the signal's reason. */
export async function* survey(
  fleet: Fleet,
  subjects: readonly Judgeable[],
  { policy, signal, progress }: SurveyOptions,
): AsyncGenerator<SurveyRow> {
  const rows = fleet.matrix(entriesOf(subjects), {
    ...(policy === null ? {} : { policy }),
    ...(signal === undefined ? {} : { signal }),
  });
  for (const [at, subject] of subjects.entries()) {
    const cells = new Uint8Array(fleet.slots);
    for (let count = 0; count < subject.variants.length; count++) {
      const { value, done } = await rows.next();
      if (done === true) throw new Error("the matrix ended before its last row");
      lay(value, cells);
    }
    yield { subject, policy, cells, ...countsOf(cells, fleet.size) };
    progress?.(at + 1);
  }
}

function* entriesOf(subjects: readonly Judgeable[]): Generator<MatrixEntry> {
  for (const { variants } of subjects) {
    for (const { requirements, candidate } of variants) {
      yield candidate === null ? requirements : { requirements, candidate };
    }
  }
}

/** An image fits where one of its variants does. */
function lay(row: Row, cells: Uint8Array): void {
  for (const slot of row.undeterminedHosts()) if (cells[slot] === 0) cells[slot] = 1;
  for (const slot of row.compatibleHosts()) cells[slot] = 2;
}

function countsOf(
  cells: Uint8Array,
  size: number,
): { compatible: number; undetermined: number; incompatible: number } {
  let compatible = 0;
  let undetermined = 0;
  for (const cell of cells) {
    if (cell === 2) compatible++;
    else if (cell === 1) undetermined++;
  }
  return { compatible, undetermined, incompatible: size - compatible - undetermined };
}
