/** Sizes in bytes: docs/language.md, "Tests", *size*. */

const UNITS: Readonly<Record<string, bigint>> = {
  "": 1n,
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  K: 1000n,
  M: 1000n ** 2n,
  G: 1000n ** 3n,
  T: 1000n ** 4n,
};

const GREATEST = 2n ** 64n - 1n;

/** Reads a size's text in bytes, or null where it can't be read. */
export function readSize(text: string): bigint | null {
  const parts = /^([0-9]+)(Ki|Mi|Gi|Ti|K|M|G|T|)$/.exec(text);
  if (parts === null) return null;
  const [, digits = "", unit = ""] = parts;
  const bytes = BigInt(digits) * (UNITS[unit] ?? 1n);
  return bytes > GREATEST ? null : bytes;
}
