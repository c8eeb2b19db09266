/**
 * hostfit for Deno: the core is read from beside this file (which needs `--allow-read` there), or fetched where this file
 * itself came over the network.
 */
import { LoadError } from "./errors.ts";
import { compileAtHand, compileSource, type WasmAtHand, type WasmSource } from "./load.ts";
import type { Matcher } from "./matcher.ts";
import { type MatcherLimits, openMatcher } from "./open.ts";

export * from "./exports.ts";

/** What is needed of Deno's own API. */
declare const Deno: {
  readFile(path: URL): Promise<Uint8Array>;
  readFileSync(path: URL): Uint8Array;
};

/** How a matcher is made. */
export interface MatcherOptions extends MatcherLimits {
  /** The core. Without it, hostfit.wasm is read or fetched from beside this file. */
  readonly wasm?: WasmSource;
}

/** How a matcher is made at once. */
export interface SyncMatcherOptions extends MatcherLimits {
  /** The core. Without it, hostfit.wasm is read from beside this file, which must be in the file system. */
  readonly wasm?: WasmAtHand;
}

const BESIDE = new URL("./hostfit.wasm", import.meta.url);

/** Loads the core and gives a matcher over an instance of its own. Throws MisuseError, LoadError. */
export async function createMatcher(options: MatcherOptions = {}): Promise<Matcher> {
  const source =
    options.wasm ?? (BESIDE.protocol === "file:" ? await Deno.readFile(BESIDE).catch(unreadable) : BESIDE);
  return openMatcher(await compileSource(source), options);
}

/** As createMatcher, without a promise: the file is read and compiled before this returns. */
export function createMatcherSync(options: SyncMatcherOptions = {}): Matcher {
  return openMatcher(compileAtHand(options.wasm ?? readWasmFile()), options);
}

function readWasmFile(): Uint8Array {
  try {
    return Deno.readFileSync(BESIDE);
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(cause: unknown): never {
  throw new LoadError("module-unreachable", `the core can't be read from ${BESIDE.href}`, {
    help: "allow reading it (--allow-read), or pass hostfit.wasm as { wasm }",
    cause,
  });
}
