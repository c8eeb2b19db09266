/**
 * hostfit for Node and Bun: does this image fit this host, and which of its variants fits best?
 *
 * ```ts
 * const matcher = await createMatcher();
 * using requirements = matcher.compile(document);
 * using host = matcher.facts(facts);
 * const verdict = matcher.evaluate(requirements, host);
 * ```
 */
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { instantiateSync } from "@assemblyscript/loader";
import type { CoreExports } from "./core.ts";
import { LoadError } from "./errors.ts";
import { compileAtHand, compileSource, type WasmAtHand, type WasmSource } from "./load.ts";
import type { Matcher } from "./matcher.ts";
import { type MatcherLimits, openMatcher, randomSeed } from "./open.ts";

export * from "./exports.ts";

/** How a matcher is made. */
export interface MatcherOptions extends MatcherLimits {
  /** The core. Without it, hostfit.wasm of this package is read. */
  readonly wasm?: WasmSource;
}

/** How a matcher is made at once. */
export interface SyncMatcherOptions extends MatcherLimits {
  /** The core. Without it, hostfit.wasm of this package is read. */
  readonly wasm?: WasmAtHand;
}

/** Loads the core and gives a matcher over an instance of its own. Throws MisuseError, LoadError. */
export async function createMatcher(options: MatcherOptions = {}): Promise<Matcher> {
  const source = options.wasm ?? (await readFile(wasmFile()).catch(unreadable));
  // Bytes at once: compiling in the background costs a short run more than it saves.
  const module = source instanceof Uint8Array ? compileAtHand(source) : await compileSource(source);
  return openMatcher(module, options, instantiate, deviceSeed);
}

/** As createMatcher, without a promise: the file is read and compiled before this returns. */
export function createMatcherSync(options: SyncMatcherOptions = {}): Matcher {
  return openMatcher(compileAtHand(options.wasm ?? readWasmFile()), options, instantiate, deviceSeed);
}

function instantiate(module: WebAssembly.Module): CoreExports {
  return instantiateSync<CoreExports & Record<string, unknown>>(module, {}).exports;
}

/** From the system's device, where there is one: to load Node's Web Crypto for eight bytes takes 2 ms. */
function deviceSeed(): readonly [number, number] {
  const words = new Int32Array(2);
  try {
    const device = openSync("/dev/urandom", "r");
    try {
      if (readSync(device, words) === words.byteLength) return [words[0]!, words[1]!];
    } finally {
      closeSync(device);
    }
  } catch {
    // No such device, or none that may be read.
  }
  return randomSeed();
}

function readWasmFile(): Uint8Array {
  try {
    return readFileSync(wasmFile());
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(cause: unknown): never {
  throw new LoadError("module-unreachable", `the core can't be read from ${wasmFile().pathname}`, {
    help: "install the package again, or pass hostfit.wasm as { wasm }",
    cause,
  });
}

/** Beside the built files; in the source tree, where the build puts it. */
function wasmFile(): URL {
  const beside = new URL("./hostfit.wasm", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../dist/hostfit.wasm", import.meta.url);
}
