/** The rows of a recipe: the paths that are there, or the parts of a file. */
import { isAbsent } from "../root.ts";
import type { RowPlan, RowSource } from "./model.ts";
import { elementsAt, MAX_ROWS, scalarName } from "./parts.ts";
import type { Names } from "./path-pattern.ts";
import { HOST_NAMES, type RecipeReading, type Row } from "./reading.ts";

/** Rows, and whether there may be more. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly end: "complete" | "partial";
}

const NO_ROWS: Rows = { rows: [], end: "complete" };

/**
 * The rows of a plan before its `where`; one row without names if nothing is listed or taken apart. `outer` is the row within which these are
 * looked for. Undefined if it can't be told whether there are any.
 */
export function foundRows(reading: RecipeReading, plan: RowPlan, outer: Row | undefined): Rows | undefined {
  let rows: readonly Row[] = [outer ?? { names: {} }];
  let end: Rows["end"] = "complete";
  if (plan.each !== undefined) {
    const found = reading.find(plan.each, outer);
    if (found === undefined) return undefined;
    reading.failures(found);
    if (found.missing !== undefined && found.paths.length === 0)
      return reading.mayDeny(outer, plan.none, found.missing) ? NO_ROWS : undefined;
    if (found.failures.length > 0) {
      if (found.paths.length === 0) return undefined;
      end = "partial";
    }
    rows = found.paths.map(({ names }) => ({ names: ownNames(names) }));
  }
  if (plan.from === undefined) return { rows, end };
  const parts: Row[] = [];
  for (const row of rows) {
    const beside = plan.each !== undefined ? row : outer;
    const taken = takenApart(reading, plan.from, row, beside, plan.none);
    if (taken === undefined) {
      if (plan.each === undefined) return undefined;
      end = "partial";
    } else parts.push(...taken);
    if (parts.length > MAX_ROWS) {
      reading.note("", "too-much", `more than ${MAX_ROWS} parts`);
      return { rows: parts.slice(0, MAX_ROWS), end: "partial" };
    }
  }
  return { rows: parts, end };
}

/** What a row has beyond the host's names. */
function ownNames(names: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([name]) => !HOST_NAMES.includes(name)));
}

/**
 * The rows that a file is made of; undefined if it can't be read. What is missing beside a row that was found has no parts, and elsewhere
 * where `base` vouches for it.
 */
function takenApart(
  reading: RecipeReading,
  source: RowSource,
  row: Row,
  beside: Row | undefined,
  base: string | undefined,
): readonly Row[] | undefined {
  const path = reading.path(source.read, row);
  if (path === undefined) return undefined;
  const read = reading.text(path);
  if (!read.ok) {
    if (isAbsent(read)) return reading.mayDeny(beside, base, path) ? [] : undefined;
    reading.failure(path, read);
    return undefined;
  }
  // Each part is looked at, whoever asks for it.
  if (source.lines === undefined) reading.budget.steps -= read.text.length;
  if (source.lines !== undefined) {
    const rows: Row[] = [];
    // Most files stand alone; a kernel's list of modules has thousands of lines.
    const isAlone = Object.keys(row.names).length === 0;
    for (const names of reading.matches(read.text, source.lines)) {
      rows.push({ names: isAlone ? names : { ...row.names, ...names } });
      if (rows.length > MAX_ROWS) break;
    }
    return rows;
  }
  if (source.words !== undefined) {
    const words = source.words === "" ? read.text.split(/\s+/) : read.text.split(source.words);
    return words
      .map((word) => word.trim())
      .filter((word) => word !== "")
      .map((word) => ({ names: { ...row.names, word } }));
  }
  if (source.at === undefined) return [{ names: { ...row.names, value: read.text.trim() } }];
  const document = reading.document(path, read.text);
  if (document === undefined) return undefined;
  return elementsAt(document.value, source.at).map(({ key, value }) => ({
    names: { ...row.names, ...(key === undefined ? {} : { key }), ...scalarName(value) },
    item: value,
  }));
}
