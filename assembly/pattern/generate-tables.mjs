// Writes unicode-tables.ts: `node assembly/pattern/generate-tables.mjs` (needs Go 1.26).
//
// The tables come out of Go's own `unicode` package and not out of Node's `\p{..}`, because a pattern must mean here
// what it means to Go 1.26, whose Unicode is 15.0.0, while Node's version changes from one Node to the next.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** In an order that makes every name of a group (L, LC, M, N, P, S, Z, C) a run of neighbours. */
const CATEGORIES = [
  ..."Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No".split(" "),
  ..."Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split(" "),
];
/** Stands for a run of Lu, Ll, Lu, Ll ... of one code point each. */
const ALTERNATING = 30;
/** Stands for a name that is no union of categories: ASCII. */
const ASCII = 31;

const PROGRAM = `package main

import (
	"encoding/json"
	"os"
	"runtime"
	"unicode"
)

func main() {
	category := make([]string, unicode.MaxRune+1)
	fold := map[rune]rune{}
	names := map[string][]string{}
	for name, table := range unicode.Categories {
		if len(name) == 2 && name != "LC" {
			for r := rune(0); r <= unicode.MaxRune; r++ {
				if unicode.Is(table, r) {
					category[r] = name
				}
			}
		}
	}
	for name, table := range unicode.Categories {
		seen := map[string]bool{}
		for r := rune(0); r <= unicode.MaxRune; r++ {
			if unicode.Is(table, r) && !seen[category[r]] {
				seen[category[r]] = true
				names[name] = append(names[name], category[r])
			}
		}
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if f := unicode.SimpleFold(r); f > r {
			fold[r] = f
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"go": runtime.Version(), "unicode": unicode.Version,
		"category": category, "names": names, "aliases": unicode.CategoryAliases, "fold": fold,
	})
}
`;

const folder = mkdtempSync(join(tmpdir(), "unicode-tables-"));
let go;
try {
  writeFileSync(join(folder, "main.go"), PROGRAM);
  const out = execFileSync("go", ["run", join(folder, "main.go")], { maxBuffer: 1 << 28 });
  go = JSON.parse(out.toString());
} finally {
  rmSync(folder, { recursive: true });
}

/** A row of bits, the lowest bit of a byte first: what bits.ts reads. */
class Bits {
  #bits = [];

  /** A number of so many bits. */
  fixed(value, count) {
    for (let bit = 0; bit < count; bit++) this.#bits.push((value >>> bit) & 1);
  }

  /** Exponential Golomb code: mostly small numbers. */
  number(value, order) {
    const shifted = value + 2 ** order;
    const bits = 31 - Math.clz32(shifted);
    this.fixed(2 ** (bits - order), bits - order + 1);
    this.fixed(shifted - 2 ** bits, bits);
  }

  /** With the padding that lets 25 bits be loaded from anywhere. */
  bytes() {
    const bytes = new Array(Math.ceil(this.#bits.length / 8) + 3).fill(0);
    this.#bits.forEach((bit, place) => {
      bytes[place >>> 3] |= bit << (place & 7);
    });
    return bytes;
  }
}

/** How many successors of a category have a short code. */
const SUCCESSORS = 3;

function categoryRuns() {
  const runs = [];
  for (const name of go.category) {
    const category = CATEGORIES.indexOf(name);
    if (category < 0) throw new Error(`unknown category ${name}`);
    const last = runs.at(-1);
    if (last !== undefined && last.category === category) last.length++;
    else runs.push({ category, length: 1 });
  }
  const [upper, lower] = [CATEGORIES.indexOf("Lu"), CATEGORIES.indexOf("Ll")];
  const single = (at, category) => runs[at]?.category === category && runs[at].length === 1;
  const joined = [];
  for (let at = 0; at < runs.length; ) {
    let pairs = 0;
    while (single(at + 2 * pairs, upper) && single(at + 2 * pairs + 1, lower)) pairs++;
    if (pairs >= 2) joined.push({ category: ALTERNATING, length: pairs });
    else joined.push(runs[at]);
    at += pairs >= 2 ? 2 * pairs : 1;
  }
  return joined;
}

/** For each category the ones that follow it most often, the most frequent first. */
function successorsIn(runs) {
  const counts = Array.from({ length: ALTERNATING + 1 }, () => new Array(ALTERNATING + 1).fill(0));
  let last = 0;
  for (const { category } of runs) {
    counts[last][category]++;
    last = category;
  }
  return counts.map((row) =>
    row
      .map((count, category) => ({ count, category }))
      .sort((a, b) => b.count - a.count || a.category - b.category)
      .slice(0, SUCCESSORS)
      .map(({ category }) => category),
  );
}

function encodeRuns(runs, successors) {
  const bits = new Bits();
  let last = 0;
  for (const { category, length } of runs) {
    const place = successors[last].indexOf(category);
    bits.fixed(place < 0 ? SUCCESSORS : place, 2);
    if (place < 0) bits.fixed(category, 5);
    bits.number(length - 1, 1);
    last = category;
  }
  return bits.bytes();
}

/** As Go's `canonicalName`: no underscores, spaces or hyphens, the first letter large and all others small. */
function canonical(name) {
  const letters = name.replace(/[-_ ]/g, "");
  return letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
}

function categoryNames() {
  const names = new Map([
    ["Any", [0, CATEGORIES.length - 1]],
    ["Assigned", [0, CATEGORIES.length - 2]],
    ["Ascii", [ASCII, ASCII]],
  ]);
  for (const [name, members] of Object.entries(go.names)) {
    const places = members.map((member) => CATEGORIES.indexOf(member)).sort((a, b) => a - b);
    if (places.at(-1) - places[0] !== places.length - 1) throw new Error(`${name} is no run of neighbours`);
    names.set(canonical(name), [places[0], places.at(-1)]);
  }
  for (const [alias, name] of Object.entries(go.aliases)) {
    if (!names.has(canonical(alias))) names.set(canonical(alias), names.get(canonical(name)));
  }
  const bytes = [];
  for (const [name, [first, last]] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    bytes.push(name.length, ...Buffer.from(name), first, last);
  }
  return [...bytes, 0];
}

function foldPairs() {
  const pairs = Object.entries(go.fold).map(([from, to]) => ({
    from: Number(from),
    distance: to - Number(from),
  }));
  pairs.sort((a, b) => a.from - b.from);
  const taken = new Set();
  const bits = new Bits();
  let last = 0;
  pairs.forEach((first, index) => {
    if (taken.has(index)) return;
    const along = (stride) => {
      const found = [index];
      let from = first.from;
      for (let next = index + 1; next < pairs.length && pairs[next].from <= from + stride; next++) {
        const pair = pairs[next];
        if (!taken.has(next) && pair.from === from + stride && pair.distance === first.distance) {
          found.push(next);
          from += stride;
        }
      }
      return found;
    };
    const [dense, sparse] = [along(1), along(2)];
    const chosen = sparse.length > dense.length ? sparse : dense;
    for (const place of chosen) taken.add(place);
    bits.number(first.from - last, 3);
    bits.number(first.distance, 4);
    bits.fixed(chosen === sparse ? 1 : 0, 1);
    bits.number(chosen.length - 1, 0);
    last = first.from;
  });
  bits.number(0, 3);
  bits.number(0, 4);
  return bits.bytes();
}

function table(name, doc, bytes) {
  const lines = [];
  let line = " ";
  for (const byte of bytes) {
    if (line.length + String(byte).length + 2 > 110) {
      lines.push(line);
      line = " ";
    }
    line += ` ${byte},`;
  }
  lines.push(line);
  const comment = doc.map((text) => ` * ${text}`.trimEnd()).join("\n");
  return `/**\n${comment}\n */\n// biome-ignore format: generated\nexport const ${name}: usize = memory.data<u8>([\n${lines.join("\n")}\n]);\n`;
}

const runs = categoryRuns();
const successors = successorsIn(runs);
const source = [
  `// Generated by generate-tables.mjs from ${go.go}, whose Unicode is ${go.unicode}. Not for editing.\n`,
  table(
    "CATEGORY_RUNS",
    [
      "The general category of every code point, as runs from U+0000 to U+10FFFF. Each run is",
      "",
      "   2 bits    0, 1, 2: its category is that successor of the one before; 3: it follows in 5 bits",
      "   number    its length less 1, in the code of the order 1 (bits.ts)",
      "",
      `Categories are numbered ${CATEGORIES.join(" ")};`,
      `${ALTERNATING} is a run of pairs Lu, Ll, as many as its length. Before the first run it is 0.`,
    ],
    encodeRuns(runs, successors),
  ),
  table(
    "CATEGORY_SUCCESSORS",
    [`The ${SUCCESSORS} categories that follow each category most often.`],
    successors.flat(),
  ),
  table(
    "CATEGORY_NAMES",
    [
      "Names of general categories in canonical form, each as its length, its bytes, and its first and last category",
      `(${ASCII}: ASCII). A length of 0 ends the table.`,
    ],
    categoryNames(),
  ),
  table(
    "FOLD_PAIRS",
    [
      "Simple case folding as pairs (c, c + distance); the classes of equivalent code points are the connected ones.",
      "Each run of pairs is a number of the order 3, its first c less the one before; one of the order 4, its distance, 0 at",
      "the end of the table; one bit, its stride less 1; and a number of the order 0, how many pairs follow its first.",
    ],
    foldPairs(),
  ),
].join("\n");
const file = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "unicode-tables.ts");
writeFileSync(file, source);
