/** Changes to inputs: of their structure, so that most still mean something, and of their bytes. */
import type { Random } from "./random.ts";
import { KEYS, NUMBERS, TEXTS, TOKENS } from "./words.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A variable, since an object that says `then` itself looks like a promise. */
const THEN = "then";

const encoder = new TextEncoder();
const tokens = TOKENS.map((token) => encoder.encode(token));

/**
 * JSON text of a copy that was changed at `changes` places; `donor` lends pieces. Of at most `most` characters: what would grow past
 * that comes back as it was.
 */
export function changedText(
  random: Random,
  text: string,
  changes: number,
  donor: string,
  most: number,
): string {
  let root = JSON.parse(text) as Json;
  for (let i = 0; i < changes; i++) root = changeOnce(random, root, donor, most);
  const changed = JSON.stringify(root);
  return changed.length <= most ? changed : text;
}

interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: number | string;
}

/** Every value below the root with where it lies. */
function placesIn(root: Json): Place[] {
  const places: Place[] = [];
  const open: Json[] = [root];
  while (open.length > 0) {
    const value = open.pop()!;
    if (Array.isArray(value)) {
      for (let key = 0; key < value.length; key++) {
        places.push({ holder: value, key });
        open.push(value[key]!);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const key of Object.keys(value)) {
        places.push({ holder: value, key });
        open.push(value[key]!);
      }
    }
  }
  return places;
}

function changeOnce(random: Random, root: Json, donor: string, most: number): Json {
  const places = placesIn(root);
  if (places.length === 0) return random.chance(1, 2) ? someValue(random) : (JSON.parse(donor) as Json);
  const { holder, key } = random.pick(places);
  const value = get(holder, key);
  switch (random.below(12)) {
    case 0:
      remove(holder, key);
      break;
    case 1:
    case 2:
    case 3:
      set(holder, key, someValue(random));
      break;
    case 4:
      rename(holder, key, random.pick(KEYS));
      break;
    case 5:
      set(holder, key, wrap(random, value));
      break;
    case 6: {
      const others = placesIn(JSON.parse(donor) as Json);
      if (others.length === 0) break;
      const other = random.pick(others);
      set(holder, key, get(other.holder, other.key));
      break;
    }
    case 7:
      if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, structuredClone(value));
      else holder[random.pick(KEYS)] = structuredClone(value);
      break;
    case 8:
      if (Array.isArray(value)) value.push(someValue(random));
      else if (typeof value === "object" && value !== null) value[random.pick(KEYS)] = someValue(random);
      else set(holder, key, [value]);
      break;
    case 9: {
      const other = random.pick(places);
      set(holder, key, structuredClone(get(other.holder, other.key)));
      break;
    }
    case 10:
      if (typeof value === "string") set(holder, key, changedString(random, value, most));
      else set(holder, key, someValue(random));
      break;
    default:
      if (Array.isArray(value)) {
        // Copies of copies would grow without end.
        const room = Math.floor(most / JSON.stringify(value).length);
        const many = Math.min(random.small(200), room * value.length);
        for (let i = 0; i < many; i++)
          value.push(structuredClone(value[i % Math.max(1, value.length)] ?? null));
      } else set(holder, key, random.pick(TEXTS));
  }
  return root;
}

function get(holder: Place["holder"], key: Place["key"]): Json {
  return (holder as { [key: string]: Json })[key]!;
}

function set(holder: Place["holder"], key: Place["key"], value: Json): void {
  (holder as { [key: string]: Json })[key] = value;
}

function remove(holder: Place["holder"], key: Place["key"]): void {
  if (Array.isArray(holder)) holder.splice(key as number, 1);
  else delete holder[key];
}

function rename(holder: Place["holder"], key: Place["key"], name: string): void {
  if (Array.isArray(holder)) {
    holder[key as number] = name;
    return;
  }
  const value = holder[key]!;
  delete holder[key];
  holder[name] = value;
}

function wrap(random: Random, value: Json): Json {
  const kinds: readonly ((inner: Json) => Json)[] = [
    (inner) => [inner],
    (inner) => ({ all: inner }),
    (inner) => ({ any: [inner] }),
    (inner) => ({ not: inner }),
    // What stands twice would double with every level around it.
    (inner) => ({ if: inner, [THEN]: { [random.pick(KEYS)]: [random.pick(TEXTS)] } }),
    (inner) => ({ [random.pick(KEYS)]: inner }),
    (inner) => ({ some: inner }),
    (inner) => ({ count: { of: inner, is: ">1" } }),
  ];
  let wrapped = value;
  const depth = 1 + random.small(random.chance(1, 50) ? 140 : 4);
  for (let i = 0; i < depth; i++) wrapped = random.pick(kinds)(wrapped);
  return wrapped;
}

function someValue(random: Random): Json {
  switch (random.below(8)) {
    case 0:
      return random.pick(NUMBERS);
    case 1:
      return random.pick([null, true, false]);
    case 2:
      return random.pick<Json>([[], {}, [[]], [{}], { "": {} }]);
    case 3:
      return random.pick(KEYS);
    case 4:
      return { [random.pick(KEYS)]: random.pick(TEXTS) };
    case 5:
      return [random.pick(TEXTS), random.pick(KEYS)];
    default:
      return random.pick(TEXTS);
  }
}

function changedString(random: Random, text: string, most: number): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.pick(TEXTS) + text.slice(at);
    case 2:
      return text.repeat(1 + random.small(Math.min(20, 1 + Math.floor(most / (text.length + 1)))));
    default:
      return text.slice(0, at) + String.fromCodePoint(random.small(0xd800)) + text.slice(at + 1);
  }
}

/** Bytes that were changed at a few places, regardless of what they mean. */
export function changedBytes(random: Random, bytes: Uint8Array): Uint8Array {
  let changed = bytes;
  for (let i = 0; i <= random.small(4); i++) changed = changeBytesOnce(random, changed);
  return changed;
}

function changeBytesOnce(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.small(40));
  switch (random.below(6)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return spliced(bytes, at, end, new Uint8Array());
    case 2:
      return spliced(bytes, at, at, random.pick(tokens));
    case 3:
      return spliced(bytes, end, end, bytes.subarray(at, end));
    case 4:
      return spliced(bytes, at, end, random.pick(tokens));
    default: {
      const copy = bytes.slice();
      if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
      return copy;
    }
  }
}

function spliced(bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array {
  const all = new Uint8Array(from + between.length + bytes.length - to);
  all.set(bytes.subarray(0, from));
  all.set(between, from);
  all.set(bytes.subarray(to), from + between.length);
  return all;
}

/** Bytes of no meaning. */
export function randomBytes(random: Random, most: number): Uint8Array {
  return Uint8Array.from({ length: random.small(most) }, () => random.below(256));
}
