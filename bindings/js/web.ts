/**
 * hostfit for browsers, their workers, and every runtime that has `fetch` and nothing else that is known: the core is
 * fetched from beside this file and compiled while it arrives. Works under `script-src 'self' 'wasm-unsafe-eval'`.
 *
 * ```ts
 * const matcher = await createMatcher();
 * const verdict = matcher.evaluate(matcher.compile(document), matcher.facts(facts));
 * ```
 */
import { compileAtHand, compileSource, type WasmAtHand, type WasmSource } from "./load.ts";
import type { Matcher } from "./matcher.ts";
import { type MatcherLimits, openMatcher } from "./open.ts";

export * from "./exports.ts";

/** How a matcher is made. */
export interface MatcherOptions extends MatcherLimits {
  /** The core. Without it, hostfit.wasm is fetched from beside this file. */
  readonly wasm?: WasmSource;
}

/** How a matcher is made at once. */
export interface SyncMatcherOptions extends MatcherLimits {
  /** The core, which must be at hand: nothing can be fetched without a promise. */
  readonly wasm: WasmAtHand;
}

/** Loads the core and gives a matcher over an instance of its own. Throws MisuseError, LoadError. */
export async function createMatcher(options: MatcherOptions = {}): Promise<Matcher> {
  const source = options.wasm ?? new URL("./hostfit.wasm", import.meta.url);
  return openMatcher(await compileSource(source), options);
}

/** As createMatcher, without a promise, from a core that is at hand. Throws MisuseError, LoadError. */
export function createMatcherSync(options: SyncMatcherOptions): Matcher {
  return openMatcher(compileAtHand(options.wasm), options);
}
