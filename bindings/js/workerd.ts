/**
 * hostfit for workerd (Cloudflare Workers) and its like, which compile WebAssembly when a worker is deployed and never
 * later: the embedder imports the module and passes it.
 *
 * ```ts
 * import wasm from "hostfit/hostfit.wasm";
 * const matcher = createMatcherSync({ wasm });
 * ```
 */
import { MisuseError } from "./errors.ts";
import { type CompiledModule, compileAtHand } from "./load.ts";
import type { Matcher } from "./matcher.ts";
import { type MatcherLimits, openMatcher } from "./open.ts";

export * from "./exports.ts";

/** How a matcher is made. */
export interface MatcherOptions extends MatcherLimits {
  /** The core as a compiled module: what `import wasm from "hostfit/hostfit.wasm"` gives. */
  readonly wasm: CompiledModule;
}

export type SyncMatcherOptions = MatcherOptions;

/** As createMatcherSync: the same code runs here and elsewhere. */
export async function createMatcher(options: MatcherOptions): Promise<Matcher> {
  return createMatcherSync(options);
}

/** A matcher over an instance of its own. Throws MisuseError `no-module` without a module, LoadError for another one. */
export function createMatcherSync(options: MatcherOptions): Matcher {
  if (options?.wasm === undefined) {
    throw new MisuseError("no-module", "here the core's module must be given", {
      help: 'import wasm from "hostfit/hostfit.wasm" and pass { wasm }',
    });
  }
  return openMatcher(compileAtHand(options.wasm), options);
}
