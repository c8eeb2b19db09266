/** Lines that fit a terminal: broken between words, so that what hangs together is seen to. */

/** Narrower terminals get lines of this width. */
const MIN_COLUMNS = 40;
/** Blanks by which the rest of a line stands to the right of its start. */
const HANGING = 4;

/**
 * `text` with no line longer than `columns`, but for words that are longer themselves (digests). The rest of a broken line
 * hangs below its start. A line of a file with a caret below it stays as it is.
 */
export function wrapped(text: string, columns: number): string {
  const width = Math.max(columns, MIN_COLUMNS);
  const lines = text.split("\n");
  return lines
    .map((line, at) => (isCaret(lines[at + 1]) || isCaret(line) ? line : broken(line, width)))
    .join("\n");
}

function isCaret(line: string | undefined): boolean {
  return line !== undefined && /^ +\^$/.test(withoutColour(line));
}

function broken(line: string, width: number): string {
  if (visible(line) <= width) return line;
  const [, start = "", rest = ""] = /^( *)(.*)$/s.exec(line) ?? [];
  const hanging = " ".repeat(Math.min(start.length + HANGING, width / 2));
  let used = start.length;
  let out = start;
  let fresh = true;
  for (const [, gap = "", word = ""] of rest.matchAll(/( *)([^ ]+)/g)) {
    const needed = (fresh ? 0 : gap.length) + visible(word);
    if (!fresh && used + needed > width) {
      out += `\n${hanging}${word}`;
      used = hanging.length + visible(word);
    } else {
      out += `${fresh ? "" : gap}${word}`;
      used += needed;
    }
    fresh = false;
  }
  return out;
}

function visible(text: string): number {
  return [...withoutColour(text)].length;
}

function withoutColour(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
