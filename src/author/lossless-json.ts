/**
 * A JSON text of which parts can be taken out or replaced, with everything else as it was written: numbers keep their
 * digits, and the pointers of what is left are known in both the old and the new text.
 */
import { childPointer, pointerTokens } from "./pointer.ts";

/** Stands where an element of a list was. */
const GONE = Symbol("gone");

/** Texts and keys are held with an `s` before them, numbers as texts with an `n`. */
type Held = string | boolean | null | Held[] | { [key: string]: Held } | typeof GONE;

const SCALARS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs;

/** A parsed text. Of a key that stands twice in an object the last counts. */
export class LosslessJson {
  private readonly root: Held;

  private constructor(root: Held) {
    this.root = root;
  }

  /** null for what is not JSON in UTF-8. */
  static parse(json: Uint8Array): LosslessJson | null {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(json);
      const marked = text.replace(SCALARS, (one) =>
        one.startsWith('"') ? `"s${one.slice(1)}` : `"n${one}"`,
      );
      return new LosslessJson(JSON.parse(marked) as Held);
    } catch {
      return null;
    }
  }

  /** The text at a place of the original; undefined if none stands there now. */
  textAt(pointer: string): string | undefined {
    const found = this.find(pointer);
    const held = found === null ? undefined : found.get();
    return typeof held === "string" && held.startsWith("s") ? held.slice(1) : undefined;
  }

  /** Puts a text there. Pointers are those of the original, here and below. False if nothing stands there. */
  replace(pointer: string, text: string): boolean {
    const found = this.find(pointer);
    found?.set(`s${text}`);
    return found !== null;
  }

  /** Takes out a member or an element. False for the whole document, or if nothing stands there. */
  remove(pointer: string): boolean {
    const found = this.find(pointer);
    found?.set(GONE);
    return found !== null;
  }

  /** The original's pointer of a place in what is left; of what isn't there, as far as it goes. */
  original(pointer: string): string {
    let at: Held | undefined = this.root;
    let result = "";
    for (const token of pointerTokens(pointer)) {
      let original: string | number = token;
      if (Array.isArray(at)) {
        const left: number[] = at.flatMap((one, index) => (one === GONE ? [] : [index]));
        original = left[Number(token)] ?? token;
        at = at[Number(original)];
      } else if (typeof at === "object" && at !== null) {
        at = at[`s${token}`];
      } else {
        at = undefined;
      }
      result = childPointer(result, original);
    }
    return result;
  }

  /** What is left, as compact JSON in UTF-8. */
  toBytes(): Uint8Array {
    const without = JSON.stringify(this.root, (_, value: Held) =>
      Array.isArray(value) ? value.filter((one) => one !== GONE) : value,
    );
    return new TextEncoder().encode(
      without.replace(SCALARS, (one) => (one.startsWith('"n') ? one.slice(2, -1) : `"${one.slice(2)}`)),
    );
  }

  private find(pointer: string): { get(): Held; set(value: Held): void } | null {
    const tokens = pointerTokens(pointer);
    const last = tokens.pop();
    if (last === undefined) return null;
    let at: Held | undefined = this.root;
    for (const token of tokens) at = childOf(at, token);
    const holder = at;
    const held = childOf(holder, last);
    if (held === undefined || held === GONE) return null;
    if (Array.isArray(holder)) {
      return {
        get: () => held,
        set: (value) => {
          holder[Number(last)] = value;
        },
      };
    }
    const members = holder as { [key: string]: Held };
    return {
      get: () => held,
      set: (value) => {
        if (value === GONE) delete members[`s${last}`];
        else members[`s${last}`] = value;
      },
    };
  }
}

function childOf(held: Held | undefined, token: string): Held | undefined {
  if (Array.isArray(held)) return /^\d+$/.test(token) ? held[Number(token)] : undefined;
  if (typeof held !== "object" || held === null) return undefined;
  return Object.hasOwn(held, `s${token}`) ? held[`s${token}`] : undefined;
}
