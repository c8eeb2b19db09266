/** Lines of a text file, without their ends; the last is dropped if it is empty. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** `key: value` and `key=value` files: the parts around the first separator, trimmed; undefined without one. */
export function splitOnce(line: string, separator: string): [string, string] | undefined {
  const at = line.indexOf(separator);
  return at < 0 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}

/** The words between white space. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** A safe non-negative decimal integer, and nothing else (no sign, no exponent, no blank). */
export function parseDecimal(text: string): number | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
