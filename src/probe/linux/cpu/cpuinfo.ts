/**
 * /proc/cpuinfo: blocks of `key : value` lines, one block a processor on x86, arm and riscv; s390x has one block of features and a
 * line a processor.
 */
import { linesOf, splitOnce, wordsOf } from "../text.ts";

/** What all processors of a host have, and what the first of them says of itself. */
export interface CpuInfo {
  /** The keys of the first block that has a `processor` key or any key at all; a key that repeats keeps its first value. */
  readonly first: ReadonlyMap<string, string>;
  /** Words of `flags` (x86) or `Features`/`features` (arm, s390x) that every processor has; undefined where there is no such line. */
  readonly flags: ReadonlySet<string> | undefined;
  /** Distinct values of a key over all processors, in order of appearance, for the keys that tell cores apart. */
  readonly variants: ReadonlyMap<string, readonly string[]>;
}

const FLAG_KEYS = new Set(["flags", "Features", "features"]);
const VARIANT_KEYS = new Set([
  "CPU implementer",
  "CPU part",
  "CPU architecture",
  "vendor_id",
  "isa",
  "uarch",
]);
/** More kinds of core than this in one machine are noise. */
const MAX_VARIANTS = 64;

/**
 * Parses any text. With `cut`, the last line may be incomplete and is not used, nor are the flags of the last block if they may be.
 */
export function parseCpuInfo(text: string, end: "whole" | "cut"): CpuInfo {
  const lines = linesOf(text);
  if (end === "cut") lines.pop();
  const first = new Map<string, string>();
  const variants = new Map<string, string[]>();
  const flagLines = new Set<string>();
  let inFirst = true;
  for (const line of lines) {
    const pair = splitOnce(line, ":");
    if (pair === undefined) {
      if (first.size > 0 && line.trim() === "") inFirst = false;
      continue;
    }
    const [key, value] = pair;
    if (inFirst && !first.has(key)) first.set(key, value);
    if (FLAG_KEYS.has(key)) flagLines.add(value);
    if (VARIANT_KEYS.has(key)) {
      const seen = variants.get(key) ?? [];
      if (!seen.includes(value) && seen.length < MAX_VARIANTS) seen.push(value);
      variants.set(key, seen);
    }
  }
  return { first, flags: intersection(flagLines), variants };
}

/** Cores of one machine can differ; a program may run on any of them. */
function intersection(lines: ReadonlySet<string>): ReadonlySet<string> | undefined {
  let shared: Set<string> | undefined;
  for (const line of lines) {
    const words = new Set(wordsOf(line));
    shared = shared === undefined ? words : new Set([...shared].filter((word) => words.has(word)));
  }
  return shared;
}
