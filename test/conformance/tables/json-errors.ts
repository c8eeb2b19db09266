/** Texts that are not the JSON that the core reads. */
import { HEAD } from "./document-errors.ts";
import type { Row } from "./errors.ts";

export function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  );
}

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + close.repeat(depth);
}

/** A document with `requires` wrapped in `not`s, so that its deepest container lies at `depth`. */
export function deep(depth: number): string {
  const wraps = depth - 3;
  return `{${HEAD},"requires":${'{"not":'.repeat(wraps)}{"a.x":["f"]}${"}".repeat(wraps)}}`;
}

export const JSON_ROWS: readonly Row[] = [
  ["nothing", "invalid-json", "", ""],
  ["white space alone", "invalid-json", "", " \n"],
  ["an open object", "invalid-json", "", `{${HEAD}`],
  ["an open array", "invalid-json", "", "[1,2"],
  ["an open string", "invalid-json", "", '{"apiVersion'],
  ["something after the document", "invalid-json", "", `{${HEAD}} x`],
  ["two documents", "invalid-json", "", `{${HEAD}}{${HEAD}}`],
  ["a comma at the end of an object", "invalid-json", "", `{${HEAD},}`],
  ["a comma at the end of an array", "invalid-json", "", `{${HEAD},"requires":[{"a.x":["f",]}]}`],
  ["a missing comma", "invalid-json", "", '{"apiVersion":"hostfit/v1.0" "kind":"Requirements"}'],
  ["a missing colon", "invalid-json", "", '{"apiVersion" "hostfit/v1.0"}'],
  ["a key without quotes", "invalid-json", "", "{apiVersion:1}"],
  ["single quotes", "invalid-json", "", "{'apiVersion':1}"],
  ["a comment", "invalid-json", "", `{${HEAD}} // no`],
  ["a leading zero", "invalid-json", "", `{${HEAD},"x":01}`],
  ["a plus sign", "invalid-json", "", `{${HEAD},"x":+1}`],
  ["a bare dot", "invalid-json", "", `{${HEAD},"x":1.}`],
  ["a dot in front", "invalid-json", "", `{${HEAD},"x":.5}`],
  ["an exponent without digits", "invalid-json", "", `{${HEAD},"x":1e}`],
  ["a minus alone", "invalid-json", "", `{${HEAD},"x":-}`],
  ["NaN", "invalid-json", "", `{${HEAD},"x":NaN}`],
  ["True", "invalid-json", "", `{${HEAD},"x":True}`],
  ["half a word", "invalid-json", "", `{${HEAD},"x":nul}`],
  ["a word with a tail", "invalid-json", "", `{${HEAD},"x":nulll}`],
  ["a line break in a string", "invalid-json", "", '{"apiVersion":"a\nb"}'],
  ["a tab in a string", "invalid-json", "", '{"apiVersion":"a\tb"}'],
  ["a null character in a string", "invalid-json", "", '{"apiVersion":"a\u0000b"}'],
  ["an unknown escape", "invalid-json", "", '{"apiVersion":"\\x41"}'],
  ["a short unicode escape", "invalid-json", "", '{"apiVersion":"\\u00"}'],
  ["a high surrogate alone", "invalid-json", "", `{${HEAD},"name":"\\ud83d"}`],
  ["a low surrogate alone", "invalid-json", "", `{${HEAD},"name":"\\ude00"}`],
  ["surrogates the wrong way round", "invalid-json", "", `{${HEAD},"name":"\\ude00\\ud83d"}`],
  ["a byte order mark", "invalid-json", "", `\ufeff{${HEAD}}`],
  ["a no-break space", "invalid-json", "", `\u00a0{${HEAD}}`],
  ["a vertical tab as white space", "invalid-json", "", `\v{${HEAD}}`],
  ["a letter outside of strings", "invalid-json", "", `{${HEAD}}é`],
  ["a mismatched bracket", "invalid-json", "", `{${HEAD},"requires":[}]`],
  [
    "broken JSON goes before what else is wrong",
    "invalid-json",
    "",
    '{"apiVersion":"hostfit/v9.9","nonsense":1,',
  ],
  ["a stray continuation byte", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0x80], '"}')],
  ["an overlong slash", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xc0, 0xaf], '"}')],
  [
    "an overlong form of three bytes",
    "invalid-utf8",
    "",
    bytes(`{${HEAD},"name":"`, [0xe0, 0x80, 0xaf], '"}'),
  ],
  ["an encoded surrogate", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xed, 0xa0, 0x80], '"}')],
  ["beyond U+10FFFF", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xf4, 0x90, 0x80, 0x80], '"}')],
  ["a byte that never occurs", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xff], '"}')],
  [
    "a sequence that is cut off by a quote",
    "invalid-utf8",
    "",
    bytes(`{${HEAD},"name":"`, [0xe2, 0x82], '"}'),
  ],
  ["a sequence that is cut off by the end", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xe2, 0x82])],
  ["bad UTF-8 in a key", "invalid-utf8", "", bytes(`{${HEAD},"`, [0xc3, 0x28], '":1}')],
  ["a byte beyond ASCII between tokens", "invalid-json", "", bytes(`{${HEAD}}`, [0xff])],
  ["Latin-1", "invalid-utf8", "", bytes(`{${HEAD},"name":"caf`, [0xe9], '"}')],
  ["broken JSON before bad UTF-8", "invalid-json", "", bytes(`{${HEAD},}`, [0xff])],
  ["bad UTF-8 before broken JSON", "invalid-utf8", "", bytes(`{${HEAD},"name":"`, [0xff], '",}')],
  ["129 objects deep", "too-deep", "", deep(129)],
  ["129 arrays deep", "too-deep", "", nested(129, "[", "]")],
  ["a hundred thousand arrays deep", "too-deep", "", nested(100000, "[", "]")],
  ["too deep before it is broken", "too-deep", "", "[".repeat(200)],
  ["broken before it is too deep", "invalid-json", "", `{"x" ${"[".repeat(200)}`],
];
