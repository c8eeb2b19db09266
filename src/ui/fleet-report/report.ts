/** The report as one file: the page that the build made, with its data in it. */
import { readFile } from "node:fs/promises";
import type { ReportData } from "./data.ts";

/** The page with everything but its data: beside this module in `dist/`, or, running from source, where the build left it. */
async function page(): Promise<string> {
  const beside = import.meta.url.endsWith(".ts") ? "../../../dist/fleet-report.html" : "./fleet-report.html";
  return readFile(new URL(beside, import.meta.url), "utf8");
}

/** Self-contained HTML: no request goes out from it. */
export async function reportHtml(data: ReportData): Promise<string> {
  // What strangers wrote must not end the script that it stands in.
  const json = JSON.stringify(data).replace(
    /[<\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const [before, after] = (await page()).split('"DATA"') as [string, string];
  return `${before}${json}${after}`;
}
