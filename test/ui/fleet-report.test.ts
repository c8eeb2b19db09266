/** The fleet's report: what is shown of the data, and the page itself in a real browser. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cells } from "../../src/ui/fleet-report/data.ts";
import { reportHtml } from "../../src/ui/fleet-report/report.ts";
import { answerOf, viewOf } from "../../src/ui/fleet-report/view.ts";
import { type Browser, type Page, startChromium } from "../bindings/conformance/browsers.ts";
import { describeIf, hasProgram, RUNTIMES } from "../tools.ts";
import { cellOf, reportSample } from "./report-sample.ts";

const SMALL = reportSample(12, 9, 4);
const cells = new Cells(SMALL);
const ALL = { image: "", host: "", show: "all", order: "given" } as const;

describe("the view of a report", () => {
  test("cells come out as they were packed", () => {
    for (let image = 0; image < 9; image++) {
      for (let profile = 0; profile < 4; profile++) {
        expect(cells.at(image, profile)).toBe(cellOf(image, profile, 4));
      }
    }
  });

  test.each([
    ["everything, as given", ALL, [0, 1, 2, 3, 4, 5, 6, 7, 8], 12],
    ["images by part of their name, in any case", { ...ALL, image: "APP-3" }, [3], 12],
    ["hosts by part of their name", { ...ALL, host: "node-1" }, [0, 1, 2, 3, 4, 5, 6, 7, 8], 3],
    ["what doesn't fit everywhere", { ...ALL, show: "not-everywhere" }, [1, 2, 3, 4, 6, 7, 8], 12],
    ["what fits nowhere", { ...ALL, show: "nowhere" }, [], 12],
    ["the worst first", { ...ALL, order: "fit" }, [4, 3, 8, 2, 7, 1, 6, 0, 5], 12],
  ] as const)("shows %s", (_, options, images, hosts) => {
    const view = viewOf(SMALL, cells, options);
    expect([view.images, view.hosts.length]).toEqual([images, hosts]);
  });

  test("puts hosts that are alike beside each other, the worst first", () => {
    const { hosts } = viewOf(SMALL, cells, { ...ALL, order: "fit" });
    expect(hosts.map((at) => SMALL.hosts[at]?.profile)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  test("tells of a cell what its hosts lack, and how many lack it too", () => {
    expect(answerOf(SMALL, cells, 3, 0)).toMatchObject({
      verdict: "incompatible",
      variant: "linux/amd64/v4",
      lines: ["cpu.cpuid AVX512F is missing", "</script><b>not markup</b>"],
      alike: 9,
    });
    expect(answerOf(SMALL, cells, 3, 3)).toEqual({ verdict: "compatible", variant: "", lines: [], alike: 0 });
  });
});

describeIf(
  hasProgram("chromium") && existsSync(`${RUNTIMES}playwright-core`),
  "chromium (Debian's package), and npm ci --prefix test/bindings/runtimes",
  "the report in Chromium",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "hostfit-report-"));
    let browser: Browser;
    beforeAll(async () => {
      browser = await startChromium();
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(hosts: number, images: number): Promise<{ page: Page; problems: string[] }> {
      const file = join(folder, `${hosts}.html`);
      writeFileSync(file, await reportHtml(reportSample(hosts, images, 40)));
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message ?? ""));
      page.on("console", (message) => problems.push(message.text?.() ?? ""));
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector("#summary li");
      return { page, problems };
    }

    /** Colours in the map's canvas, once it is drawn. */
    const COLOURS = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const canvas = document.getElementById("map");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 4).join());
      resolve(seen.size);
    })))`;

    test("shows a small fleet whole, and tells of a cell by its keys", async () => {
      const { page, problems } = await open(30, 25);
      expect(await page.textContent("#title")).toBe("25 images on 30 hosts");
      expect(await page.textContent("#count")).toBe("25 images, 30 hosts");
      await page.press("#scroller", "ArrowDown");
      const told = (await page.textContent("#cell")) ?? "";
      expect(told).toMatch(/^registry\.example\/app-\d+on node-\d+incompatible/);
      expect(told).toContain("</script><b>not markup</b>");
      expect(await page.evaluate<number>(COLOURS)).toBeGreaterThan(3);
      expect(problems).toEqual([]);
    });

    test("filters while one types", async () => {
      const { page } = await open(30, 25);
      await page.evaluate(`(() => {
        const image = document.getElementById("image");
        image.value = "app-7";
        image.dispatchEvent(new Event("input", { bubbles: true }));
      })()`);
      expect(await page.textContent("#count")).toBe("1 of 25 images, 30 hosts");
    });

    test("2,000 images on 2,000 hosts are seen at once, and cell by cell when one goes nearer", async () => {
      const { page, problems } = await open(2000, 2000);
      const size = `(() => {
        const { width, height } = document.getElementById("field").style;
        const { clientWidth, clientHeight } = document.getElementById("scroller");
        return [parseFloat(width), parseFloat(height), clientWidth, clientHeight];
      })()`;
      const [width = 0, height = 0, seenWidth = 0, seenHeight = 0] = await page.evaluate<number[]>(size);
      expect(width).toBeLessThanOrEqual(seenWidth);
      expect(height).toBeLessThanOrEqual(seenHeight);
      expect(height).toBeGreaterThan(seenHeight / 2);
      for (let step = 0; step < 12; step++) await page.press("#scroller", "+");
      const [near = 0] = await page.evaluate<number[]>(size);
      expect(near).toBeGreaterThan(2000 * 20);
      expect(problems).toEqual([]);
      expect(statSync(join(folder, "2000.html")).size).toBeLessThan(4_000_000);
    }, 60_000);

    test("asks for nothing: the page has all that it needs", () => {
      const html = readFileSync(join(folder, "30.html"), "utf8");
      expect(html).not.toMatch(/<(?:link|img|iframe)\b|\bsrc=|@import|url\(|fetch\(|XMLHttpRequest/);
      expect(html).toContain("default-src 'none'");
    });
  },
);
