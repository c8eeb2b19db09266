/** One expression on one key: docs/nfd-dialect.md, "E(present, value)". */
import { RE2JS } from "re2js";
import type { NfdExpression } from "./nfd-document.ts";

export type NfdErrorCode =
  | "unknown-op"
  | "value-not-empty"
  | "value-empty"
  | "value-count"
  | "bad-pattern"
  | "not-a-number"
  | "not-a-version"
  | "bad-interval"
  | "bad-type"
  | "null-expression"
  | "unsupported-template";

/** NFD answers with an error. */
export class NfdFailure extends Error {
  override readonly name = "NfdFailure";
  readonly code: NfdErrorCode;
  /** The feature's text, where that is what can't be read. */
  readonly unreadable: string | null;

  constructor(code: NfdErrorCode, unreadable: string | null = null) {
    super(code);
    this.code = code;
    this.unreadable = unreadable;
  }
}

/** A key that is there, with a value or (a flag's) without one; or a key that is missing. */
export type NfdKey = { readonly present: true; readonly value: string | null } | { readonly present: false };

/** Whether the expression holds for the key. Throws NfdFailure. */
export function holdsFor(expression: NfdExpression, key: NfdKey): boolean {
  const { op, value: wanted, type } = expression;
  switch (op) {
    case "":
      refuseValue(wanted);
      return true;
    case "Exists":
      refuseValue(wanted);
      return key.present;
    case "DoesNotExist":
      refuseValue(wanted);
      return !key.present;
  }
  if (!VALUE_OPS.has(op)) throw new NfdFailure("unknown-op");
  if (!key.present || key.value === null) return false;
  const text = key.value;
  switch (op) {
    case "In":
      demandValue(wanted);
      return wanted.includes(text);
    case "NotIn":
      demandValue(wanted);
      return !wanted.includes(text);
    case "InRegexp":
      demandValue(wanted);
      return wanted.map(compilePattern).some((pattern) => pattern.matcher(text).find());
    case "IsTrue":
      refuseValue(wanted);
      return text === "true";
    case "IsFalse":
      refuseValue(wanted);
      return text === "false";
    case "GtLt":
    case "GeLe":
      return isBetween(op, text, wanted, type);
    default:
      return compares(op, text, wanted, type);
  }
}

const VALUE_OPS = new Set([
  "In",
  "NotIn",
  "InRegexp",
  "Gt",
  "Ge",
  "Lt",
  "Le",
  "GtLt",
  "GeLe",
  "IsTrue",
  "IsFalse",
]);

function refuseValue(value: readonly string[]): void {
  if (value.length > 0) throw new NfdFailure("value-not-empty");
}

function demandValue(value: readonly string[]): void {
  if (value.length === 0) throw new NfdFailure("value-empty");
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new NfdFailure("bad-pattern");
  }
}

function compares(op: string, text: string, wanted: readonly string[], type: string): boolean {
  const [bound] = wanted;
  if (bound === undefined || wanted.length !== 1) throw new NfdFailure("value-count");
  const read = readerOf(type);
  const left = read(text, true);
  const order = compareParts(left, read(bound, false));
  switch (op) {
    case "Gt":
      return order > 0;
    case "Ge":
      return order >= 0;
    case "Lt":
      return order < 0;
    default:
      return order <= 0;
  }
}

function isBetween(op: "GtLt" | "GeLe", text: string, wanted: readonly string[], type: string): boolean {
  const [first, second] = wanted;
  if (first === undefined || second === undefined || wanted.length !== 2) throw new NfdFailure("value-count");
  const read = readerOf(type);
  const value = read(text, true);
  const low = read(first, false);
  const high = read(second, false);
  if (type === "" && compareParts(low, high) >= 0) throw new NfdFailure("bad-interval");
  const [fromLow, fromHigh] = [compareParts(value, low), compareParts(value, high)];
  return op === "GtLt" ? fromLow > 0 && fromHigh < 0 : fromLow >= 0 && fromHigh <= 0;
}

/** Reads a text to parts that are compared in order. `isFound`: the text is the feature's, not the document's. */
type PartsReader = (text: string, isFound: boolean) => readonly bigint[];

function readerOf(type: string): PartsReader {
  if (type === "") return readInteger;
  if (type === "version") return readSemver;
  throw new NfdFailure("bad-type");
}

const readInteger: PartsReader = (text, isFound) => {
  const digits = /^([+-]?)([0-9]+)$/.exec(text);
  const number = BigInt(digits?.[2] ?? 0) * (digits?.[1] === "-" ? -1n : 1n);
  if (digits === null || number < -(2n ** 63n) || number >= 2n ** 63n) {
    throw new NfdFailure("not-a-number", isFound ? text : null);
  }
  return [number];
};

const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const SEMVER = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`,
);

/** Masterminds' semver 3.5.0, coercing, with the pre-release dropped after it was checked. */
const readSemver: PartsReader = (text, isFound) => {
  const version = Buffer.byteLength(text) > 256 ? null : SEMVER.exec(text);
  const [, major = "", minor = "0", patch = "0", pre = ""] = version ?? [];
  const parts = version === null ? [] : [major, minor, patch].map(BigInt);
  const isStrange =
    parts.some((part) => part >= 2n ** 64n) || pre.split(".").some((part) => /^0[0-9]+$/.test(part));
  if (version === null || isStrange) throw new NfdFailure("not-a-version", isFound ? text : null);
  return parts;
};

function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] ?? 0n, b[i] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
