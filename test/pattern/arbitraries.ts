import fc from "fast-check";

/** Characters that folding, word boundaries, lines and UTF-8 tell apart. */
const CHARACTERS = [
  ..."abckKsSzZ019_-.\n\t é\u00c9\u017f\u212aßẞǅµμΜθϑϴ世\u{1f600}\u{10400}\u{10428}\u00a0\u2028\u0301",
];

const character = fc.constantFrom(...CHARACTERS);

/** Texts over the same characters as the patterns, so that they match often. */
export const familiarText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.array(character, { maxLength: 8 }).map((all) => all.join("")) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom("a", "b", "k", "\n"), { maxLength: 20 }).map((all) => all.join("")),
  },
);

/** The same, and now and then texts of any characters. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: familiarText },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

/** Long texts of few characters, which lead through many states. */
export const longText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("a", "b", "c", "_", "\n", "\u00e9"), { minLength: 100, maxLength: 400 })
  .map((all) => all.join(""));

const quoted = character.map((c) => (/[.-]/.test(c) ? `\\${c}` : c));
const CATEGORIES = [
  "L",
  "Lu",
  "Ll",
  "N",
  "Zs",
  "P",
  "M",
  "Cn",
  "C",
  "LC",
  "Any",
  "Assigned",
  "ASCII",
  "Letter",
  "So",
];

const categoryEscape = fc
  .tuple(fc.constantFrom("p", "P"), fc.constantFrom("", "^"), fc.constantFrom(...CATEGORIES))
  .map(([letter, caret, name]) => `\\${letter}{${caret}${name}}`);
const perlClass = fc.constantFrom("\\d", "\\D", "\\s", "\\S", "\\w", "\\W", "\\pL", "\\PN");
const escaped = fc.constantFrom(
  "\\n",
  "\\t",
  "\\x41",
  "\\x{212a}",
  "\\101",
  "\\.",
  "\\Qa.b\\E",
  "\\*",
  "\\x{10FFFF}",
);
const posix = fc
  .tuple(
    fc.constantFrom("", "^"),
    fc.constantFrom(
      "alpha",
      "alnum",
      "digit",
      "lower",
      "upper",
      "punct",
      "space",
      "word",
      "xdigit",
      "cntrl",
      "print",
    ),
  )
  .map(([caret, name]) => `[:${caret}${name}:]`);
const classMember = fc.oneof(
  { weight: 4, arbitrary: character.map((c) => (c === "-" ? "\\-" : c)) },
  fc
    .tuple(character, character)
    .map(([a, b]) => (a < b ? `${member(a)}-${member(b)}` : `${member(b)}-${member(a)}`)),
  perlClass,
  posix,
  categoryEscape,
);
function member(c: string): string {
  return c === "-" ? "\\-" : c;
}
const bracketed = fc
  .tuple(fc.constantFrom("", "^"), fc.array(classMember, { minLength: 1, maxLength: 4 }))
  .map(([caret, members]) => `[${caret}${members.join("")}]`);
const assertion = fc.constantFrom("^", "$", "\\A", "\\z", "\\b", "\\B");
const repetition = fc.constantFrom(
  "*",
  "+",
  "?",
  "*?",
  "+?",
  "??",
  "{2}",
  "{0,2}",
  "{1,}",
  "{0}",
  "{2,3}",
  "{0,}?",
);
const opening = fc.constantFrom(
  "(",
  "(?:",
  "(?i:",
  "(?m:",
  "(?s:",
  "(?im:",
  "(?-i:",
  "(?P<n>",
  "(?<n>",
  "(?U:",
);

/** Patterns of the language, built from its parts: most of them compile. */
export const pattern: fc.Arbitrary<string> = fc
  .letrec<{ whole: string; branch: string; piece: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      { maxDepth: 4, depthIdentifier: "pattern" },
      { weight: 6, arbitrary: quoted },
      { weight: 1, arbitrary: fc.constant(".") },
      { weight: 1, arbitrary: perlClass },
      { weight: 1, arbitrary: escaped },
      { weight: 1, arbitrary: categoryEscape },
      { weight: 2, arbitrary: bracketed },
      { weight: 2, arbitrary: assertion },
      { weight: 1, arbitrary: fc.constantFrom("(?i)", "(?m)", "(?s)", "(?-i)") },
      { weight: 5, arbitrary: fc.tuple(opening, tie("whole")).map(([open, inner]) => `${open}${inner})`) },
    ),
    piece: fc
      .tuple(tie("atom"), fc.option(repetition, { nil: "", freq: 2 }))
      .map(([atom, many]) => atom + many),
    branch: fc
      .array(tie("piece"), { maxLength: 4, depthIdentifier: "pattern" })
      .map((pieces) => pieces.join("")),
    whole: fc
      .array(tie("branch"), { minLength: 1, maxLength: 3, depthIdentifier: "pattern" })
      .map((branches) => branches.join("|")),
  }))
  .whole.map((source) => source);

const TOKENS = [
  ..."()[]{}|*+?^$.\\-:,<>=!/aAbBkKzZ019_é世",
  ...[
    "(?",
    "(?:",
    "(?i",
    "(?P<",
    "(?<",
    "(?P<n>",
    "(?-",
    "(?i-s:",
    "(?i)",
    "(?m)",
    "(?U)",
    "(?=",
    "(?#",
    "(?'n'",
  ],
  ...[
    "[^",
    "[[:",
    ":]",
    "[:alpha:]",
    "[[:word:]",
    "[[:foo:]]",
    "[]a]",
    "[a-",
    "-z]",
    "[z-a]",
    "\\Q",
    "\\E",
    "\\C",
  ],
  ...[
    "\\p",
    "\\pL",
    "\\p{",
    "\\P{^Lu}",
    "\\p{Greek}",
    "\\p{L_u}",
    "\\x",
    "\\x{",
    "\\x4",
    "\\x{110000}",
    "\\0",
    "\\18",
  ],
  ...[
    "{1}",
    "{1,",
    "{,2}",
    "{2,1}",
    "{1001}",
    "{0,1000}",
    "{01}",
    "{40}",
    "{99999999999}",
    "**",
    "+?",
    "\\b",
    "\\z",
    "\\Z",
  ],
];

/** Heaps of tokens: most of them do not compile. */
export const heap: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...TOKENS), { maxLength: 9 })
  .map((tokens) => tokens.join(""));

const core = fc.constantFrom(
  "a",
  "b",
  "[ab]",
  "[^a]",
  ".",
  "(a|b)",
  "\\w",
  "a|bc",
  "(?:ab|c)",
  "\\b",
  "(?m:^)",
  "\\PL",
);
const many = fc.constantFrom("", "", "*", "+", "?", "{3}", "{2,6}", "{5,12}", "{1,}");

/** Patterns whose tables of states grow large. */
export const explosive: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(core, many).map(([one, count]) => `(?:${one})${count}`),
    { minLength: 2, maxLength: 6 },
  )
  .map((parts) => parts.join(""));

const LETTERS = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\u0391\u0392\u0393\u0394\u4e00\u4e02",
];

/** Patterns of many classes, which divide the code points again and again. */
export const manyClasses: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "^"),
      fc.subarray(LETTERS, { minLength: 1, maxLength: 12 }),
      fc.constantFrom("", "|", "?", "*"),
    ),
    { minLength: 5, maxLength: 80 },
  )
  .map((classes) =>
    classes.map(([caret, letters, after]) => `[${caret}${letters.join("")}]${after}`).join(""),
  );

/** Texts for them. */
export const letters: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS), { maxLength: 90 })
  .map((all) => all.join(""));

/** Bytes that are a pattern or text but for what was done to one or two of them. */
export function spoilt(source: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom(0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xf0, 0xf4, 0xff, 0x61),
  );
  return fc.tuple(source, fc.array(change, { minLength: 1, maxLength: 2 })).map(([text, changes]) => {
    const bytes = new TextEncoder().encode(text);
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
    return bytes;
  });
}
