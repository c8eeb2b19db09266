/** The values of a recipe: what is read for an attribute, what is made of it, and conditions on it. */
import { isAbsent } from "../root.ts";
import type { Condition, Over, RowPlan, Value, ValueSource } from "./model.ts";
import { ABSENT, bounded, finish, itemAt, pairOf, type Reading, UNKNOWN } from "./parts.ts";
import type { RecipeReading, Row } from "./reading.ts";
import { foundRows, type Rows } from "./rows.ts";

/** What a row costs of the steps that a vocabulary has, beside what is read for it. */
const ROW_STEPS = 32;

/** The directory that vouches for what is missing; null if nothing does, undefined if only a row can. */
type Base = string | null | undefined;

/**
 * A value for a row.
 * @throws HostfitError `bad-pattern`, which checking the vocabulary finds as well.
 */
export function readValue(reading: RecipeReading, value: Value, row: Row | undefined, base: Base): Reading {
  if (typeof value === "string") {
    return value.startsWith("/")
      ? readFile(reading, { read: value }, value, row, base)
      : text(reading, value, row);
  }
  const given = givenValue(reading, value, row, value.none === undefined ? base : value.none);
  if (given.state === "absent" && typeof value.otherwise === "string") {
    const visible = typeof value.none !== "string" || reading.isVisible(value.none);
    return visible ? { state: "found", text: value.otherwise } : UNKNOWN;
  }
  return given.state === "found" ? finish(value, given.text) : given;
}

/** Whether a condition holds; what can't be read is unknown. */
export function holds(
  reading: RecipeReading,
  condition: Condition,
  row: Row | undefined,
  base: Base,
): "yes" | "no" | "unknown" {
  const given = readValue(reading, condition, row, base);
  if (given.state !== "found") return given.state === "absent" ? "no" : "unknown";
  const { is, not } = condition;
  const isSo =
    is !== undefined
      ? is.includes(given.text)
      : not !== undefined
        ? !not.includes(given.text)
        : given.text !== "false";
  return isSo ? "yes" : "no";
}

/** The rows of a plan; those of which it can't be told whether they are meant make the list partial. */
export function readRows(reading: RecipeReading, plan: RowPlan, outer: Row | undefined): Rows | undefined {
  const found = foundRows(reading, plan, outer);
  if (found === undefined || plan.where === undefined) return found;
  const rows: Row[] = [];
  let { end } = found;
  for (const row of found.rows) {
    reading.budget.steps -= ROW_STEPS;
    const answer = reading.isExhausted ? "unknown" : holds(reading, plan.where, row, undefined);
    if (answer === "yes") rows.push(row);
    else if (answer === "unknown") end = "partial";
  }
  return { rows, end };
}

/** Whether a row, or an instance, is left out because of this value. */
export function isOmitted(value: Value, given: Reading): boolean {
  return given.state === "found" && typeof value === "object" && (value.omit?.includes(given.text) ?? false);
}

function givenValue(reading: RecipeReading, value: ValueSource, row: Row | undefined, base: Base): Reading {
  if (value.when !== undefined) {
    const answer = holds(reading, value.when, row, base);
    if (answer !== "yes") return answer === "no" ? ABSENT : UNKNOWN;
  }
  if (value.read !== undefined) return readFile(reading, value, value.read, row, base);
  const given = givenElsewhere(reading, value, row, base);
  return given.state === "found" && value.pattern !== undefined
    ? capture(reading, given.text, value, "")
    : given;
}

function givenElsewhere(
  reading: RecipeReading,
  value: ValueSource,
  row: Row | undefined,
  base: Base,
): Reading {
  if (value.text !== undefined) return text(reading, value.text, row);
  if (value.item !== undefined) return itemAt(row?.item, value.item);
  if (value.exists !== undefined) return exists(reading, value.exists, row, base);
  if (value.count !== undefined) return count(reading, value.count, row, base);
  if (value.over !== undefined) return overRows(reading, value.over, row, base);
  let unseen = false;
  for (const one of value.first ?? []) {
    const given = readValue(reading, one, row, base);
    if (given.state === "found") return given;
    unseen = unseen || given.state === "unknown";
  }
  return unseen || value.first === undefined ? UNKNOWN : ABSENT;
}

function text(reading: RecipeReading, template: string, row: Row | undefined): Reading {
  const filled = reading.fill(template, row);
  return filled === undefined ? UNKNOWN : { state: "found", text: bounded(filled) };
}

function exists(reading: RecipeReading, template: string, row: Row | undefined, base: Base): Reading {
  const path = reading.path(template, row);
  if (path === undefined) return UNKNOWN;
  const entry = reading.stat(path);
  if (entry.ok) return { state: "found", text: "true" };
  if (!isAbsent(entry)) {
    reading.failure(path, entry);
    return UNKNOWN;
  }
  return reading.mayDeny(row, base, path) ? { state: "found", text: "false" } : UNKNOWN;
}

function count(reading: RecipeReading, template: string, row: Row | undefined, base: Base): Reading {
  const found = reading.find(template, row);
  if (found === undefined) return UNKNOWN;
  reading.failures(found);
  if (found.failures.length > 0) return UNKNOWN;
  if (found.missing !== undefined && !reading.mayDeny(row, base, found.missing)) return UNKNOWN;
  return { state: "found", text: String(found.paths.length) };
}

/** One value of many. If one of them can't be told, neither can it. */
function overRows(reading: RecipeReading, over: Over, outer: Row | undefined, base: Base): Reading {
  const vouching = over.none ?? base ?? undefined;
  const plan = vouching === undefined ? over : { ...over, none: vouching };
  const found = readRows(reading, plan, outer);
  if (found === undefined || found.end === "partial") return UNKNOWN;
  const texts: string[] = [];
  for (const row of found.rows) {
    reading.budget.steps -= ROW_STEPS;
    if (reading.isExhausted) return UNKNOWN;
    const given = readValue(reading, over.value, row, undefined);
    const needed = typeof over.value === "object" && over.value.required === true;
    if (given.state === "unknown" || (needed && given.state === "absent")) return UNKNOWN;
    if (given.state === "found" && !isOmitted(over.value, given)) texts.push(given.text);
  }
  return taken(over.take, texts);
}

function taken(take: Over["take"], texts: readonly string[]): Reading {
  const different = [...new Set(texts)];
  switch (take) {
    case "same":
      return different.length === 1 ? { state: "found", text: different[0] as string } : ABSENT;
    case "distinct":
      return { state: "found", text: String(different.length) };
    case "list":
      return { state: "found", text: bounded(different.sort().join(" ")) };
    case "sum": {
      if (!texts.every((one) => /^\d{1,18}$/.test(one))) return UNKNOWN;
      return { state: "found", text: String(texts.reduce((sum, one) => sum + BigInt(one), 0n)) };
    }
  }
}

function readFile(
  reading: RecipeReading,
  value: ValueSource,
  template: string,
  row: Row | undefined,
  base: Base,
): Reading {
  const path = reading.path(template, row);
  if (path === undefined) return UNKNOWN;
  const read = reading.text(path);
  if (!read.ok) {
    if (isAbsent(read)) return reading.mayDeny(row, base, path) ? ABSENT : UNKNOWN;
    reading.failure(path, read);
    return UNKNOWN;
  }
  let found = read.text;
  if (value.at !== undefined) {
    const document = reading.document(path, found);
    const item = document === undefined ? UNKNOWN : itemAt(document.value, value.at);
    if (item.state !== "found") return item;
    found = item.text;
  }
  if (value.key !== undefined) {
    const key = reading.fill(value.key, row);
    const pair = key === undefined ? undefined : pairOf(found, value.separator ?? "=", key, reading.budget);
    if (pair === undefined) return ABSENT;
    found = pair;
  }
  return value.pattern === undefined
    ? { state: "found", text: found.trim() }
    : capture(reading, found, value, path);
}

function capture(reading: RecipeReading, given: string, value: ValueSource, path: string): Reading {
  const found = reading.firstMatch(given, value.pattern ?? "")?.value;
  if (found !== undefined) return { state: "found", text: found };
  if (value.otherwise !== undefined) return ABSENT;
  // A file that is there and says it in other words denies nothing.
  const message =
    path === ""
      ? `${JSON.stringify(given.slice(0, 80))} doesn't fit the pattern ${value.pattern}`
      : `no line fits the pattern ${value.pattern}`;
  reading.note(path, "no-match", message);
  return UNKNOWN;
}
