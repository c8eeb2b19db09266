import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Peer } from "./peer.ts";

/** Rule engines from npm, which have a package.json of their own in bench/peers/npm; build/bench.mjs installs them. */
export async function ruleEngines(root: string): Promise<{ peers: Peer[]; missing: string[] }> {
  const folder = join(root, "bench/peers/npm");
  if (!existsSync(join(folder, "node_modules/json-logic-js"))) {
    return { peers: [], missing: ["json-logic-js, json-rules-engine: run `npm ci` in bench/peers/npm"] };
  }
  const load = async (file: string): Promise<Pick<Peer, "prepare" | "decide">> =>
    (await import(pathToFileURL(join(folder, file)).href)) as Pick<Peer, "prepare" | "decide">;
  return {
    peers: [
      {
        name: "json-logic-js",
        lacks:
          "versions, sizes, patterns; names with dots (facts are nested for it); unknown counts as false; no reasons",
        ...(await load("json-logic.mjs")),
      },
      {
        name: "json-rules-engine",
        lacks:
          "conditions over instances (one is added in JavaScript), versions, sizes; unknown counts as false; no reasons",
        ...(await load("json-rules-engine.mjs")),
      },
    ],
    missing: [],
  };
}
