/**
 * Where the parts of a JSON text stand, for messages. Says nothing about whether the JSON is right: that is the core's
 * to decide. What can't be followed ends the walk, and the places found so far stay.
 */
import { Places } from "./places.ts";

/** An open object or list: its place, and what comes next in it. */
interface Open {
  readonly index: number;
  readonly close: "}" | "]";
  count: number;
}

/**
 * Walks a JSON text once, with a stack of its own. Offsets are UTF-16 units of `text` on both sides: byte offsets are
 * turned into them before they are looked up.
 */
export function jsonPlaces(text: string): Places {
  const places = new Places();
  const stack: Open[] = [];
  let at = skipBlank(text, text.startsWith("\ufeff") ? 1 : 0);
  let token: string | number = "";
  let key = at;
  let from = at;
  for (;;) {
    // Here a value starts.
    const index = places.add(stack.at(-1)?.index ?? 0, token, { from, key, value: at });
    places.startValue(index, at);
    const first = text[at];
    if (first === "{" || first === "[") {
      stack.push({ index, close: first === "{" ? "}" : "]", count: 0 });
      at = skipBlank(text, at + 1);
    } else {
      const end = first === '"' ? endOfString(text, at) : endOfWord(text, at);
      if (end === at) return finish(places, stack, index, text.length);
      places.close(index, end);
      at = skipBlank(text, end);
    }
    // Here a value has ended, or a bracket was opened: close what closes, then go to the next value.
    let open = stack.at(-1);
    while (open !== undefined && text[at] === open.close) {
      places.close(open.index, at + 1);
      stack.pop();
      at = skipBlank(text, at + 1);
      open = stack.at(-1);
    }
    if (open === undefined) return places;
    if (open.count > 0 || text[at] === ",") {
      if (text[at] !== ",") return finish(places, stack, open.index, text.length);
      at = skipBlank(text, at + 1);
    }
    from = at;
    key = at;
    if (open.close === "]") {
      token = open.count++;
      continue;
    }
    open.count++;
    const end = text[at] === '"' ? endOfString(text, at) : at;
    const name = end === at ? undefined : readString(text.slice(at, end));
    if (name === undefined) return finish(places, stack, open.index, text.length);
    token = name;
    at = skipBlank(text, end);
    if (text[at] !== ":") return finish(places, stack, open.index, text.length);
    at = skipBlank(text, at + 1);
  }
}

function finish(places: Places, stack: readonly Open[], index: number, end: number): Places {
  places.close(index, end);
  for (const open of stack) places.close(open.index, end);
  return places;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

/** Offset after the closing quote; of an unclosed string, the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !/[\s,:[\]{}"]/.test(text[at] ?? "")) at++;
  return at;
}

function readString(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
