/** Bounds as NFD's rules write them. A document's own text is read here, never a fact. */

/** A whole number as Go's Atoi reads it, within int64, in its plain form; null if it is none. */
export function plainInteger(text: string): string | null {
  if (!/^[+-]?[0-9]+$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, ""));
  return value < -(2n ** 63n) || value >= 2n ** 63n ? null : value.toString();
}

const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * The three numbers of a version as NFD's comparison reads it (docs/nfd-dialect.md, "NFD's answer"), joined by dots; null if
 * it is none. What stands behind them is compared by nobody.
 */
export function plainVersion(text: string): string | null {
  if (text.length > 256) return null;
  const match = VERSION.exec(text);
  if (match === null) return null;
  const pre = match[4] ?? "";
  if (pre !== "" && pre.split(".").some((part) => /^0[0-9]+$/.test(part))) return null;
  const parts = [match[1], match[2], match[3]].map((part) => BigInt(part ?? "0"));
  return parts.some((part) => part >= 2n ** 64n) ? null : parts.join(".");
}
