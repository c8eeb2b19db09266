/** Documents as they may be written, several of them, includes: docs/language.md, "The requirements document", "Several documents". */
import {
  ATOMS,
  F,
  native,
  requirements,
  requires,
  T,
  type Table,
  type TableCase,
  U,
  verdict,
} from "./table.ts";

const FLAGS = { "s.flags": ["t"] };

function written(name: string, text: string, truth: "T" | "F" | "U"): TableCase {
  return { name, documents: [native(text)], facts: ATOMS, want: verdict(truth) };
}

const HEAD = '"apiVersion":"hostfit/v1.0","kind":"Requirements"';

export const documents: Table = {
  file: "documents",
  description: "How documents may be written, several documents conjoined, includes.",
  cases: [
    written("the least", `{${HEAD}}`, "T"),
    written(
      "white space everywhere",
      ` \t\r\n{ "apiVersion" : "hostfit/v1.0" ,\n"kind" : "Requirements" , "requires" : { "s.flags" : [ "f" ] } } \n`,
      "F",
    ),
    written(
      "escapes in keys and values",
      `{"apiVersion":"hostfit\\/v1.0","k\\u0069nd":"Requirements","requires":{"s.fl\\u0061gs":["\\u0074"]}}`,
      "T",
    ),
    written(
      "any order of keys",
      `{"requires":{"s.flags":["f"]},"kind":"Requirements","apiVersion":"hostfit/v1.0"}`,
      "F",
    ),
    written(
      "characters beyond the basic plane",
      `{${HEAD},"name":"\\ud83d\\ude00 \u{1f600}","requires":{"s.flags":["t"]}}`,
      "T",
    ),
    written(
      "annotations of any names",
      `{${HEAD},"annotations":{"":"","a.b":"null","constructor":"x","__proto__":"y"}}`,
      "T",
    ),
    written(
      "features named like a language's own names",
      `{${HEAD},"requires":{"constructor.prototype":["x"],"__proto__.x":["y"]}}`,
      "U",
    ),
    written(
      "attributes named like a language's own names",
      `{${HEAD},"requires":{"s.unseen":{"__proto__":"1","constructor":"2","toString":{"exists":true}}}}`,
      "U",
    ),
    written(
      "empty texts",
      `{${HEAD},"name":"","description":"","documentation":"","requires":{"name":"","s.flags":["t"]}}`,
      "T",
    ),
    {
      name: "everything that a document may have",
      documents: [
        requirements({
          name: "n",
          description: "d",
          documentation: "https://example.org",
          annotations: { "org.example.niche": "kept and shown, never evaluated" },
          requires: T,
          includes: [{ origin: "o", digest: "sha256:0", requires: T }],
          prefers: [{ weight: 1, when: T, name: "n", description: "d", documentation: "x" }],
          runtimes: [{ type: "default", requires: T, name: "n", description: "d", documentation: "x" }],
        }),
      ],
      facts: ATOMS,
      want: verdict("T", { score: 1, maxScore: 1, runtime: { type: "default", handler: null } }),
    },
    {
      name: "no document at all",
      facts: ATOMS,
      want: verdict("T", { reasons: [], preferences: [], nfd: [], platform: null, runtime: null }),
    },
    {
      name: "two documents, one false",
      documents: [requires(T, "a"), requires(F, "b")],
      facts: ATOMS,
      want: verdict("F", { reasons: [{ document: "b" }] }),
    },
    {
      name: "two documents, one unknown",
      documents: [requires(U, "a"), requires(T, "b")],
      facts: ATOMS,
      want: verdict("U", { reasons: [{ document: "a" }] }),
    },
    {
      name: "unknown and false",
      documents: [requires(U, "a"), requires(F, "b")],
      facts: ATOMS,
      want: verdict("F", { reasons: [{ document: "b" }] }),
    },
    {
      name: "three documents that are true",
      documents: [requires(T, "a"), requires(T, "b"), requires(T, "c")],
      facts: ATOMS,
      want: verdict("T"),
    },
    {
      name: "two documents with one id",
      documents: [requires(F, "a"), requires({ "s.flags": ["g"] }, "a")],
      facts: ATOMS,
      want: verdict("F", {
        reasons: [
          { document: "a", name: "f" },
          { document: "a", name: "g" },
        ],
      }),
    },
    {
      name: "an include that is false",
      documents: [requirements({ requires: T, includes: [{ origin: "base", requires: F }] })],
      facts: ATOMS,
      want: verdict("F", { reasons: [{ pointer: "/includes/0/requires/s.flags/0", origin: "base" }] }),
    },
    {
      name: "an include that is unknown",
      documents: [requirements({ includes: [{ origin: "base", requires: U }] })],
      facts: ATOMS,
      want: verdict("U", { reasons: [{ origin: "base" }] }),
    },
    {
      name: "includes that are true",
      documents: [
        requirements({
          requires: FLAGS,
          includes: [
            { origin: "a", requires: T },
            { origin: "b", requires: [T] },
          ],
        }),
      ],
      facts: ATOMS,
      want: verdict("T"),
    },
  ],
};
