import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BenchCase,
  type Bound,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Row,
  type Settings,
} from "../bench-case.ts";
import { NATIVE_EXAMPLE, NICS } from "../generate/documents.ts";
import { nodeFeature, withAdded } from "../generate/node-feature.ts";
import { SelfMeasuring } from "../measure/self-measuring.ts";
import { ratioOf, type Timing, timeTogether, timingOf } from "../measure/timing.ts";

const HOSTS = 200;

/** A binding in its runtime: a program that measures itself. */
interface Competitor {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether it can hand on the answer's bytes as they are. */
  readonly givesBytes: boolean;
  /** Whether it has fleets. */
  readonly hasFleets: boolean;
  /** A command that gives one verdict, with nothing kept from before, and ends; others with what is kept. */
  readonly first: readonly { readonly name: string; readonly args: readonly string[] }[];
}

/** NFD's documentation example through each binding, in each runtime that is there, against Node's. */
export const bindings: BenchCase = {
  name: "bindings",
  title: "The bindings",
  async run({ root, effort }: Settings): Promise<CaseResult> {
    const files = writeInputs(root);
    const missing: string[] = [];
    const competitors: Competitor[] = [];
    for (const make of [javascript, go, python]) competitors.push(...make(root, files, missing));
    const running: SelfMeasuring<string>[] = [];
    try {
      for (const { program, args } of competitors) running.push(await SelfMeasuring.start(program, args));
      for (const [i, { answers }] of running.entries())
        expectEqual(competitors[i]!.name, answers, running[0]!.answers);
      expectEqual("some fit, some don't", [...new Set(running[0]!.answers)].sort(), [
        "compatible",
        "incompatible",
      ]);
      const compare = async (mode: string, title: string, among: readonly number[]): Promise<Comparison> => {
        const timings = await timeTogether(
          among.map((i) => running[i]!.contender(mode)),
          effort,
        );
        const rows = among.map((i, at) => rowOf(competitors[i]!.name, timings[at]!, mode));
        const notes = rows.some(({ aim }) => aim !== undefined)
          ? ["The aim is judged by the best round: on a busy machine every call may wait."]
          : [];
        return { id: `bindings/${mode}`, title, unit: "time", rows, notes };
      };
      const all = competitors.map((_, i) => i);
      const comparisons = [
        await compare("decide", "the verdict alone, one call for each host", all),
        await compare("many", "the verdict alone, all hosts in one call: for each", all),
        await compare("evaluate", "with reasons, as the language's own values", all),
        await compare(
          "bytes",
          "with reasons, as bytes",
          all.filter((i) => competitors[i]!.givesBytes),
        ),
        await compare(
          "row",
          "one document for a fleet of 10,000 hosts, its tests evaluated before",
          all.filter((i) => competitors[i]!.hasFleets),
        ),
        firstVerdicts(competitors, running[0]!.answers[0], Math.max(3, Math.round(effort.rounds / 2))),
      ];
      return { comparisons, missing, bounds: boundsOf(comparisons) };
    } finally {
      for (const one of running) one.stop();
    }
  },
};

interface Inputs {
  readonly document: string;
  readonly hosts: string;
  readonly cache: string;
}

function writeInputs(root: string): Inputs {
  const cache = join(root, ".cache/bench");
  mkdirSync(cache, { recursive: true });
  const hosts = Array.from({ length: HOSTS }, (_, i) => {
    const node = nodeFeature(11, i);
    if (i % 4 !== 0) return node;
    return withAdded(node, {
      modules: ["vfio-pci"],
      pciDevices: [i % 8 === 0 ? NICS.first : NICS.second],
    });
  });
  const files = {
    document: join(cache, "bindings-document.json"),
    hosts: join(cache, "bindings-hosts.jsonl"),
    cache,
  };
  writeFileSync(files.document, JSON.stringify(NATIVE_EXAMPLE));
  writeFileSync(files.hosts, `${hosts.map((host) => JSON.stringify(host)).join("\n")}\n`);
  return files;
}

/** Node always; Deno and Bun where the tests' runtimes are installed. */
function javascript(root: string, { document, hosts, cache }: Inputs, missing: string[]): Competitor[] {
  const script = join(cache, "measure.mjs");
  const from = (name: string, program: string, before: readonly string[], library: string): Competitor => {
    const args = [...before, script, join(root, "dist", library), document, hosts];
    const hasFleets = library === "index.js" && before.length === 0;
    return {
      name,
      program,
      args,
      givesBytes: false,
      hasFleets,
      first: [{ name, args: [...args, "--first"] }],
    };
  };
  const bin = join(root, "test/bindings/runtimes/node_modules/.bin");
  const found = [from("JavaScript in Node", process.execPath, [], "index.js")];
  if (existsSync(bin)) {
    found.push(from("JavaScript in Deno", join(bin, "deno"), ["run", "--allow-read"], "deno.js"));
    found.push(from("JavaScript in Bun", join(bin, "bun"), ["run"], "index.js"));
  } else missing.push("Deno and Bun: npm ci --prefix test/bindings/runtimes");
  return found;
}

function go(root: string, { document, hosts, cache }: Inputs, missing: string[]): Competitor[] {
  const program = join(cache, "measure-go");
  try {
    execFileSync("go", ["build", "-o", program, "."], {
      cwd: join(root, "bench/bindings/go"),
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    missing.push(`Go: ${reasonOf(error)}`);
    return [];
  }
  const args = [document, hosts];
  const first = [...args, "--first"];
  return [
    {
      name: "Go",
      program,
      args,
      givesBytes: true,
      hasFleets: true,
      first: [
        { name: "Go", args: first },
        { name: "Go, the compiled core kept on disk", args: [...first, join(cache, "wazero")] },
      ],
    },
  ];
}

/** From an environment of its own, made when it is first needed. */
function python(root: string, { document, hosts, cache }: Inputs, missing: string[]): Competitor[] {
  const environment = join(cache, "python");
  const program = join(environment, "bin/python");
  try {
    if (!existsSync(program)) execFileSync("python3", ["-m", "venv", environment], { stdio: "pipe" });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--force-reinstall"];
    execFileSync(program, [...install, join(root, "bindings/python")], { stdio: "pipe" });
  } catch (error) {
    missing.push(`Python: ${reasonOf(error)}`);
    return [];
  }
  const args = [join(root, "bench/bindings/python/measure.py"), document, hosts];
  return [
    {
      name: "Python",
      program,
      args,
      givesBytes: true,
      hasFleets: false,
      first: [{ name: "Python", args: [...args, "--first"] }],
    },
  ];
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 2).join(" ");
}

/** In Go one evaluation with a compiled document stays under a microsecond, a fleet's row under five. */
function rowOf(name: string, timing: Timing, mode: string): Row {
  const limit = { decide: 1000, row: 5000 }[mode];
  if (limit === undefined || name !== "Go") return { name, timing };
  return { name, timing, aim: { text: `${limit / 1000} us`, met: timing.best < limit } };
}

/** From nothing to the end of a process that gave one verdict. */
function firstVerdicts(
  competitors: readonly Competitor[],
  wanted: string | undefined,
  rounds: number,
): Comparison {
  const commands = competitors.flatMap(({ program, first }) => first.map((one) => ({ program, ...one })));
  const took: number[][] = commands.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, { name, program, args }] of commands.entries()) {
      const begin = process.hrtime.bigint();
      const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
      const time = Number(process.hrtime.bigint() - begin);
      expectEqual(name, [status, stdout.trim()], [0, wanted]);
      if (round >= 0) took[i]!.push(time);
    }
  }
  return {
    id: "bindings/first",
    title: "the first verdict: from the start of a process to its end",
    unit: "time",
    rows: commands.map(({ name }, i) => ({ name, timing: timingOf(took[i]!) })),
  };
}

/** Wide: they tell a call that has become slower by its nature, not a busy machine. */
function boundsOf(comparisons: readonly Comparison[]): Bound[] {
  const bounds: Bound[] = [];
  const bound = (id: string, name: string, atMost: number) => {
    const rows = comparisons.find((one) => one.id === id)?.rows ?? [];
    const [own] = rows;
    const other = rows.find((row) => row.name === name);
    if (own === undefined || other === undefined) return;
    const value = ratioOf(other.timing, own.timing);
    bounds.push({ what: `${name} against Node (${id})`, value, atMost });
  };
  bound("bindings/decide", "Go", 10);
  bound("bindings/many", "Go", 10);
  bound("bindings/many", "Python", 25);
  return bounds;
}
