/** The library's file for pages: how large it is, what it leaves alone, and what it says where it can't work. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Installation, installPackage } from "../package/installation.ts";
import { describeWith, describeWithPackage } from "../tools.ts";
import { startChromium } from "./conformance/browsers.ts";
import { POLICY, servePage } from "./conformance/page-server.ts";
import { bundleProgram } from "./conformance/programs.ts";

let installed: Installation;
beforeAll(() => {
  installed = installPackage();
}, 120_000);
afterAll(() => installed?.remove());

/** A file of the installed package's dist. */
function built(name: string): Buffer {
  return readFileSync(join(installed.folder, "node_modules/hostfit/dist", name));
}

describe("the file for pages", () => {
  test("has less than 6 KB compressed, without the core", () => {
    expect(gzipSync(built("browser.js"), { level: 9 }).length).toBeLessThan(6 * 1024);
  });

  test.each(["browser.js", "deno.js", "workerd.js"])(
    "needs nothing else, and evaluates no text: %s",
    async (name) => {
      const { metafile, outputFiles } = await build({
        stdin: { contents: built(name).toString(), loader: "js" },
        bundle: true,
        packages: "external",
        format: "esm",
        write: false,
        metafile: true,
      });
      expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports)).toEqual([]);
      const text = outputFiles[0]!.text;
      expect(text.match(/\beval\s*\(|\bFunction\s*\(|setTimeout\s*\(\s*["'`]/g) ?? []).toEqual([]);
    },
  );
});

describeWith("chromium", "a page in Chromium", () => {
  describeWithPackage(
    "playwright-core",
    "a page in Chromium, driven by playwright, that loads the core",
    () => {
      const NO_WASM = POLICY.replace(" 'wasm-unsafe-eval'", "");
      test.each([
        ["gets it", "", [], POLICY, "loaded"],
        ["gets half of it", "?wasm=/half.wasm", [], POLICY, "LoadError module-incomplete"],
        ["gets none", "?wasm=/none.wasm", [], POLICY, "LoadError module-unreachable"],
        ["may not ask there", "?wasm=https://elsewhere.invalid/", [], POLICY, "LoadError module-unreachable"],
        ["gets a page in its place", "?wasm=/", [], POLICY, "LoadError not-hostfit"],
        ["may not compile", "", [], NO_WASM, "LoadError compile-forbidden"],
        // V8 has no SIMD for a processor that it takes for one without SSE 4.1.
        ["has no SIMD", "", ["--js-flags=--no-enable-sse4-1"], POLICY, "LoadError no-simd"],
      ] as const)("and %s", async (_, query, flags, policy, told) => {
        if (process.arch !== "x64" && told.endsWith("no-simd")) return;
        const script = await bundleProgram("loading-program", installed.folder, { platform: "browser" });
        const files = { "/loading-program.js": readFileSync(script), "/hostfit.wasm": built("hostfit.wasm") };
        const server = await servePage(files, "/loading-program.js", policy);
        const browser = await startChromium(flags);
        try {
          await (await browser.newPage()).goto(`${server.url}${query}`);
          expect(await server.result).toBe(told);
        } finally {
          await browser.close();
          server.close();
        }
      });
    },
  );
});
