/**
 * Mutation testing of what decides: changes one instruction of the compiled core at a time (a bound, a comparison, a condition, an
 * operator, a constant) and asks whether a vector of test/vectors notices. Says which changes nothing noticed, with their place.
 *
 *   node build/mutate.mjs [source ...]     files or folders; else what evaluates, ranks, and compares versions and ranges
 *
 *   HOSTFIT_MUTANTS         how many are tried, drawn with HOSTFIT_MUTATION_SEED; default 300, 0 for all
 *   HOSTFIT_MUTATION_SCORE  percentage of killed ones below which this fails
 *   HOSTFIT_MUTATION_PARTS  processes; default 2
 *
 * The mutants run with the guards of build/guard.mjs: a wild access or an endless loop is noticed too. Survivors stand in
 * test/proof/survivors.md, which says why; where all mutants are tried, another one is a failure.
 */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { compileToGuard, guard } from "./guard.mjs";
import { concat, eachInstruction, leb, readModule, section, signedLeb } from "./wasm-module.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const DECIDING = [
  "assembly/evaluate/",
  "assembly/rank/",
  "assembly/values/version.ts",
  "assembly/values/range.ts",
];
const FILES = process.argv.slice(2).length > 0 ? process.argv.slice(2) : DECIDING;
const LISTED = "test/proof/survivors.md";
const most = Number(process.env.HOSTFIT_MUTANTS ?? 300);
const seed = Number(process.env.HOSTFIT_MUTATION_SEED ?? 1);
const wanted = Number(process.env.HOSTFIT_MUTATION_SCORE ?? 0);
const parts = Number(process.env.HOSTFIT_MUTATION_PARTS ?? 2);
/** Of a process that tries every `parts`-th mutant: which ones. */
const part = process.env.HOSTFIT_MUTATION_PART;
/** Turns of loops after which a vector counts as endless, and the budget of its calls. */
const ENDLESS = 200_000_000n;

/** Comparisons of i32 and of i64 by their order in the binary format. */
const COMPARISONS = ["==", "!=", "< s", "< u", "> s", "> u", "<= s", "<= u", ">= s", ">= u"];
/** For each: at the bound, and the other way round. */
const OTHERS = {
  0: [1],
  1: [0],
  2: [6, 8],
  3: [7, 9],
  4: [8, 6],
  5: [9, 7],
  6: [2, 4],
  7: [3, 5],
  8: [4, 2],
  9: [5, 3],
};
/** Operators that are swapped, of i32; those of i64 are 0x12 further. */
const OPERATORS = {
  106: [0x6b, "+ as -"],
  107: [0x6a, "- as +"],
  113: [0x72, "& as |"],
  114: [0x71, "| as &"],
  116: [0x76, "<< as >>>"],
  118: [0x74, ">>> as <<"],
};

const lines = new Map();
const works = new Map();
const cache = ".cache/mutation";
mkdirSync(cache, { recursive: true });

if (part === undefined) {
  await judge();
  process.exit();
}

const file = join(cache, `core.${process.pid}.wasm`);
const raw = compileToGuard("assembly", file, { sourceMap: true });
const places = readSourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
rmSync(`${file}.map`);
const module = readModule(raw);
const runner = await loadRunner();
const vectors = readVectors();
process.send(tryPart());

/** Tries the mutants of this process. */
function tryPart() {
  if (firstDifference(raw) !== undefined) throw new Error("the vectors fail without any mutation");
  const all = mutants();
  const chosen = draw(all).filter((_, i) => i % parts === Number(part));
  const survivors = [];
  const started = Date.now();
  for (const [i, mutant] of chosen.entries()) {
    if (firstDifference(mutated(mutant)) === undefined) survivors.push(described(mutant));
    if ((i + 1) % 100 === 0)
      console.error(
        `${i + 1} of ${chosen.length}, ${survivors.length} survive, ${((Date.now() - started) / 1000).toFixed(0)} s`,
      );
  }
  return { all: all.length, tried: chosen.length, survivors };
}

function described({ place, what, name }) {
  const [source, line] = place.split(":");
  return { place, what, name, key: `${source} \`${lineAt(source, line).trim()}\`: ${what}` };
}

/** Runs the parts, and tells what survived. */
async function judge() {
  const reports = await Promise.all(
    Array.from(
      { length: parts },
      (_, i) =>
        new Promise((resolve, reject) => {
          let report;
          const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
            env: { ...process.env, HOSTFIT_MUTATION_PART: String(i) },
          });
          child.on("message", (message) => (report = message));
          child.on("exit", () =>
            report === undefined ? reject(new Error("a part failed")) : resolve(report),
          );
        }),
    ),
  );
  const survivors = reports.flatMap((report) => report.survivors);
  const tried = reports.reduce((sum, report) => sum + report.tried, 0);
  const listed = listedSurvivors();
  const unlisted = survivors.filter(({ key }) => !listed.has(key));
  for (const { place, name, key } of unlisted) console.log(`${place.split(":")[1]} ${key} (in ${name})`);
  const killed = tried - survivors.length;
  const same = survivors.filter(({ key }) => listed.get(key) === true).length;
  const score = (100 * killed) / (tried - same);
  console.log(
    `${tried} of ${reports[0].all} mutants: ${killed} killed, ${survivors.length} survive: ${((100 * killed) / tried).toFixed(1)} %; ` +
      `without ${same} that change no answer ${score.toFixed(1)} %`,
  );
  console.log(`${survivors.length - unlisted.length} survivors stand in ${LISTED}, ${unlisted.length} don't`);
  const isWhole = tried === reports[0].all;
  if (isWhole) {
    const found = new Set(survivors.map(({ key }) => key));
    for (const key of listed.keys()) if (!found.has(key)) console.log(`listed, but killed: ${key}`);
  }
  process.exitCode = score < wanted || (isWhole && unlisted.length > 0) ? 1 : 0;
}

/** The list's lines, `- source \`line\`: what, what`; of each change whether it stands under a heading that says that it is the same. */
function listedSurvivors() {
  const keys = new Map();
  if (!existsSync(LISTED)) return keys;
  let same = false;
  for (const text of readFileSync(LISTED, "utf8").split("\n")) {
    if (text.startsWith("## ")) same = text.startsWith("## The same:");
    const found = /^- (\S+ `.*`): (.*)$/.exec(text);
    for (const what of found?.[2].split(", ") ?? []) keys.set(`${found[1]}: ${what}`, same);
  }
  return keys;
}

/** Every change that is tried, in the order of the module. */
function mutants() {
  const found = [];
  for (const body of module.bodies) {
    const name = module.names.get(body.index) ?? "";
    eachInstruction(raw, body, (instruction) => {
      const place = placeOf(instruction.at);
      if (isOther(place)) return;
      for (const [what, bytes] of changesOf(instruction)) {
        found.push({ body, at: instruction.at, end: instruction.end, bytes, what, name, place });
      }
    });
  }
  return found;
}

/**
 * Whether a place is not meant: another file's code that was put in place here; how much work is charged, and what happens when it or
 * memory runs out, which no vector can bring about (test/proof/budget.test.ts and allocation.test.ts do).
 */
function isOther(place) {
  const [source, line] = place.split(":");
  if (!FILES.some((prefix) => source.startsWith(prefix))) return true;
  const text = lineAt(source, line);
  return (
    /\b(charge|chargeHere|spend|pay|rangeWork|intervalWork)\(|\bunits\b/.test(text) ||
    /OUT_OF_MEMORY|BUDGET|stopEvaluation|exhausted|evaluationError/.test(text) ||
    workLines(source).has(Number(line))
  );
}

function lineAt(source, line) {
  if (!lines.has(source)) lines.set(source, readFileSync(source, "utf8").split("\n"));
  return lines.get(source)[line - 1] ?? "";
}

/** The lines of a source's functions that only say how much work something is. */
function workLines(source) {
  if (!works.has(source)) {
    lineAt(source, 1);
    const found = new Set();
    let inside = false;
    lines.get(source).forEach((text, i) => {
      if (/^(export )?function (\w*Work|spend|stopEvaluation)\(/.test(text)) inside = true;
      if (inside) found.add(i + 1);
      if (text === "}") inside = false;
    });
    works.set(source, found);
  }
  return works.get(source);
}

function changesOf({ op, at, end }) {
  if (op === 0x45 || op === 0x50) return op === 0x45 ? [["a condition without its !", [0x01]]] : [];
  if (op >= 0x46 && op <= 0x4f) return comparison(op, 0x46);
  if (op >= 0x51 && op <= 0x5a) return comparison(op, 0x51);
  // Conditions of `if` and of jumps, the other way round.
  if (op === 0x04 || op === 0x0d)
    return [["a condition the other way round", concat([[0x45], raw.subarray(at, end)])]];
  if (op === 0x41) {
    const value = signedValue(at + 1);
    // A truth that is true: 2 would be true too.
    const other = value === 1 ? 0 : value + 1;
    return [[`${value} as ${other}`, [0x41, ...signedLeb(other)]]];
  }
  const wide = op >= 0x7c ? 0x12 : 0;
  const swap = OPERATORS[op - wide];
  return swap === undefined ? [] : [[swap[1], [swap[0] + wide]]];
}

function comparison(op, first) {
  return OTHERS[op - first].map((other) => [
    `${COMPARISONS[op - first]} as ${COMPARISONS[other]}`,
    [first + other],
  ]);
}

function signedValue(at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = raw[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
  }
}

/** The module with one instruction changed. */
function mutated({ body, at, end, bytes }) {
  const bodies = module.bodies.map((other) => {
    const whole = raw.subarray(other.start, other.end);
    if (other !== body) return whole;
    return concat([raw.subarray(other.start, at), bytes, raw.subarray(end, other.end)]);
  });
  const code = section(
    10,
    leb(bodies.length),
    bodies.map((whole) => concat([leb(whole.length), whole])),
  );
  const parts = module.sections.map(({ id, start, end: last }) =>
    id === 10 ? code : concat([[id], leb(last - start), raw.subarray(start, last)]),
  );
  return concat([raw.subarray(0, 8), ...parts]);
}

/** The first vector that answers otherwise, or a trap; undefined if none does. */
function firstDifference(wasm) {
  try {
    const compiled = new WebAssembly.Module(guard(wasm).bytes);
    const { exports } = new WebAssembly.Instance(compiled);
    exports.guard_limit(ENDLESS);
    const matcher = runner.matcherOver(exports);
    for (const [i, vector] of vectors.entries()) {
      exports.guard_steps();
      const { expect, ...asked } = vector;
      if (JSON.stringify(runner.answer(matcher, asked)) === JSON.stringify(expect)) continue;
      promote(i);
      return vector.name;
    }
    if (exports.guard_heap() !== 0 || exports.guard_regions() !== 0) return "memory that is not given back";
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** What kills one mutant is likely to kill the next. */
function promote(i) {
  const [vector] = vectors.splice(i, 1);
  vectors.unshift(vector);
}

function readVectors() {
  const folder = "test/vectors";
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
  return files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")).cases);
}

/** The conformance tests' way of asking, bundled. */
async function loadRunner() {
  const outfile = join(root, cache, `runner.${process.pid}.mjs`);
  const contents = `
    import { Core } from "./bindings/js/core.ts";
    import { CoreMatcher } from "./bindings/js/core-matcher.ts";
    import { answerWithMatcher } from "./test/conformance/matcher-answers.ts";
    export const matcherOver = (exports) => new CoreMatcher(new Core(exports, [1, 2]));
    export const answer = answerWithMatcher;
  `;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  const loaded = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return loaded;
}

/** `most` of the mutants, drawn with the seed; in the module's order. */
function draw(list) {
  if (most === 0 || list.length <= most) return list;
  let state = seed >>> 0;
  const drawn = new Set();
  while (drawn.size < most) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    drawn.add(Math.floor((state / 2 ** 32) * list.length));
  }
  return [...drawn].sort((a, b) => a - b).map((i) => list[i]);
}

/** The last place of the source map at or before an offset. */
function placeOf(offset) {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle].offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? "?" : places[low - 1].place;
}

/** The places of a source map of one generated line, whose columns are offsets in the module. */
function readSourceMap({ mappings, sources }) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const found = [];
  const state = [0, 0, 0, 0];
  for (const mapping of mappings.split(",")) {
    let field = 0;
    let value = 0;
    let shift = 0;
    for (const digit of mapping) {
      const bits = digits.indexOf(digit);
      value += (bits & 31) << shift;
      shift += 5;
      if (bits & 32) continue;
      state[field++] += value & 1 ? -(value >>> 1) : value >>> 1;
      value = 0;
      shift = 0;
    }
    found.push({
      offset: state[0],
      place: `${sources[state[1]].replace(/^\.\//, "")}:${state[2] + 1}:${state[3] + 1}`,
    });
  }
  return found.sort((a, b) => a.offset - b.offset);
}
