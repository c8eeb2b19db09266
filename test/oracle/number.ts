/** Numbers of any size, compared exactly: docs/language.md, "Tests", *number*. */

/** `sign` * 0.`digits` * 10^`magnitude`; zero has the sign 0. `digits` neither starts nor ends with a 0. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly magnitude: bigint;
}

/** Reads a number's text, or null where it can't be read. */
export function readNumber(text: string): Decimal | null {
  const parts = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  if (parts === null) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  if (exponent.replace(/^[+-]/, "").length > 9) return null;
  const written = whole + fraction;
  const digits = written.replace(/^0+/, "");
  const leadingZeros = written.length - digits.length;
  if (digits === "") return { sign: 0, digits: "", magnitude: 0n };
  return {
    sign: sign === "-" ? -1 : 1,
    digits: digits.replace(/0+$/, ""),
    magnitude: BigInt(whole.length - leadingZeros) + BigInt(exponent),
  };
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareNumbers(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.sign === 0) return 0;
  return a.sign * compareMagnitudes(a, b);
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.magnitude !== b.magnitude) return a.magnitude < b.magnitude ? -1 : 1;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}
