/**
 * hostfit for Node: does this image fit this host, and which of its variants fits best?
 *
 * ```ts
 * const matcher = await createMatcher();
 * using requirements = matcher.compile(document);
 * using host = matcher.facts(facts);
 * const verdict = matcher.evaluate(requirements, host);
 * ```
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { instantiateSync } from "@assemblyscript/loader";
import { Core, type CoreExports } from "./core.ts";
import { CoreMatcher } from "./core-matcher.ts";
import { MisuseError } from "./errors.ts";
import type { Matcher } from "./matcher.ts";

export * from "./errors.ts";
export type * from "./fleet.ts";
export type * from "./matcher.ts";
export type * from "./types.ts";

/** A `WebAssembly.Module`, without the need for a library that declares it. */
export type CompiledModule = object;

/** How a matcher is made. */
export interface MatcherOptions {
  /** The core: bytes or a compiled module. Without it, hostfit.wasm of this package is read. */
  readonly wasm?: Uint8Array | ArrayBuffer | CompiledModule;
  /** Ceiling of the core's memory in bytes (1 GiB by default, at most 2 GiB less 1). */
  readonly memory?: number;
  /** Work budget of one call in units of about a nanosecond (2,000,000,000 by default). */
  readonly work?: number;
}

/** Loads the core and gives a matcher over an instance of its own. Throws MisuseError for a module that isn't hostfit's. */
export async function createMatcher(options: MatcherOptions = {}): Promise<Matcher> {
  const source = options.wasm ?? (await readFile(wasmFile()));
  let exports: CoreExports;
  try {
    // The loader's asynchronous form asks for Response, which makes Node load its HTTP client: a third of a short run.
    ({ exports } = instantiateSync<CoreExports & Record<string, unknown>>(
      source as BufferSource | WebAssembly.Module,
      {},
    ));
  } catch (error) {
    throw new MisuseError("not-hostfit", "the core's module can't be instantiated", {
      help: "load hostfit.wasm of this package, in a runtime that has WebAssembly SIMD",
      cause: error,
    });
  }
  const core = new Core(exports, randomSeed());
  core.configure({ memory: options.memory, work: options.work });
  return new CoreMatcher(core);
}

/** Beside the built files; in the source tree, where the build puts it. */
function wasmFile(): URL {
  const beside = new URL("./hostfit.wasm", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../dist/hostfit.wasm", import.meta.url);
}

function randomSeed(): [number, number] {
  const words = new Int32Array(2);
  globalThis.crypto.getRandomValues(words);
  return [words[0]!, words[1]!];
}
