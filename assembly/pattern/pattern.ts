/**
 * Regular expressions: the syntax of Go's `regexp` (RE2), as `regexp.MustCompile` takes it, and one question: does the
 * pattern match anywhere in the text? In linear time, within a budget of work, without recursion.
 *
 *   text of a pattern -> parser.ts (escapes, brackets, groups) -> program.ts: instructions over sets of code points
 *   sets -> alphabet.ts: character classes -> assemble.ts: one block of memory (automaton.ts)
 *   text -> dfa.ts: a table of states, filled by simulate.ts
 *
 * **The language** is that of Go 1.26, its Unicode that of Go 1.26 (15.0.0). What differs:
 *
 * | | here | Go 1.26 |
 * | --- | --- | --- |
 * | `\p{Greek}` and other scripts | refused: `unknown-unicode-class` | taken |
 * | length | 4,096 bytes | no limit |
 * | instructions, counted as Go counts | 16,384 | 3,355,443 |
 * | ranges of code points in all classes | 32,768 | 33,554,432 |
 * | height | 1,000, without what Go adds by factoring alternatives | 1,000 |
 *
 * Compilation keeps its state in globals: it begins and ends within one call.
 */
import { assemble } from "./assemble";
import { Automaton } from "./automaton";
import { openClasses } from "./classes";
import { match } from "./dfa";
import { PatternError, clearError, fail } from "./errors";
import { parsePattern } from "./parser";
import { openProgram } from "./program";
import { openReader } from "./reader";
import { closeScratch, openScratch, work } from "./scratch";
import { openSets } from "./sets";

export { patternError, patternErrorOffset } from "./errors";

/** The longest pattern, in bytes. */
export const MAX_PATTERN_BYTES: u32 = 4096;

/** Rough work of reading one byte of a pattern. */
const BYTE_UNITS: u32 = 60;

/**
 * Compiles the pattern of `length` bytes at `text` into `region`, where it lives as long as the region. Gives the
 * pattern, or 0, and then `patternError` (a `PatternError`, see errors.ts) says why and `patternErrorOffset` where.
 */
export function patternCompile(region: usize, text: usize, length: u32): usize {
  clearError();
  if (length > MAX_PATTERN_BYTES) {
    fail(PatternError.PatternTooLong, MAX_PATTERN_BYTES);
    return 0;
  }
  let pattern: usize = 0;
  if (openScratch()) {
    openReader(text, length);
    openClasses();
    // A byte is one instruction and one set at most; then there are the end and what assertions ask about.
    const most = length + 8;
    const ready = work(most * BYTE_UNITS) && openProgram(most) && openSets(most);
    if (ready && parsePattern()) pattern = assemble(region);
    closeScratch();
  }
  return pattern;
}

/**
 * Whether the pattern matches anywhere in the `length` bytes at `text`: 1 if so, 0 if not, -2 if the budget is gone.
 * The first call takes memory for a table of states, at most 64 KiB, from the pattern's region; without it every text is
 * simulated, with the same answer.
 */
export function patternMatches(pattern: usize, text: usize, length: u32): i32 {
  return match(changetype<Automaton>(pattern), text, length);
}
