/** Fleets, for browsers and every runtime that has `fetch`: as fleet-node.ts, with the core fetched from beside this file. */
import type { FleetMatcher } from "./fleet.ts";
import { compileSource } from "./load.ts";
import { type FleetMatcherOptions, openFleetMatcher } from "./open-fleet.ts";

export * from "./exports.ts";
export type { FleetMatcherOptions } from "./open-fleet.ts";

/** Loads the core with fleets and gives a matcher over an instance of its own. Throws MisuseError, LoadError. */
export async function createFleetMatcher(options: FleetMatcherOptions = {}): Promise<FleetMatcher> {
  const source = options.wasm ?? new URL("./hostfit-fleet.wasm", import.meta.url);
  return openFleetMatcher(await compileSource(source), options);
}
