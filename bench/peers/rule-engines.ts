import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Peer } from "./peer.ts";

/** Rule engines from npm, which have a package.json of their own in bench/peers/npm; build/bench.mjs installs them. */
export async function ruleEngines(root: string): Promise<{ peers: Peer[]; missing: string[] }> {
  const folder = join(root, "bench/peers/npm");
  const engines = ["json-logic-js", "json-rules-engine", "@marcbachmann/cel-js", "@cedar-policy/cedar-wasm"];
  if (!engines.every((name) => existsSync(join(folder, "node_modules", name)))) {
    return { peers: [], missing: [`${engines.join(", ")}: run \`npm ci\` in bench/peers/npm`] };
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
      {
        name: "CEL (@marcbachmann/cel-js)",
        lacks: "versions, sizes; what isn't there is an error or has to be asked for first; no reasons",
        ...(await load("cel.mjs")),
      },
      {
        name: "Cedar (@cedar-policy/cedar-wasm)",
        lacks:
          "conditions over instances (joined to texts in JavaScript), versions, sizes, patterns; every call takes all facts as JSON; no reasons",
        ...(await load("cedar.mjs")),
      },
    ],
    missing: [],
  };
}
