// Builds the page into examples/browser/dist, which any server of files can serve: node examples/browser/build.mjs [OUT]
// The library is the one in dist/ (npm run build makes it), as a bundler takes it from the package for a browser.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const out = process.argv[2] ?? join(here, "dist");

if (!existsSync(join(root, "dist/browser.js"))) {
  console.error("dist/browser.js is not there: run npm run build first");
  process.exit(1);
}
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(here, "app.ts")],
  outfile: join(out, "app.js"),
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  minify: true,
  logLevel: "warning",
  legalComments: "eof",
  loader: { ".yaml": "text" },
  alias: { hostfit: join(root, "dist/browser.js"), yaml: join(root, "node_modules/yaml/browser/index.js") },
});
for (const file of ["index.html", "style.css"]) cpSync(join(here, file), join(out, file));
// The library looks for its core beside itself.
cpSync(join(root, "dist/hostfit.wasm"), join(out, "hostfit.wasm"));
