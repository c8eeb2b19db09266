/** From a compiled module with fleets to a matcher over an instance of its own. */
import { CoreFleetMatcher } from "./core-fleet.ts";
import type { FleetMatcher } from "./fleet.ts";
import { FleetCore } from "./fleet-core.ts";
import type { WasmSource } from "./load.ts";
import { type MatcherLimits, openCore } from "./open.ts";

/** How a matcher with fleets is made. */
export interface FleetMatcherOptions extends MatcherLimits {
  /** The core with fleets. Without it, hostfit-fleet.wasm of this package is read. */
  readonly wasm?: WasmSource;
}

/** Throws as openMatcher, and MisuseError for a module without fleets. */
export function openFleetMatcher(module: WebAssembly.Module, limits: MatcherLimits): FleetMatcher {
  return new CoreFleetMatcher(openCore(module, limits, FleetCore));
}
