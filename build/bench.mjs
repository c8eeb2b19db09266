// Builds what is needed and runs the benchmarks: node build/bench.mjs [options] [names...]; see bench/main.ts.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildRelease } from "./release.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const args = process.argv.slice(2);

if (!args.includes("--wasm"))
  execFileSync(process.execPath, ["build/build.mjs", "--if-needed"], { stdio: "inherit" });
if (!existsSync("bench/peers/npm/node_modules")) {
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", "bench/peers/npm"], {
    stdio: "inherit",
  });
  if (installed.status !== 0) console.error("rule engines of npm could not be installed: they are left out");
}
await build({
  entryPoints: {
    main: "bench/main.ts",
    "first-verdict-process": "bench/first-verdict-process.ts",
    measure: "bench/bindings/measure.ts",
  },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  outdir: ".cache/bench",
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
  // mitata looks for it in Bun.
  external: ["bun:jsc"],
  // CommonJS packages that are bundled look for require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
});
await buildRelease({ root, entry: "assembly/json/scan-entry.ts", file: ".cache/bench/scan.wasm" });
const run = spawnSync(process.execPath, ["--expose-gc", ".cache/bench/main.mjs", ...args], {
  stdio: "inherit",
});
process.exit(run.status ?? 1);
