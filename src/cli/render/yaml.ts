/**
 * YAML output. Every text is in double quotes, so that what a program printed is read back as it was, whatever the reader
 * thinks of `0302`, `on` or `1e3`.
 */

/** A value (of JSON's kinds) as a YAML 1.2 document in block style. */
export function toYaml(value: unknown): string {
  return `${block(value).join("\n")}\n`;
}

/** The lines of a value, without indentation of its own. */
function block(value: unknown): string[] {
  if (!isBlock(value)) return [scalar(value)];
  if (Array.isArray(value)) {
    return value.flatMap((item) => block(item).map((line, at) => `${at === 0 ? "- " : "  "}${line}`));
  }
  return Object.entries(value as object).flatMap(([key, child]) => {
    if (child === undefined) return [];
    const head = `${yamlKey(key)}:`;
    return isBlock(child) ? [head, ...block(child).map((line) => `  ${line}`)] : [`${head} ${scalar(child)}`];
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBlock(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0;
}

function scalar(value: unknown): string {
  if (Array.isArray(value)) return "[]";
  if (isMap(value)) return "{}";
  if (typeof value === "string") return quoted(value);
  return value === undefined ? "null" : String(value);
}

/** Words that some YAML reader takes for something else than text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

function yamlKey(key: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(key) && !WORDS.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
