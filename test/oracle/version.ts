/** Versions of kernels, drivers and libraries: docs/language.md, "Tests", *version*. */

/** An attribute's version: `5.14.0-427.13.1.el9_4.x86_64` is main 5.14.0, tail 427.13.1. */
export interface Version {
  readonly main: readonly bigint[];
  readonly tail: readonly bigint[];
}

/** A bound of a range. With `prefix` it ended in `.*`. */
export interface VersionBound {
  readonly main: readonly bigint[];
  /** null: the bound has no `-`, so that tails don't count. */
  readonly tail: readonly bigint[] | null;
  readonly prefix: boolean;
}

/** Reads an attribute's text, or null where it doesn't start as a version. */
export function readVersion(text: string): Version | null {
  const main = /^[vV]?([0-9]+(?:\.[0-9]+)*)/.exec(text);
  if (main === null) return null;
  const tail = /^-([0-9]+(?:[.-][0-9]+)*)/.exec(text.slice(main[0].length));
  return { main: parts(main[1] ?? ""), tail: tail === null ? [] : parts(tail[1] ?? "") };
}

/** Reads a bound, or null where it can't be read. */
export function readVersionBound(text: string): VersionBound | null {
  const whole = /^([0-9]+(?:\.[0-9]+)*)(?:-([0-9]+(?:[.-][0-9]+)*))?(\.\*)?$/.exec(text);
  if (whole === null) return null;
  const [, main = "", tail, prefix] = whole;
  return {
    main: parts(main),
    tail: tail === undefined ? null : parts(tail),
    prefix: prefix !== undefined,
  };
}

/** Negative, zero or positive as the version is less than, equal to or greater than a bound that is no prefix. */
export function compareVersion(version: Version, bound: VersionBound): number {
  const main = compareParts(version.main, bound.main);
  if (main !== 0 || bound.tail === null) return main;
  return compareParts(version.tail, bound.tail);
}

/** Whether the version starts with a bound that is a prefix. */
export function hasPrefix(version: Version, bound: VersionBound): boolean {
  if (bound.tail === null) return startsWith(version.main, bound.main);
  return compareParts(version.main, bound.main) === 0 && startsWith(version.tail, bound.tail);
}

function parts(text: string): bigint[] {
  return text.split(/[.-]/).map(BigInt);
}

/** Missing parts are 0. */
function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i] ?? 0n;
    const right = b[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function startsWith(parts: readonly bigint[], first: readonly bigint[]): boolean {
  return first.every((part, i) => (parts[i] ?? 0n) === part);
}
