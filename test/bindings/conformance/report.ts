/** Answers every vector with a matcher, anywhere: what runs in browsers and other runtimes is made of this and the library. */
import type { HostfitError } from "../../../bindings/js/errors.ts";
import type { Matcher } from "../../../bindings/js/matcher.ts";
import { answerWithMatcher } from "../../conformance/matcher-answers.ts";
import type { VectorFile } from "../../conformance/vector.ts";
import type { MisuseCase } from "../misuse/case.ts";

/** Every file of test/vectors, by name. */
export type VectorFiles = Readonly<Record<string, VectorFile>>;

/** What a run is given: the files of vectors, and those about misuse. */
export interface VectorSet {
  readonly files: VectorFiles;
  readonly misuse: readonly MisuseCase[];
}

/** What came out of a run. */
export interface Report {
  readonly total: number;
  /** The vectors that were answered otherwise, at most 20 of them with what was answered. */
  readonly wrong: readonly string[];
  /** SHA-256 of all answers, one a line. */
  readonly digest: string;
}

const TOLD = 20;

/** Runs the vectors in the order of the files' names. */
export async function reportOf(matcher: Matcher, files: VectorFiles): Promise<Report> {
  const lines: string[] = [];
  const wrong: string[] = [];
  for (const name of Object.keys(files).sort()) {
    for (const { expect: expected, ...vector } of files[name]!.cases) {
      const line = JSON.stringify(answerWithMatcher(matcher, vector));
      lines.push(line);
      if (line !== JSON.stringify(expected) && wrong.length < TOLD)
        wrong.push(`${name}: ${vector.name}: ${line}`);
    }
  }
  return { total: lines.length, wrong, digest: await digestOf(lines) };
}

/** How a library makes a matcher, whatever the runtime. */
export type Create = (options: { wasm?: Uint8Array; memory?: number; work?: number }) => Promise<Matcher>;

/** The error of every misuse, a line for each; `core` are the core's own bytes. */
export async function misuseOf(
  create: Create,
  core: Uint8Array,
  cases: readonly MisuseCase[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const one of cases) {
    const told = await outcomeOf(create, core, one);
    lines.push(
      `${one.name}: ${told === `${one.expect.from} ${one.expect.code}` ? "" : "NOT "}as expected: ${told}`,
    );
  }
  return lines;
}

async function outcomeOf(create: Create, core: Uint8Array, one: MisuseCase): Promise<string> {
  let from = "load";
  try {
    const { memory, work } = one;
    const matcher = await create({
      ...moduleOf(one, core),
      ...(memory === undefined ? {} : { memory }),
      ...(work === undefined ? {} : { work }),
    });
    from = "facts";
    matcher.facts(one.facts ?? "");
    return "nothing";
  } catch (error) {
    return `${from} ${(error as HostfitError).code}`;
  }
}

/** The module of a case, where it isn't the binding's own. */
export function moduleOf({ module, bytesOfCore }: MisuseCase, core: Uint8Array): { wasm?: Uint8Array } {
  if (bytesOfCore !== undefined) return { wasm: core.subarray(0, bytesOfCore) };
  if (module === undefined) return {};
  return { wasm: Uint8Array.from(atob(module), (byte) => byte.charCodeAt(0)) };
}

/** SHA-256 of lines as hexadecimal digits. */
export async function digestOf(lines: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
