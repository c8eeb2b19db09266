import { SeededRandom } from "./random.ts";

/** Valid documents of about `bytes` bytes that are made to be slow, each in one way. The core takes all for facts without features. */
export function hostileDocuments(bytes: number): Record<string, string> {
  const random = new SeededRandom(7);
  return {
    "arrays 120 deep": document(list("[".repeat(120) + "]".repeat(120), bytes)),
    "objects 120 deep": document(list(`${'{"":'.repeat(120)}0${"}".repeat(120)}`, bytes)),
    "escaped quotes": document(list(`"${'\\"'.repeat(500)}"`, bytes)),
    "escaped code points": document(list(`"${"\\u00e9\\ud83d\\ude00".repeat(60)}"`, bytes)),
    "an escape in every string": document(list('"a\\nb"', bytes)),
    "one long string": document(`"${"x".repeat(bytes)}"`),
    "long strings of three-byte characters": document(list(`"${"\u65e5\u672c\u8a9e".repeat(100)}"`, bytes)),
    "empty strings": document(list('""', bytes)),
    "small numbers": document(list("7", bytes)),
    "long numbers": document(list("-123456789.012345678901234567890123456789e-123", bytes)),
    indentation: document(list(`${" ".repeat(400)}0`, bytes, ",\n")),
    "one object with many keys": document(`{${keys(random, bytes)}}`),
    "objects of eight keys": document(list('{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0}', bytes)),
  };
}

function document(value: string): string {
  return `{"kind":"NodeFeature","x":${value}}`;
}

/** A list of as many `part`s as fill `bytes`. */
function list(part: string, bytes: number, separator = ","): string {
  const count = Math.ceil(bytes / (part.length + separator.length));
  return `[${Array.from({ length: count }, () => part).join(separator)}]`;
}

function keys(random: SeededRandom, bytes: number): string {
  const members: string[] = [];
  for (let length = 0; length < bytes; length += 20) members.push(`"k${members.length}-${random.hex(8)}":0`);
  return members.join(",");
}
