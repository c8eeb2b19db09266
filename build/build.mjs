// Builds dist/: the core's wasm, the library, the command line, types and schemas.
//   node build/build.mjs               everything
//   node build/build.mjs --if-needed   only if a source is newer than what was built
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildRelease } from "./release.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const stamp = "dist/.built";

if (process.argv.includes("--if-needed") && isCurrent()) process.exit(0);

const started = Date.now();
mkdirSync("dist", { recursive: true });
rmSync(stamp, { force: true });
await buildCore();
await buildScripts();
buildTypes();
writeFileSync(stamp, "");
console.error(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);

/** Whether nothing that goes into dist/ is newer than the last build. */
function isCurrent() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const sources = ["assembly", "bindings/js", "src", "build"].flatMap(filesIn);
  return [...sources, "package.json", "asconfig.json"].every((file) => statSync(file).mtimeMs <= built);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function buildCore() {
  await buildRelease({ root, file: "dist/hostfit.wasm" });
  const asc = ["node_modules/assemblyscript/bin/asc.js", "assembly/fleet/index.ts"];
  execFileSync(process.execPath, [...asc, "--config", "asconfig.json", "--target", "fleet"], {
    stdio: "inherit",
  });
  // Go embeds files of its own folder only, and a wheel is made of Python's: each has a copy.
  cpSync("dist/hostfit.wasm", "bindings/go/hostfit.wasm");
  cpSync("dist/hostfit-fleet.wasm", "bindings/go/hostfit-fleet.wasm");
  cpSync("dist/hostfit.wasm", "bindings/python/src/hostfit/hostfit.wasm");
}

async function buildScripts() {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const file of readdirSync("dist")) if (/\.js(\.map)?$/.test(file)) rmSync(join("dist", file));
  const common = {
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: "dist",
    legalComments: "linked",
    logLevel: "warning",
    // The ES build: of the CommonJS one a dynamic import shows only a default.
    alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
    define: { __HOSTFIT_VERSION__: JSON.stringify(version) },
  };
  if (existsSync("build/schemas.mjs")) {
    const { generateValidators } = await import("./schemas.mjs");
    await generateValidators("dist");
  }
  await buildLibrary();
  await build({
    ...common,
    entryPoints: { cli: "src/cli/main.ts" },
    splitting: true,
    chunkNames: "chunk-[hash]",
    minifySyntax: true,
    // CommonJS packages that are bundled look for require.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  await buildFleetReport();
  mkdirSync("dist/schemas", { recursive: true });
  for (const folder of ["src/author/schemas", "src/cli/schemas"]) {
    if (existsSync(folder)) cpSync(folder, "dist/schemas", { recursive: true });
  }
}

/** One file for each kind of runtime, which needs nothing but its module beside it: docs/bindings.md. */
async function buildLibrary() {
  const common = {
    bundle: true,
    format: "esm",
    outdir: "dist",
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
  };
  const nodes = { index: "bindings/js/index.ts", fleet: "bindings/js/fleet-node.ts" };
  // Nothing is fetched here, and Node prints the line that threw: it is to be one that people can read.
  await build({ ...common, minify: false, entryPoints: nodes, platform: "node", target: "node20" });
  const others = {
    browser: "bindings/js/web.ts",
    "browser-fleet": "bindings/js/fleet-web.ts",
    deno: "bindings/js/deno.ts",
    workerd: "bindings/js/workerd.ts",
  };
  // es2022 has all that these runtimes are older than: classes' private members and top-level await.
  await build({
    ...common,
    entryPoints: others,
    platform: "neutral",
    target: "es2022",
    mainFields: ["module"],
  });
}

/** The page of `hostfit fleet --output html`, in one file, but for its data. */
async function buildFleetReport() {
  const folder = "src/ui/fleet-report";
  const { outputFiles } = await build({
    entryPoints: [`${folder}/page.ts`],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    write: false,
    logLevel: "warning",
  });
  const script = outputFiles[0].text.replaceAll("</", "<\\/");
  const page = readFileSync(`${folder}/page.html`, "utf8").replace('"SCRIPT";', () => script);
  writeFileSync("dist/fleet-report.html", page);
}

function buildTypes() {
  rmSync("dist/types", { recursive: true, force: true });
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "build/tsconfig.types.json"], {
    stdio: "inherit",
  });
  // Declarations name their neighbours as the sources do; whoever installs the package has only these.
  for (const file of filesIn("dist/types")) {
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
}
