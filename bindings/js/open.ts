/** From a compiled module to a matcher over an instance of its own. */
import { Core, type CoreExports } from "./core.ts";
import { CoreMatcher } from "./core-matcher.ts";
import { LimitError } from "./errors.ts";
import { notHostfit } from "./load.ts";
import type { Matcher } from "./matcher.ts";

/** Limits of one instance of the core. */
export interface MatcherLimits {
  /** Ceiling of the core's memory in bytes (1 GiB by default, at most 2 GiB less 1). */
  readonly memory?: number | undefined;
  /** Work budget of one call in units of about a nanosecond (2,000,000,000 by default). */
  readonly work?: number | undefined;
}

/** Makes an instance of a module; its exports. */
export type Instantiate = (module: WebAssembly.Module) => CoreExports;

/** Makes 64 random bits for the core's hash. */
export type Seed = () => readonly [number, number];

/** Throws LoadError for a module that isn't hostfit's or of another ABI, MisuseError for limits that are none. */
export function openMatcher(
  module: WebAssembly.Module,
  limits: MatcherLimits,
  instantiate?: Instantiate,
  seed?: Seed,
): Matcher {
  return new CoreMatcher(openCore(module, limits, Core, instantiate, seed));
}

/** An instance of a module with its limits, as a core of some kind. Throws as openMatcher. */
export function openCore<C extends Core>(
  module: WebAssembly.Module,
  limits: MatcherLimits,
  Kind: new (exports: CoreExports, seed: readonly [number, number]) => C,
  instantiate: Instantiate = instantiatePlainly,
  seed: Seed = randomSeed,
): C {
  let exports: CoreExports;
  try {
    exports = instantiate(module);
  } catch (error) {
    if (!(error instanceof RangeError)) throw notHostfit(error);
    throw new LimitError("out-of-memory", "the runtime has no memory for an instance of the core", {
      help: "dispose of matchers that are no longer needed",
      cause: error,
    });
  }
  const core = new Kind(exports, seed());
  core.configure(limits);
  return core;
}

/** All that is needed of an instance are its exports, as they are: a loader would be a third of the browser's file. */
function instantiatePlainly(module: WebAssembly.Module): CoreExports {
  return new WebAssembly.Instance(module, {}).exports as unknown as CoreExports;
}

/** From the platform's randomness. */
export function randomSeed(): [number, number] {
  const words = new Int32Array(2);
  globalThis.crypto.getRandomValues(words);
  return [words[0]!, words[1]!];
}
