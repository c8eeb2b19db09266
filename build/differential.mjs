/**
 * Compares the core with the oracle over many random combinations of documents, facts, policies and candidates (test/conformance/crossing.ts).
 *
 *   node build/differential.mjs [cases] [first seed]     default 10,000,000, 1
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const most = Number(process.argv[2] ?? 10_000_000);
const first = Number(process.argv[3] ?? 1);

const { matcher, crossOnce } = await load();
const report = { cases: 0, rankings: 0, verdicts: {} };
const started = Date.now();
for (let seed = first; report.cases < most; seed++) {
  try {
    crossOnce(matcher, seed, report);
  } catch (error) {
    console.error(`seed ${seed}: ${error.stack}`);
    process.exit(1);
  }
  if ((seed - first) % 10 === 9) tell(seed);
}
tell("the end");

function tell(place) {
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `${place}: ${JSON.stringify(report)}, ${Math.round(report.cases / seconds)} a second, no difference`,
  );
}

async function load() {
  mkdirSync(".cache", { recursive: true });
  const outfile = join(root, ".cache", `differential.${process.pid}.mjs`);
  const contents = `
    import { readFileSync } from "node:fs";
    import { Core } from "./bindings/js/core.ts";
    import { CoreMatcher } from "./bindings/js/core-matcher.ts";
    export { crossOnce } from "./test/conformance/crossing.ts";
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync("dist/hostfit.wasm")));
    export const matcher = new CoreMatcher(new Core(exports, [1, 2]));
  `;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  const loaded = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return loaded;
}
