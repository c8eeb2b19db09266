/**
 * Fleets, for Node and Bun: one document for ten thousand hosts.
 *
 * ```ts
 * import { createFleetMatcher } from "hostfit/fleet";
 * const matcher = await createFleetMatcher();
 * const fleet = matcher.fleet();
 * const slot = fleet.add(facts);
 * const row = fleet.evaluate(matcher.compile(document), { best: 50 });
 * ```
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { LoadError } from "./errors.ts";
import type { FleetMatcher } from "./fleet.ts";
import { compileAtHand, compileSource } from "./load.ts";
import type { FleetMatcherOptions } from "./open-fleet.ts";
import { openFleetMatcher } from "./open-fleet.ts";

export * from "./exports.ts";
export type { FleetMatcherOptions } from "./open-fleet.ts";

/** Loads the core with fleets and gives a matcher over an instance of its own. Throws MisuseError, LoadError. */
export async function createFleetMatcher(options: FleetMatcherOptions = {}): Promise<FleetMatcher> {
  const source = options.wasm ?? (await readFile(wasmFile()).catch(unreadable));
  return openFleetMatcher(
    source instanceof Uint8Array ? compileAtHand(source) : await compileSource(source),
    options,
  );
}

function unreadable(cause: unknown): never {
  throw new LoadError("module-unreachable", `the core can't be read from ${wasmFile().pathname}`, {
    help: "install the package again, or pass hostfit-fleet.wasm as { wasm }",
    cause,
  });
}

/** Beside the built files; in the source tree, where the build puts it. */
function wasmFile(): URL {
  const beside = new URL("./hostfit-fleet.wasm", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../dist/hostfit-fleet.wasm", import.meta.url);
}
