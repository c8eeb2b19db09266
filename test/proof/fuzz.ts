/**
 * The fuzzer: random inputs, most of them nearly right, through every export of the guarded build. Nothing may trap, the heap is
 * walked after every call, answers must be JSON that says what the status says, work is bounded without a clock, and in the
 * end the memory is where it was.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BareCore, bytesOf, Code, guardedModule, type Outcome, Violation } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { changedBytes, changedText, randomBytes } from "./mutations.ts";
import { Random } from "./random.ts";
import { BUDGET, type Call, FREE_STEPS, STEPS_FOR_A_UNIT } from "./replay.ts";

export interface FuzzReport {
  readonly seed: number;
  readonly calls: number;
  /** Calls that got as far as judging something. */
  readonly evaluated: number;
  /** Accepted and refused, by export. */
  readonly outcomes: Readonly<Record<string, { accepted: number; refused: number }>>;
  /** Codes of refusals, and how often. */
  readonly codes: ReadonlyMap<number, number>;
  /** The most steps that a call took for each byte it was given and unit it was charged. */
  readonly worstRatio: number;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
}

/** An instance is given up after so many calls: leaks and fragments show, and nothing depends on one seed of the hash. */
const ROUND = 5_000;
const CORPUS = 1_500;
const KEPT = 5;

const failures = fileURLToPath(new URL("./failures/", import.meta.url));

interface Held {
  readonly handle: number;
  readonly kind: "compile" | "facts" | "policy";
  readonly bytes: Uint8Array;
}

/** Makes `calls` calls. Throws a Violation, after the calls that lead to it were written to test/proof/failures/. */
export function fuzz(options: { readonly calls: number; readonly seed: number }): FuzzReport {
  const random = new Random(options.seed);
  const inputs = corpus(CORPUS, options.seed);
  const report = {
    seed: options.seed,
    calls: 0,
    evaluated: 0,
    outcomes: {} as Record<string, { accepted: number; refused: number }>,
    codes: new Map<number, number>(),
    worstRatio: 0,
    memoryBefore: 0,
    memoryAfter: 0,
  };
  while (report.calls < options.calls) {
    const round = new Round(random, inputs, report);
    round.run(Math.min(ROUND, options.calls - report.calls));
  }
  return report;
}

type Tally = { -readonly [K in keyof Omit<FuzzReport, "outcomes" | "codes">]: FuzzReport[K] } & {
  outcomes: Record<string, { accepted: number; refused: number }>;
  codes: Map<number, number>;
};

/** The calls to one instance. */
class Round {
  readonly #random: Random;
  readonly #inputs: Corpus;
  readonly #tally: Tally;
  readonly #core: BareCore;
  readonly #held: { compile: Held[]; facts: Held[]; policy: Held[] } = { compile: [], facts: [], policy: [] };
  #spare: { compile: Uint8Array; facts: Uint8Array; policy: Uint8Array };

  constructor(random: Random, inputs: Corpus, tally: Tally) {
    this.#random = random;
    this.#inputs = inputs;
    this.#tally = tally;
    this.#core = new BareCore(guardedModule(), {
      seed: [random.word() | 0, random.word() | 0],
      work: BUDGET,
    });
    this.#spare = {
      compile: bundle([{ dialect: 0, id: "d", bytes: bytesOf(random.pick(inputs.native)) }]),
      facts: bytesOf(random.pick(inputs.facts)),
      policy: bytesOf(random.pick(inputs.policies)),
    };
  }

  run(calls: number): void {
    const end = this.#tally.calls + calls;
    // What buffers keep between calls is there after the first few.
    while (this.#tally.calls < end) {
      this.#make(this.#random.pick(["compile", "compile", "compile", "facts", "facts", "policy"]));
      this.#ensure();
      for (let i = 0; i < 4; i++) this.#judge();
    }
    this.#core.freeAll();
    this.#settle();
    this.#tally.memoryBefore = freshMemory();
    this.#tally.memoryAfter = this.#core.memory;
    if (this.#tally.memoryAfter > this.#tally.memoryBefore + KEPT_BY_BUFFERS) {
      throw new Violation(
        `memory stays in use: ${this.#tally.memoryAfter} bytes, fresh ${this.#tally.memoryBefore}`,
      );
    }
  }

  /** Makes or refuses something; what was made replaces something older. */
  #make(kind: "compile" | "facts" | "policy"): void {
    const random = this.#random;
    const bytes =
      kind === "compile"
        ? this.#bundle()
        : kind === "facts"
          ? this.#input(this.#inputs.facts)
          : this.#input(this.#inputs.policies);
    const outcome = this.#count(
      kind,
      { call: kind, bytes: base64(bytes) },
      () => this.#call(kind, bytes),
      bytes.length,
    );
    if (outcome.status <= 0) return;
    const held = this.#held[kind];
    held.push({ handle: outcome.status, kind, bytes });
    if (held.length > KEPT) {
      const [old] = held.splice(random.below(held.length), 1);
      this.#free(old!.handle);
    }
  }

  #call(kind: "compile" | "facts" | "policy", bytes: Uint8Array): Outcome {
    return kind === "compile"
      ? this.#core.bundle(bytes)
      : kind === "facts"
        ? this.#core.facts(bytes)
        : this.#core.policy(bytes);
  }

  #free(handle: number): void {
    const { code } = this.#core.free(handle);
    if (code !== 0) throw new Violation(`a live handle can't be freed: ${code}`);
    // Once more: it is gone.
    if (this.#random.chance(1, 8) && this.#core.free(handle).code !== Code.STALE_HANDLE)
      throw new Violation("a handle can be freed twice");
  }

  /** At least one of each, so that something can be judged. */
  #ensure(): void {
    for (const kind of ["compile", "facts", "policy"] as const) {
      if (this.#held[kind].length > 0) continue;
      const bytes = this.#spare[kind];
      const outcome = this.#call(kind, bytes);
      if (outcome.status <= 0) throw new Violation(`a valid input was refused: ${outcome.text}`);
      this.#held[kind].push({ handle: outcome.status, kind, bytes });
    }
  }

  #judge(): void {
    const random = this.#random;
    const requirements = random.pick(this.#held.compile);
    const host = random.pick(this.#held.facts);
    const policy = random.chance(1, 2) ? random.pick(this.#held.policy) : undefined;
    const way = random.below(9);
    if (way === 8) {
      this.#judgeMany(requirements);
      return;
    }
    if (way === 0) {
      const call: Call = { call: "decide", handles: [0, 1] };
      const outcome = this.#count(
        "decide",
        call,
        () => this.#core.decide(requirements.handle, host.handle),
        0,
        [requirements, host],
      );
      if (outcome.status >= 0) this.#tally.evaluated++;
      return;
    }
    const held = policy === undefined ? [requirements, host] : [requirements, host, policy];
    if (way < 3) {
      const { bytes, used } = this.#ranking();
      const call: Call = { call: "rank", handles: [1, policy === undefined ? -1 : 2], bytes: base64(bytes) };
      const outcome = this.#count(
        "rank",
        call,
        () => this.#core.rank(host.handle, policy?.handle ?? 0, bytes),
        bytes.length,
        [...held, ...used],
      );
      if (outcome.status < 0) return;
      this.#tally.evaluated++;
      this.#answered(outcome, call, held, (answer) => Array.isArray(answer["candidates"]));
      return;
    }
    const bytes = random.chance(1, 4) ? null : this.#input(this.#inputs.candidates, 14);
    const given = bytes?.length === 0 ? null : bytes;
    const call: Call = {
      call: "evaluate",
      handles: [0, 1, policy === undefined ? -1 : 2],
      bytes: given === null ? null : base64(given),
    };
    const make = () => this.#core.evaluate(requirements.handle, host.handle, policy?.handle ?? 0, given);
    const outcome = this.#count("evaluate", call, make, given?.length ?? 0, held);
    if (outcome.status < 0) return;
    this.#tally.evaluated++;
    this.#answered(outcome, call, held, (answer) => answer["verdict"] === VERDICTS[outcome.status]);
  }

  /** Many hosts at once: each as alone. */
  #judgeMany(requirements: Held): void {
    const random = this.#random;
    const hosts = Array.from({ length: 1 + random.small(70) }, () => random.pick(this.#held.facts));
    const call: Call = { call: "many", handles: [0, 1], count: hosts.length };
    let values: readonly number[] = [];
    const make = () => {
      const made = this.#core.decideMany(
        requirements.handle,
        hosts.map(({ handle }) => handle),
      );
      values = made.values;
      return made.outcome;
    };
    const outcome = this.#count("many", call, make, 4 * hosts.length, [requirements, ...hosts]);
    if (outcome.status < 0) return;
    this.#tally.evaluated++;
    const i = random.below(hosts.length);
    const alone = this.#core.decide(requirements.handle, hosts[i]!.handle);
    if (alone.status >= 0 && alone.status !== values[i]) {
      throw this.#failed(new Violation(`host ${i} is ${alone.status} alone, ${values[i]} among many`), call, [
        requirements,
        hosts[i]!,
      ]);
    }
  }

  /** An input: often valid (`valid` times in 20), mostly nearly so, seldom senseless. */
  #input(texts: readonly string[], valid = 8): Uint8Array {
    const random = this.#random;
    const way = random.below(20);
    const text = random.pick(texts);
    if (way < valid) return bytesOf(text);
    if (way < 17)
      return bytesOf(changedText(random, text, 1 + random.small(5), random.pick(texts), this.#most()));
    if (way < 19) return changedBytes(random, bytesOf(text));
    return randomBytes(random, 300);
  }

  #bundle(): Uint8Array {
    const random = this.#random;
    const count = 1 + random.small(4);
    const parts = Array.from({ length: count }, () => {
      const dialect = random.chance(1, 4) ? 1 : 0;
      const bytes = this.#input(dialect === 1 ? this.#inputs.nfd : this.#inputs.native);
      return { dialect, id: random.pick(["", "d", "index", "sha256:0", "é".repeat(40)]), bytes };
    });
    const whole = bundle(parts);
    return random.chance(1, 40) ? changedBytes(random, whole) : whole;
  }

  #ranking(): { bytes: Uint8Array; used: Held[] } {
    const random = this.#random;
    const used: Held[] = [];
    const candidates = Array.from({ length: random.small(7) }, (_, i) => {
      const entry: Record<string, unknown> = {
        id: `c${i}`,
        ...(JSON.parse(random.pick(this.#inputs.candidates)) as object),
      };
      if (random.chance(2, 3)) {
        const held = random.pick(this.#held.compile);
        used.push(held);
        entry["requirements"] = random.chance(1, 60) ? random.word() : held.handle;
      }
      if (random.chance(1, 2)) entry["author"] = random.pick(["", "a", "b"]);
      return entry;
    });
    const text = JSON.stringify({
      candidates,
      ...(random.chance(1, 2) ? { allowUndetermined: random.chance(1, 2) } : {}),
    });
    const way = random.below(20);
    if (way === 0) return { bytes: changedBytes(random, bytesOf(text)), used };
    return {
      bytes: bytesOf(way < 5 ? changedText(random, text, 1 + random.small(3), text, this.#most()) : text),
      used,
    };
  }

  /** Characters that an input may have: seldom more than a document may. */
  #most(): number {
    return this.#random.chance(1, 500) ? 2 << 20 : 64 << 10;
  }

  /** Makes a call, and judges what is true of every call. */
  #count(name: string, call: Call, make: () => Outcome, bytes: number, held: readonly Held[] = []): Outcome {
    const tally = this.#tally;
    tally.calls++;
    let outcome: Outcome;
    try {
      if (tally.calls % 64 === 0)
        this.#core.limit({ memory: this.#random.chance(1, 4) ? 1 + this.#random.below(1 << 20) : 1 << 30 });
      this.#core.takeWork();
      outcome = make();
      if (outcome.status < 0) this.#refused(outcome);
    } catch (error) {
      throw this.#failed(error, call, held);
    }
    const { steps, charged } = this.#core.takeWork();
    const ratio = Math.max(0, steps - FREE_STEPS) / (charged + bytes + 1);
    tally.worstRatio = Math.max(tally.worstRatio, ratio);
    if (ratio > STEPS_FOR_A_UNIT) {
      throw this.#failed(new Violation(`${steps} steps for ${charged} units and ${bytes} bytes`), call, held);
    }
    tally.outcomes[name] ??= { accepted: 0, refused: 0 };
    if (outcome.status < 0) {
      tally.outcomes[name].refused++;
      tally.codes.set(outcome.code, (tally.codes.get(outcome.code) ?? 0) + 1);
    } else tally.outcomes[name].accepted++;
    return outcome;
  }

  #refused({ code, text }: Outcome): void {
    if (text === "" && code === Code.OUT_OF_MEMORY) return;
    const error = JSON.parse(text) as Record<string, unknown>;
    for (const key of ["code", "message", "document", "pointer", "help"]) {
      if (typeof error[key] !== "string") throw new Violation(`an error without ${key}: ${text}`);
    }
    if (typeof error["offset"] !== "number") throw new Violation(`an error without offset: ${text}`);
  }

  #answered(
    outcome: Outcome,
    call: Call,
    held: readonly Held[],
    holds: (answer: Record<string, unknown>) => boolean,
  ): void {
    // Reading an answer costs more than making it.
    if (this.#tally.calls % 4 !== 0) return;
    try {
      if (!holds(JSON.parse(outcome.text) as Record<string, unknown>))
        throw new Violation(`status ${outcome.status} says something else than ${outcome.text}`);
    } catch (error) {
      throw this.#failed(error, call, held);
    }
  }

  /** Writes down what was called, and with what. */
  #failed(error: unknown, call: Call, held: readonly Held[]): Violation {
    const calls: Call[] = [
      ...held.map(({ kind, bytes }): Call => ({ call: kind, bytes: base64(bytes) })),
      call,
    ];
    const what = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
    const content = `${JSON.stringify({ seed: this.#tally.seed, after: this.#tally.calls, error: what.split("\n")[0], calls }, null, 2)}\n`;
    const name = createHash("sha256").update(JSON.stringify(calls)).digest("hex").slice(0, 16);
    mkdirSync(failures, { recursive: true });
    writeFileSync(`${failures}${name}.json`, content);
    return new Violation(
      `seed ${this.#tally.seed}, call ${this.#tally.calls}, kept as test/proof/failures/${name}.json: ${what}`,
    );
  }

  /** Small calls, after which buffers have given back what they need not keep. */
  #settle(): void {
    this.#core.limit({ memory: 1 << 30 });
    settle(this.#core);
  }
}

/** Bytes that buffers may keep between calls (docs/abi.md): they don't grow from call to call. */
const KEPT_BY_BUFFERS = 4 << 20;
const VERDICTS = ["incompatible", "undetermined", "compatible"];

/** Calls that need nothing, so that what large ones left behind is given back. */
export function settle(core: BareCore): void {
  core.facts(bytesOf("{"));
  core.compile({ bytes: bytesOf("{") });
  core.facts(bytesOf("{"));
}

function freshMemory(): number {
  const core = new BareCore(guardedModule());
  settle(core);
  return core.memory;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** A bundle as hf_compile reads it, of any dialect's number. */
function bundle(parts: readonly { dialect: number; id: string; bytes: Uint8Array }[]): Uint8Array {
  const ids = parts.map(({ id }) => bytesOf(id));
  const head = new Uint32Array([
    parts.length,
    ...parts.flatMap(({ dialect, bytes }, i) => [dialect, ids[i]!.length, bytes.length]),
  ]);
  return Buffer.concat([new Uint8Array(head.buffer), ...parts.flatMap(({ bytes }, i) => [ids[i]!, bytes])]);
}
