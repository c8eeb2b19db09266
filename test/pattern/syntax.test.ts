import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadEngine, Pattern } from "./engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
}, 120_000);

/** A pattern, texts that it matches, and texts that it does not. */
type Row = readonly [pattern: string, matching: readonly string[], others: readonly string[]];

function itMatches(rows: readonly Row[]): void {
  it.each(rows)("%s", (pattern, matching, others) => {
    const answer = (text: string) => engine.matches(pattern, text);
    expect(matching.filter((text) => !answer(text))).toEqual([]);
    expect(others.filter(answer)).toEqual([]);
  });
}

describe("characters and classes", () => {
  itMatches([
    ["", ["", "a"], []],
    ["abc", ["abc", "xabcx"], ["ab", "acb", ""]],
    [".", ["a", "\u4e16", "\u{1f600}"], ["", "\n"]],
    ["(?s).", ["a", "\n"], [""]],
    ["^.$", ["\u00e9", "\u{1f600}"], ["ab", "\n"]],
    ["[abc]", ["a", "xxc"], ["d", ""]],
    ["^[^a]$", ["b", "\n", "\u4e16"], ["a"]],
    ["^[a-c\u4e00-\u9fff]+$", ["abc\u4e16"], ["d", "\u3000"]],
    ["^[]a]+$", ["]a"], ["b"]],
    ["^[^]a]+$", ["b"], ["]", "a"]],
    ["^[a-]+$", ["a-"], ["b"]],
    ["^[-a]+$", ["a-"], ["b"]],
    ["^[a\\-c]+$", ["a-c"], ["b"]],
    ["^[[:alpha:]]+$", ["azAZ"], ["1", "\u00e9", ""]],
    ["^[[:^alpha:]]+$", ["1\u00e9"], ["a"]],
    ["^[^[:space:]x]+$", ["ab"], ["a b", "x", "\v"]],
    ["^[[:word:]-]+$", ["a_1-"], ["."]],
    ["^[[:xdigit:]]+$", ["09afAF"], ["g"]],
    ["^\\d+$", ["0123456789"], ["\u0663", "a"]],
    ["^\\D$", ["\u0663", "\n"], ["1"]],
    ["^\\s$", ["\t", "\n", "\f", "\r", " "], ["\v", "\u00a0"]],
    ["^\\w+$", ["aZ_9"], ["\u00e9", "-"]],
    ["^[\\d\\s]+$", ["1 2"], ["a"]],
    ["^[^\\D]+$", ["12"], ["a"]],
    ["[^\\x00-\\x{10FFFF}]", [], ["", "a", "\u{1f600}"]],
    // As many classes as runs of code points, and the class that all began in is none of them.
    ["^(?s).[\\x00-a][\\x00-b]$", ["xab", "bAb"], ["xbb", "xac"]],
  ]);
});

describe("escapes", () => {
  itMatches([
    ["^\\a\\f\\n\\r\\t\\v$", ["\x07\f\n\r\t\v"], []],
    ["^\\x41\\x{1F600}\\101\\0$", ["A\u{1f600}A\0"], []],
    ["^\\.\\*\\_\\-\\/$", [".*_-/"], ["abcde"]],
    ["^\\Qa.b*\\E+$", ["a.b*", "a.b**"], ["axb"]],
    ["^\\Q(", ["("], [""]],
    ["^a\\Q\\E*$", ["", "aaa"], ["b"]],
    ["\\x{D800}", [], ["\u{1f600}", "\ufffd"]],
  ]);
});

describe("general categories of Unicode", () => {
  itMatches([
    ["^\\pL+$", ["aZ\u00e9\u4e16"], ["1", "-"]],
    ["^\\p{Lu}+$", ["A\u00c9\u0410"], ["a", "\u01c5"]],
    ["^\\P{Lu}+$", ["a1"], ["A"]],
    ["^\\p{^Lu}+$", ["a1"], ["A"]],
    ["^\\P{^Lu}+$", ["A"], ["a"]],
    ["^\\p{Uppercase_Letter}+$", ["A"], ["a"]],
    ["^\\p{uppercase LETTER}+$", ["A"], ["a"]],
    ["^\\p{digit}+$", ["1\u0663"], ["a"]],
    ["^\\p{LC}+$", ["aA\u01c5"], ["\u4e16", "1"]],
    ["^\\p{Cn}$", ["\u0378", "\u{10ffff}"], ["a"]],
    ["^\\p{Assigned}$", ["a", "\ue000"], ["\u0378"]],
    ["^\\p{Any}$", ["a", "\u0378"], ["ab"]],
    ["^\\p{ASCII}+$", ["a~\0"], ["\u00e9"]],
    ["^[\\pL\\d]+$", ["a1\u00e9"], ["-"]],
    ["^[^\\pL]+$", ["1-"], ["a"]],
    ["(?i)^\\p{Lu}$", ["a", "A", "\u017f"], ["1", "\u4e16"]],
    ["(?i)^\\P{Lu}$", ["1", "\u4e16"], ["a", "A"]],
  ]);
});

describe("case folding", () => {
  itMatches([
    ["(?i)^k$", ["k", "K", "\u212a"], ["x"]],
    ["(?i)^\u212a$", ["k", "K", "\u212a"], ["x"]],
    ["(?i)^s$", ["s", "S", "\u017f"], ["\u00df"]],
    ["(?i)^\u00df$", ["\u00df", "\u1e9e"], ["ss", "SS"]],
    ["(?i)^\u03bc$", ["\u00b5", "\u039c", "\u03bc"], ["m"]],
    ["(?i)^\u01c5$", ["\u01c4", "\u01c5", "\u01c6"], ["d"]],
    ["(?i)^\u{10400}$", ["\u{10428}"], ["\u{10429}"]],
    ["(?i)^[j-l]+$", ["JKl\u212a"], ["m", "s"]],
    ["(?i)^[^k]$", ["x"], ["k", "K", "\u212a"]],
    ["(?i)^\\w$", ["a", "\u017f", "\u212a"], ["\u00e9"]],
    ["(?i)^\\W$", ["\u00e9"], ["a", "\u017f"]],
    ["(?i)^[[:upper:]]$", ["a", "A"], ["1"]],
    ["^a(?i)b$", ["ab", "aB"], ["AB"]],
    ["^(?i:a)b$", ["ab", "Ab"], ["aB"]],
    ["(?i)^a(?-i)b$", ["Ab"], ["aB"]],
    ["^(a(?i)b)c$", ["abc", "aBc"], ["abC"]],
    ["^a(?i)b|c$", ["aB", "C"], ["Ac ", "A"]],
  ]);
});

describe("anchors and word boundaries", () => {
  itMatches([
    ["^a", ["ab"], ["ba", "b\na"]],
    ["a$", ["ba"], ["ab", "a\n"]],
    ["(?m)^a$", ["a", "b\na\nc"], ["ab", "ba"]],
    ["(?m)\\Aa\\z", ["a"], ["b\na"]],
    ["^$", [""], ["a", "\n"]],
    ["(?m)^$", ["", "\n", "a\n"], ["a"]],
    ["\\bfoo\\b", ["foo", "a foo.", "\u00e9foo"], ["foobar", "_foo"]],
    ["\\B", ["", "aa", "--"], ["a", "a\u00e9a"]],
    ["a\\Bb", ["ab"], ["a b"]],
    ["x*\\b", ["x"], ["", "\u00e9"]],
    ["(?m)(^|x)$", ["", "ax", "\n"], ["a"]],
    ["(^a|b)c", ["ac", "xbc"], ["xac"]],
    ["(?:^)*a", ["ba"], [""]],
    ["a\\z|^b", ["xa", "bx"], ["xb"]],
    ["(?m)$^", ["", "a\n"], ["a"]],
    ["(?m)a$\\n^b", ["a\nb"], ["ab"]],
  ]);
});

describe("repetition, alternation and groups", () => {
  itMatches([
    ["^a*$", ["", "aaa"], ["ab"]],
    ["^a+$", ["a", "aa"], [""]],
    ["^ab?$", ["a", "ab"], ["abb"]],
    ["^a*?b+?c??$", ["b", "aabbc"], ["a"]],
    ["^a{3}$", ["aaa"], ["aa", "aaaa"]],
    ["^a{2,}$", ["aa", "aaaaa"], ["a"]],
    ["^a{0,}$", ["", "aa"], ["b"]],
    ["^a{2,4}?$", ["aa", "aaaa"], ["a", "aaaaa"]],
    ["^a{0}$", [""], ["a"]],
    ["^(ab|c){0,2}$", ["", "abc", "cc"], ["ccc", "a"]],
    ["^(a{2}){3}$", ["aaaaaa"], ["aaaaa"]],
    ["^a{,2}$", ["a{,2}"], ["aa"]],
    ["^a{01}$", ["a{01}"], ["a"]],
    ["^a{1$", ["a{1"], ["a"]],
    ["^{", ["{"], ["a"]],
    ["^(?:a|b|cd)+$", ["abcdab"], ["abc"]],
    ["^(|a)+$", ["", "aaa"], ["b"]],
    ["^(a||b)c$", ["ac", "bc", "c"], ["abc"]],
    ["a|b|", ["", "x"], []],
    ["^(?P<name>a)(?<other>b)$", ["ab"], ["a"]],
    ["^(?U)a+$", ["aa"], [""]],
    ["^(?i-s:a.)$", ["Ab"], ["A\n"]],
    ["^(?)a$", ["a"], ["b"]],
    ["^((a*)*)*$", ["", "aaa"], ["b"]],
    ["^(a?){50}a{50}$", ["a".repeat(50), "a".repeat(100)], ["a".repeat(49), "a".repeat(101)]],
    ["(a|b)*a(a|b){9}c", [`${"ab".repeat(30)}aabababababc`], ["ab".repeat(40)]],
  ]);
});

describe("what is refused, and where", () => {
  it.each([
    ["a**", "invalid-nested-repetition", 1],
    ["a*?*", "invalid-nested-repetition", 1],
    ["a+{2}", "invalid-nested-repetition", 1],
    ["*", "missing-repeat-argument", 0],
    ["a|*", "missing-repeat-argument", 2],
    ["(+)", "missing-repeat-argument", 1],
    ["(?i)*", "missing-repeat-argument", 4],
    ["{2}", "missing-repeat-argument", 0],
    ["(a", "missing-closing-paren", 0],
    ["a(b(c)", "missing-closing-paren", 1],
    ["a)", "unexpected-paren", 1],
    ["[a", "missing-closing-bracket", 0],
    ["x[]", "missing-closing-bracket", 1],
    ["[z-a]", "invalid-character-range", 1],
    ["[a[:foo:]]", "invalid-character-range", 2],
    ["[[:d:]]", "invalid-character-range", 1],
    ["\\p{Lu", "invalid-character-range", 0],
    ["\\p", "invalid-character-range", 0],
    ["a\\", "trailing-backslash", 1],
    ["\\y", "invalid-escape", 0],
    ["(a)\\1", "invalid-escape", 3],
    ["\\8", "invalid-escape", 0],
    ["\\C", "invalid-escape", 0],
    ["\\Z", "invalid-escape", 0],
    ["[\\b]", "invalid-escape", 1],
    ["[a-\\d]", "invalid-escape", 3],
    ["\\x4", "invalid-escape", 0],
    ["\\x{110000}", "invalid-escape", 0],
    ["\\x{}", "invalid-escape", 0],
    ["\\\u00e9", "invalid-escape", 0],
    ["a(?=b)", "invalid-perl-operator", 1],
    ["(?!b)", "invalid-perl-operator", 0],
    ["(?>b)", "invalid-perl-operator", 0],
    ["(?i", "invalid-perl-operator", 0],
    ["(?i-)", "invalid-perl-operator", 0],
    ["(?i--s)", "invalid-perl-operator", 0],
    ["(?P=n)", "invalid-perl-operator", 0],
    ["(?P<n", "invalid-named-capture", 0],
    ["(?<=a)", "invalid-named-capture", 0],
    ["(?P<>a)", "invalid-named-capture", 0],
    ["(?P<a-b>a)", "invalid-named-capture", 0],
    ["a{1001}", "invalid-repeat-count", 1],
    ["a{2,1}", "invalid-repeat-count", 1],
    ["a{0,1001}", "invalid-repeat-count", 1],
    ["a{99999999999}", "invalid-repeat-count", 1],
    ["((a{11}){10}){10}", "invalid-repeat-count", 13],
    ["(a{500}){2,3}", "invalid-repeat-count", 8],
    ["\\p{Greek}", "unknown-unicode-class", 0],
    ["[a\\p{Han}]", "unknown-unicode-class", 2],
    ["\\p{Foo}", "unknown-unicode-class", 0],
    ["\\pX", "unknown-unicode-class", 0],
  ])("%s", (pattern, error, offset) => {
    expect(engine.compile(pattern)).toEqual({ error, offset });
  });

  it("is a pattern that is not UTF-8, at the byte where it ceases to be", () => {
    const offsets = [[0x61, 0xff], [0xc3], [0x61, 0x62, 0xed, 0xa0, 0x80], [0x5b, 0x80, 0x5d]].map((bytes) =>
      engine.compile(new Uint8Array(bytes)),
    );
    const error = "invalid-utf8";
    expect(offsets).toEqual([1, 0, 2, 1].map((offset) => ({ error, offset })));
  });
});

describe("text that is not UTF-8", () => {
  it("is read as Go reads it: a wrong byte is U+FFFD", () => {
    const text = new Uint8Array([0x61, 0xff, 0x62]);
    expect(engine.matches("^a.b$", text)).toBe(true);
    expect(engine.matches("^a\ufffdb$", text)).toBe(true);
    expect(engine.matches("^a..b$", text)).toBe(false);
  });
});

describe("equal things", () => {
  it("are kept once: a pattern of one character a thousand times has two classes", () => {
    const compiled = engine.compile("a{1000}");
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    expect([compiled.instructions, compiled.classes]).toEqual([1001, 2]);
    compiled.free();
  });
});
