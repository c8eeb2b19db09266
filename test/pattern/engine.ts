import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The names of `PatternError`, by number (assembly/pattern/errors.ts). */
export const ERROR_NAMES = [
  "",
  "invalid-character-range",
  "invalid-escape",
  "invalid-named-capture",
  "invalid-perl-operator",
  "invalid-nested-repetition",
  "invalid-repeat-count",
  "invalid-utf8",
  "missing-closing-bracket",
  "missing-closing-paren",
  "missing-repeat-argument",
  "trailing-backslash",
  "unexpected-paren",
  "nesting-too-deep",
  "expression-too-large",
  "unknown-unicode-class",
  "pattern-too-long",
  "out-of-memory",
  "budget-exhausted",
] as const;

/** One bit for each code point. */
const MEMBER_BYTES = 0x110000 / 8;

interface Exports {
  memory: WebAssembly.Memory;
  regionCreate(bytes: number): number;
  regionAlloc(region: number, bytes: number): number;
  regionFree(region: number): void;
  patternCompile(region: number, text: number, length: number): number;
  patternMatches(pattern: number, text: number, length: number): number;
  simulates(pattern: number, text: number, length: number): number;
  lastError(): number;
  instructionCount(pattern: number): number;
  classesOf(pattern: number): number;
  tableGivenUp(pattern: number): number;
  markMembers(pattern: number, bits: number): void;
  setBudget(units: number): void;
  beginWork(): void;
  failAllocation(n: number): void;
  pagesInUse(): number;
  setCeiling(bytes: number): void;
}

/** A pattern that was refused: why, and where in it, in bytes. */
export interface Refusal {
  readonly error: (typeof ERROR_NAMES)[number];
  readonly offset: number;
}

export type Compiled = Pattern | Refusal;

/** A compiled pattern and the memory that it lives in. */
export class Pattern {
  constructor(
    private readonly exports: Exports,
    private readonly region: number,
    private readonly address: number,
  ) {}

  /** What `patternMatches` gives: 1, 0, or a negative error. Its allocation of number `failing` fails. */
  matches(text: string | Uint8Array, failing = 0): number {
    return withText(this.exports, text, (at, length) => {
      this.exports.failAllocation(failing);
      const answer = this.exports.patternMatches(this.address, at, length);
      this.exports.failAllocation(0);
      return answer;
    });
  }

  /** The same without the table. */
  simulates(text: string | Uint8Array): number {
    return withText(this.exports, text, (at, length) => this.exports.simulates(this.address, at, length));
  }

  /** The code points, surrogates left out, that the pattern matches as texts of their own. */
  members(): number[] {
    const region = this.exports.regionCreate(MEMBER_BYTES);
    if (region === 0) throw new Error("no memory for the members");
    const at = this.exports.regionAlloc(region, MEMBER_BYTES);
    this.exports.markMembers(this.address, at);
    const bits = new Uint8Array(this.exports.memory.buffer, at, MEMBER_BYTES);
    const members: number[] = [];
    for (let rune = 0; rune < MEMBER_BYTES * 8; rune++) {
      if (((bits[rune >>> 3]! >>> (rune & 7)) & 1) !== 0) members.push(rune);
    }
    this.exports.regionFree(region);
    return members;
  }

  get instructions(): number {
    return this.exports.instructionCount(this.address);
  }

  get classes(): number {
    return this.exports.classesOf(this.address);
  }

  /** Whether the table of states was given up. */
  get tableGivenUp(): boolean {
    return this.exports.tableGivenUp(this.address) !== 0;
  }

  free(): void {
    this.exports.regionFree(this.region);
  }
}

/** The engine as a module of its own. */
export class Engine {
  constructor(readonly exports: Exports) {}

  /** Compiles a pattern within a fresh budget of work; of its allocations, the one of number `failing` fails. */
  compile(pattern: string | Uint8Array, failing = 0): Compiled {
    const { exports } = this;
    exports.beginWork();
    const region = exports.regionCreate(64);
    if (region === 0) return { error: "out-of-memory", offset: 0 };
    const address = withText(exports, pattern, (at, length) => {
      exports.failAllocation(failing);
      const made = exports.patternCompile(region, at, length);
      exports.failAllocation(0);
      return made;
    });
    if (address !== 0) return new Pattern(exports, region, address);
    exports.regionFree(region);
    const packed = exports.lastError() >>> 0;
    return { error: ERROR_NAMES[packed & 0xffff] ?? "", offset: packed >>> 16 };
  }

  /** Whether a pattern, which must compile, matches the text; the same with and without the table of states. */
  matches(pattern: string | Uint8Array, text: string | Uint8Array): boolean {
    const compiled = this.compile(pattern);
    if (!(compiled instanceof Pattern)) throw new Error(`${pattern} was refused: ${compiled.error}`);
    try {
      return answers(compiled, text);
    } finally {
      compiled.free();
    }
  }
}

/** The answer for a text, which must be the same cold, warm and without the table of states. */
export function answers(pattern: Pattern, text: string | Uint8Array): boolean {
  const [cold, warm, simulated] = [pattern.matches(text), pattern.matches(text), pattern.simulates(text)];
  if (cold !== warm || cold !== simulated || cold < 0) {
    throw new Error(`no one answer for ${JSON.stringify(text)}: ${cold}, ${warm}, ${simulated}`);
  }
  return cold === 1;
}

const bytesOf = (text: string | Uint8Array) =>
  typeof text === "string" ? new TextEncoder().encode(text) : text;

function withText<T>(exports: Exports, text: string | Uint8Array, use: (at: number, length: number) => T): T {
  const bytes = bytesOf(text);
  const region = exports.regionCreate(bytes.length + 8);
  if (region === 0) throw new Error("no memory for the text");
  try {
    const at = exports.regionAlloc(region, bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, at);
    return use(at, bytes.length);
  } finally {
    exports.regionFree(region);
  }
}

/** The engine, compiled as in a release but with injection of failed allocations. */
export async function loadEngine(): Promise<Engine> {
  const { instance } = await WebAssembly.instantiate(await engineBytes(), {});
  return new Engine(instance.exports as unknown as Exports);
}

/** The engine's module; kept in `.cache` as long as its sources do not change. */
async function engineBytes(): Promise<Uint8Array<ArrayBuffer>> {
  const hash = createHash("sha256");
  for (const folder of ["assembly", "assembly/memory", "assembly/pattern"]) {
    for (const name of readdirSync(join(ROOT, folder)).sort()) {
      if (name.endsWith(".ts")) hash.update(name).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  const folder = join(ROOT, ".cache", "pattern");
  const file = join(folder, `${hash.digest("hex").slice(0, 24)}.wasm`);
  if (existsSync(file)) return new Uint8Array(readFileSync(file));
  const bytes = await build();
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, file);
  return bytes;
}

async function build(): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const options =
    "--runtime stub -O3 --shrinkLevel 1 --converge --noAssert --enable simd,bulk-memory,sign-extension";
  const { error, stderr } = await asc.main(
    [
      "assembly/pattern/testing-entry.ts",
      ...["--baseDir", ROOT, "--config", "no-config", "--outFile", "engine.wasm"],
      ...["--use", "abort=", "--use", "CHECKED=1"],
      ...options.split(" "),
    ],
    {
      readFile: (name, base) => {
        const file = join(base, name);
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") bytes = new Uint8Array(contents);
      },
    },
  );
  if (error !== null || bytes === undefined)
    throw new Error(`the engine does not compile: ${stderr.toString()}`);
  return bytes;
}
