/**
 * Plain scalars as go-yaml v2 reads them (go.yaml.in/yaml/v2 `resolve`): a subset of YAML 1.1 with Go's number syntax.
 * NFD's documents are read so (through sigs.k8s.io/yaml), and the native dialect refuses what this would change.
 */

/** What a scalar is to go-yaml. Integers are those of 64 bits, signed or unsigned; larger ones are floats. */
export type GoScalar =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string };

const TRUE = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const FALSE = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);
const NULL = new Set(["", "~", "null", "Null", "NULL"]);
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text) => [text, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((text) => [text, -Infinity] as const),
]);

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** The reading of a plain scalar without a tag. */
export function readGoScalar(text: string): GoScalar {
  if (TRUE.has(text)) return { kind: "bool", value: true };
  if (FALSE.has(text)) return { kind: "bool", value: false };
  if (NULL.has(text)) return { kind: "null" };
  const special = SPECIAL_FLOATS.get(text);
  if (special !== undefined) return { kind: "float", value: special };
  // After a point go-yaml leaves underscores to Go, which takes them between digits only.
  if (text.startsWith(".")) {
    const digits = /^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?$/.test(text)
      ? text.replaceAll("_", "")
      : "";
    return readFloat(digits) ?? { kind: "string", value: text };
  }
  if (!/^[-+0-9]/.test(text)) return { kind: "string", value: text };
  // A timestamp comes first in go-yaml and gives the text itself; none of them is a number either.
  const plain = text.replaceAll("_", "");
  return readInt(plain) ?? readFloat(plain) ?? readOddBinary(plain) ?? { kind: "string", value: text };
}

/** Go's `strconv.ParseInt` and `ParseUint` with base 0: 0x, 0o, 0b, and a leading 0 for octal. */
function readInt(text: string): GoScalar | null {
  const parts = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (parts === null) return null;
  const [, sign = "", hex, binary, octal, decimal] = parts;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : decimal;
  return inRange(BigInt(digits ?? "0"), sign);
}

/** go-yaml's own branch for `0b`, which lets a sign follow the prefix. */
function readOddBinary(text: string): GoScalar | null {
  const parts = /^0b([-+])([01]+)$/.exec(text);
  return parts === null ? null : inRange(BigInt(`0b${parts[2]}`), parts[1] ?? "");
}

function inRange(magnitude: bigint, sign: string): GoScalar | null {
  const value = sign === "-" ? -magnitude : magnitude;
  const most = sign === "" ? UINT64_MAX : INT64_MAX;
  return value >= INT64_MIN && value <= most ? { kind: "int", value } : null;
}

/** Go's `ParseFloat` refuses what overflows; the scalar is then text. */
function readFloat(text: string): GoScalar | null {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "float", value } : null;
}

/** The text that a number or truth value becomes where text is wanted (sigs.k8s.io/yaml); null for null. */
export function goScalarText(scalar: GoScalar): string | null {
  switch (scalar.kind) {
    case "null":
      return null;
    case "bool":
      return scalar.value ? "true" : "false";
    case "int":
      return scalar.value.toString();
    case "float":
      return formatFloat32(scalar.value);
    case "string":
      return scalar.value;
  }
}

/**
 * Go's `strconv.FormatFloat(value, 'g', -1, 32)`: the shortest digits that give the same 32-bit float, with an
 * exponent below 1e-4 and from 1e6 on (22.1 stays 22.1, 1234567 becomes 1.234567e+06).
 */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return "NaN";
  if (single === Infinity) return "+Inf";
  if (single === -Infinity) return "-Inf";
  if (single === 0) return Object.is(single, -0) ? "-0" : "0";
  const [digits, exponent] = shortestSingle(Math.abs(single));
  const sign = single < 0 ? "-" : "";
  if (exponent < -4 || exponent >= 6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const power = Math.abs(exponent).toString().padStart(2, "0");
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return `${sign}${whole}${rest === "" ? "" : `.${rest}`}`;
}

/** Shortest significant digits of a positive 32-bit float, and its decimal exponent. */
function shortestSingle(single: number): [digits: string, exponent: number] {
  for (let precision = 1; precision <= 9; precision++) {
    const text = single.toExponential(precision - 1);
    if (Math.fround(Number(text)) === single || precision === 9) {
      const [mantissa = "0", power = "0"] = text.split("e");
      return [mantissa.replace(".", "").replace(/0+$/, "") || "0", Number(power)];
    }
  }
  return ["0", 0];
}
