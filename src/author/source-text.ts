/** The text of a file as people see it: lines and columns of offsets, and excerpts with a caret. */
import { type Excerpt, type Position, printable } from "./diagnostics.ts";

/** Longest excerpt, in code points; longer lines are cut around the caret. */
const EXCERPT_WIDTH = 100;

/** Text with its lines indexed once. Offsets are UTF-16 units, as JavaScript's strings count. */
export class SourceText {
  readonly text: string;
  /** Offset at which each line starts; the first is 0. */
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  /** Line and column of an offset; offsets past the end give the place after the last character. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineOf(at);
    return { line: line + 1, column: codePoints(this.text.slice(this.starts[line] ?? 0, at)) + 1 };
  }

  /** The line of an offset, made printable and cut to a readable width, with the caret's place in it. */
  excerpt(offset: number): Excerpt {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineOf(at);
    const start = this.starts[line] ?? 0;
    const next = this.starts[line + 1];
    const end = next === undefined ? this.text.length : next - 1;
    const from = Math.max(start, at - EXCERPT_WIDTH / 2);
    const to = Math.min(end, from + EXCERPT_WIDTH);
    const before = shown(this.text.slice(from, Math.max(from, Math.min(at, to))));
    const after = shown(this.text.slice(Math.min(at, to), to));
    const lead = from > start ? "..." : "";
    return { text: `${lead}${before}${after}${to < end ? "..." : ""}`, caret: codePoints(lead + before) };
  }

  private lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A tab is one column here as everywhere else, so it is shown as one blank; a carriage return is not shown. */
function shown(text: string): string {
  return printable(text.replace(/\r$/, "").replaceAll("\t", " "));
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
