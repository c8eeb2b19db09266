/** The values of a recipe: where each comes from, what is made of it, and conditions. */
import {
  type Condition,
  type Feature,
  type FeatureKind,
  type Over,
  termOf,
  type Value,
  type ValueSource,
} from "../../probe/vocabulary/model.ts";
import { nearest } from "../nearest.ts";
import { childPointer } from "../pointer.ts";
import type { TextChecker } from "./check-text.ts";
import type { Findings } from "./finding.ts";

const MAX_DEPTH = 8;

/** What the parts of a recipe may use. */
export interface Around {
  readonly feature: Feature;
  readonly names: readonly string[];
  /** Whether the row has an element of a document. */
  readonly item: "item" | "no-item";
  readonly depth: number;
  /** Whether something vouches for what is missing: a row that was found, or a directory. */
  readonly vouched: boolean;
  /** Whether a value can leave something out: an instance, or a row of many. */
  readonly leavesOut: "instance" | "row" | "nothing";
}

/** The names and the element that a plan's rows have. */
export type RowsChecker = (plan: Over, pointer: string, around: Around) => Around;

/** Checks values. */
export class ValueChecker {
  readonly #findings: Findings;
  readonly #texts: TextChecker;
  readonly #rows: RowsChecker;

  constructor(findings: Findings, texts: TextChecker, rows: RowsChecker) {
    this.#findings = findings;
    this.#texts = texts;
    this.#rows = rows;
  }

  value(value: Value, pointer: string, around: Around): void {
    if (typeof value === "string") {
      if (value.startsWith("/")) this.#texts.path(value, pointer, around.names);
      else this.#texts.template(value, pointer, around.names);
      return;
    }
    if (around.depth > MAX_DEPTH) {
      this.#findings.error(pointer, "limit", `values go ${MAX_DEPTH} deep at most`, "take one out");
      return;
    }
    const { text, read, exists, count, item, first, over } = value;
    const ways = Object.entries({ text, read, exists, count, item, first, over }).filter(
      ([, way]) => way !== undefined,
    );
    if (ways.length !== 1) {
      this.#findings.error(
        pointer,
        "bad-recipe",
        "a value comes from exactly one of text, read, exists, count, item, first and over",
        ways.length === 0 ? "add one of them" : `keep one of ${ways.map(([name]) => name).join(", ")}`,
      );
      return;
    }
    if (text !== undefined) this.#texts.template(text, `${pointer}/text`, around.names);
    if (read !== undefined) this.#texts.path(read, `${pointer}/read`, around.names);
    if (exists !== undefined) {
      this.#texts.path(exists, `${pointer}/exists`, around.names);
      if (!around.vouched && value.none === undefined) {
        const message = "it can be true or unknown here, but never false";
        const help = "add none: a folder that is there on every such host, so that what is missing is absent";
        this.#findings.warning(pointer, "never-false", message, help);
      }
    }
    if (count !== undefined) this.#texts.path(count, `${pointer}/count`, undefined);
    if (item !== undefined) {
      this.#texts.pointer(item, `${pointer}/item`);
      if (around.item === "no-item") {
        const help = "use from with at";
        this.#findings.error(`${pointer}/item`, "bad-recipe", "the row is no element of a document", help);
      }
    }
    const within: Around = { ...around, depth: around.depth + 1 };
    first?.forEach((one, index) => {
      this.value(one, `${pointer}/first/${index}`, within);
    });
    if (over !== undefined) {
      const rows = this.#rows(over, `${pointer}/over`, within);
      this.value(over.value, `${pointer}/over/value`, { ...rows, leavesOut: "row" });
    }
    this.#parts(value, pointer, around);
    this.#steps(value, pointer);
    if (value.when !== undefined) this.condition(value.when, `${pointer}/when`, within);
  }

  condition(condition: Condition, pointer: string, around: Around): void {
    const { is, not, ...value } = condition;
    if (is !== undefined && not !== undefined) {
      this.#findings.error(pointer, "bad-recipe", "is and not stand together", "keep one");
    }
    this.value(value, pointer, { ...around, leavesOut: "nothing" });
  }

  /** Which part of a text it is, and what it leaves out. */
  #parts(value: ValueSource, pointer: string, around: Around): void {
    for (const key of ["key", "separator", "at"] as const) {
      if (value[key] === undefined || value.read !== undefined) continue;
      const message = `${key} takes a part of a file`;
      this.#findings.error(`${pointer}/${key}`, "bad-recipe", message, "use read with it", "key");
    }
    if (value.at !== undefined) {
      this.#texts.pointer(value.at, `${pointer}/at`);
      if (value.key !== undefined) {
        this.#findings.error(pointer, "bad-recipe", "at and key stand together", "keep one");
      }
    }
    if (value.key !== undefined) this.#texts.template(value.key, `${pointer}/key`, around.names);
    if (typeof value.none === "string") this.#texts.path(value.none, `${pointer}/none`, []);
    for (const key of ["required", "omit"] as const) {
      if (value[key] === undefined || around.leavesOut !== "nothing") continue;
      const message = `${key} leaves an instance out, and ${NO_INSTANCES[around.feature.kind]}`;
      this.#findings.error(`${pointer}/${key}`, "wrong-kind", message, "remove it", "key");
    }
    if (value.pattern === undefined) return;
    const groups = this.#texts.pattern(value.pattern, `${pointer}/pattern`);
    if (groups !== undefined && !groups.includes("value")) {
      const help = "write (?<value>...)";
      this.#findings.error(`${pointer}/pattern`, "bad-pattern", "no group is called value", help);
    }
  }

  #steps({ replace, steps, times, plus }: ValueSource, pointer: string): void {
    if (replace !== undefined) this.#texts.characters(replace.characters, `${pointer}/replace/characters`);
    for (const step of Object.keys(steps ?? {})) {
      if (/^\d{1,15}$/.test(step)) continue;
      const message = `${JSON.stringify(step)} is no number at which something begins`;
      this.#findings.error(`${pointer}/steps`, "bad-value", message, "write a whole number, quoted");
    }
    if (times !== undefined && !(times > 0 && times <= 2 ** 50)) {
      this.#findings.error(`${pointer}/times`, "bad-value", "times is a whole number above 0", "write one");
    }
    if (plus !== undefined && !(Math.abs(plus) <= 2 ** 50)) {
      this.#findings.error(`${pointer}/plus`, "bad-value", "plus is a whole number", "write one");
    }
  }

  /** Attributes by name. */
  attributes(attributes: Readonly<Record<string, Value>>, pointer: string, around: Around): void {
    for (const [name, value] of Object.entries(attributes)) {
      const at = childPointer(pointer, name);
      if (termOf(around.feature, name) === undefined) {
        const close = nearest(name, Object.keys(around.feature.names ?? {}));
        const help = close === null ? "describe it under names" : `did you mean ${close}?`;
        const message = `the attribute ${JSON.stringify(name)} is read, but not described`;
        this.#findings.warning(at, "undescribed-name", message, help, "key");
      }
      this.value(value, at, around);
    }
  }
}

const NO_INSTANCES: Readonly<Record<FeatureKind, string>> = {
  flags: "flags have none",
  attributes: "attributes have none",
  instances: "a condition has none",
};
