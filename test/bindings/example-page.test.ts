/** examples/browser, built and served, in a real browser: what a person does with it, and what they see. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWith, describeWithPackage } from "../tools.ts";
import { ROOT } from "./child.ts";
import { type Browser, type Page, startChromium } from "./conformance/browsers.ts";
import { type PageServer, servePage } from "./conformance/page-server.ts";

const folder = mkdtempSync(join(tmpdir(), "hostfit-page-"));
/** Looked at by people; kept out of the repository. */
const SCREENSHOTS = join(ROOT, ".cache/screenshots");
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

describeWith("chromium", "the example page", () => {
  describeWithPackage("playwright-core", "the example page in Chromium, driven by playwright", () => {
    let browser: Browser;
    let server: PageServer;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      execFileSync(process.execPath, ["examples/browser/build.mjs", folder], { cwd: ROOT });
      const files = ["index.html", "app.js", "style.css", "hostfit.wasm"];
      server = await servePage(
        Object.fromEntries(files.map((name) => [`/${name}`, readFileSync(join(folder, name))])),
        "/app.js",
        POLICY,
      );
      browser = await startChromium();
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.on("console", (event) => complaints.push(event.text?.() ?? ""));
      page.on("pageerror", (event) => complaints.push(event.message ?? ""));
      await page.goto(`${server.url}index.html`);
      mkdirSync(SCREENSHOTS, { recursive: true });
    }, 120_000);

    afterAll(async () => {
      await browser?.close();
      server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const state = (value: string) => page.waitForSelector(`#verdict[data-state="${value}"]`);

    async function drop(document: string, facts: string): Promise<void> {
      await page.setInputFiles("#document-file", [join(ROOT, document)]);
      await page.setInputFiles("#facts-file", [join(ROOT, facts)]);
    }

    test("waits for both", async () => {
      await state("empty");
      await page.screenshot({ path: join(SCREENSHOTS, "page-empty.png") });
    });

    test.each([
      ["gpu-h100", "compatible", "It fits, whatever the facts are"],
      ["gpu-v100", "incompatible", "wanted"],
      ["unprobed", "undetermined", "not known how many there are"],
    ])("gives the verdict for files, with reasons and their places: %s is %s", async (host, value, text) => {
      await drop("examples/documents/cuda.yaml", `examples/documents/hosts/${host}.yaml`);
      await state(value);
      expect(await page.textContent("#verdict")).toContain(text);
      if (value !== "compatible")
        expect(await page.textContent(".place")).toMatch(/^cuda\.yaml:\d+ {2}\/requires\//);
      await page.screenshot({ path: join(SCREENSHOTS, `page-${value}.png`), fullPage: true });
    });

    test("takes files that are dropped on a card", async () => {
      const [document, facts] = ["examples/documents/cuda.yaml", "examples/documents/hosts/gpu-v100.yaml"];
      for (const [card, file] of [
        ["#document-card", document],
        ["#facts-card", facts],
      ] as const) {
        const text = JSON.stringify(readFileSync(join(ROOT, file), "utf8"));
        await page.evaluate(`{
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([${text}], "dropped.yaml"));
          const card = document.querySelector("${card}");
          for (const type of ["dragenter", "dragover", "drop"])
            card.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        }`);
      }
      await state("incompatible");
      expect(await page.textContent(".place")).toMatch(/^dropped\.yaml:17 /);
      expect(await page.evaluate<number>('document.querySelectorAll("[data-over]").length')).toBe(0);
    });

    test("reads NFD's documents and NodeFeature objects", async () => {
      const document = join(folder, "nfd.yaml");
      writeFileSync(
        document,
        'version: v1alpha1\ncompatibilities:\n  - rules:\n      - name: gpu\n        matchFeatures:\n          - feature: pci.device\n            matchExpressions:\n              vendor: { op: In, value: ["10de"] }\n',
      );
      await page.setInputFiles("#document-file", [document]);
      await page.setInputFiles("#facts-file", [join(ROOT, "examples/documents/hosts/gpu-node-feature.yaml")]);
      await state("compatible");
    });

    test("says where a document is wrong", async () => {
      await drop("examples/mistakes.yaml", "examples/hosts/gpu.yaml");
      await state("error");
      expect(await page.textContent("#verdict")).toMatch(/mistakes\.yaml:5:\d+: .*unknown-key/s);
      await page.screenshot({ path: join(SCREENSHOTS, "page-error.png"), fullPage: true });
    });

    test("says what is wrong with bytes that are no document, and keeps them text", async () => {
      const hostile = join(folder, "hostile.yaml");
      writeFileSync(
        hostile,
        'apiVersion: hostfit/v1.0\nkind: Requirements\nname: <img src=x onerror="alert(1)">\nrequires: { "a.b": { "<b>": "<i>" } }\n',
      );
      await page.setInputFiles("#document-file", [hostile]);
      await page.setInputFiles("#facts-file", [join(ROOT, "examples/hosts/gpu.yaml")]);
      await state("undetermined");
      expect(await page.textContent("#verdict")).toContain('<img src=x onerror="alert(1)">');
      expect(
        await page.evaluate<number>(
          'document.querySelectorAll("#verdict img, #verdict b, #verdict i").length',
        ),
      ).toBe(0);
    });

    test("is worked by keyboard, and has samples", async () => {
      await page.press("#samples button:nth-of-type(2)", "Enter");
      await state("incompatible");
      await page.press("#samples button:nth-of-type(3)", "Enter");
      await state("undetermined");
    });

    test("has a name for every control, and one language, title and main part", async () => {
      const unnamed =
        await page.evaluate<number>(`[...document.querySelectorAll("button, input, textarea")].filter((one) =>
        !(one.textContent.trim() || one.getAttribute("aria-labelledby") || one.closest("label"))).length`);
      expect(unnamed).toBe(0);
      const marks = await page.evaluate<unknown>(
        `[document.documentElement.lang, document.title !== "", document.querySelectorAll("main").length, document.querySelectorAll("h1").length, document.querySelector("#verdict").getAttribute("aria-live")]`,
      );
      expect(marks).toEqual(["en", true, 1, 1, "polite"]);
    });

    test.each(["light", "dark"] as const)(
      "is readable in its %s scheme: every text has a contrast of 4.5 to 1",
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        for (const [button, value] of [
          [1, "compatible"],
          [2, "incompatible"],
          [3, "undetermined"],
        ] as const) {
          await page.click(`#samples button:nth-of-type(${button})`);
          await state(value);
          expect(await page.evaluate<readonly string[]>(TOO_FAINT)).toEqual([]);
        }
        await page.screenshot({ path: join(SCREENSHOTS, `page-${colorScheme}.png`), fullPage: true });
      },
    );

    test("fits a narrow screen", async () => {
      const narrow = await browser.newPage({ viewport: { width: 360, height: 720 }, colorScheme: "dark" });
      await narrow.goto(`${server.url}index.html`);
      await narrow.click("#samples button:nth-of-type(3)");
      await narrow.waitForSelector('#verdict[data-state="undetermined"]');
      expect(await narrow.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await narrow.screenshot({ path: join(SCREENSHOTS, "page-narrow.png"), fullPage: true });
    });

    test("never made the browser complain", () => {
      expect(complaints).toEqual([]);
    });
  });
});

/** In the page: texts whose colour is too near to what is behind them (WCAG 2, relative luminance). */
const TOO_FAINT = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "") && one.getClientRects().length > 0)
    .filter((one) => one.className !== "skip")
    .flatMap((one) => {
      const [light, dark] = [luminance(channels(getComputedStyle(one).color)), luminance(behind(one))].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      return contrast < 4.5 ? [one.className + " " + one.textContent.slice(0, 20) + " " + contrast.toFixed(2) + " " + getComputedStyle(one).color + " on " + behind(one)] : [];
    });
})()`;
