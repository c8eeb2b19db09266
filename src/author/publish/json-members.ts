/**
 * The parts of a JSON text as they are written. Documents are taken apart and put together as text, since a number's
 * spelling counts in them (`1.10` is not `1.1`) and JSON.parse loses it.
 */

/** A member of an object: its key, and its value's text. */
export interface Member {
  readonly key: string;
  readonly raw: string;
}

/**
 * The members of the object that `json` is, in order. INVARIANT: the text is right, which the core has said before.
 */
export function membersOf(json: string): readonly Member[] {
  return partsOf(json).map((part) => {
    const end = endOfString(part, 0);
    return {
      key: JSON.parse(part.slice(0, end)) as string,
      raw: part.slice(part.indexOf(":", end) + 1).trim(),
    };
  });
}

/** The elements of the list that `json` is, as text. */
export function elementsOf(json: string): readonly string[] {
  return partsOf(json);
}

/** An object's text. */
export function objectOf(members: readonly Member[]): string {
  return `{${members.map(({ key, raw }) => `${JSON.stringify(key)}:${raw}`).join(",")}}`;
}

/** The same JSON without blanks between its parts. */
export function compact(json: string): string {
  let out = "";
  for (let at = 0; at < json.length; ) {
    if (json[at] === '"') {
      const end = endOfString(json, at);
      out += json.slice(at, end);
      at = end;
    } else {
      const char = json[at] ?? "";
      if (!/[ \t\r\n]/.test(char)) out += char;
      at++;
    }
  }
  return out;
}

/** What stands between the outer brackets, split at its commas. */
function partsOf(json: string): readonly string[] {
  const text = json.trim();
  const parts: string[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 1; at < text.length - 1; ) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
    at++;
  }
  const last = text.slice(from, -1).trim();
  return last === "" ? parts : [...parts, last];
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
