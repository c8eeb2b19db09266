import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { describe } from "vitest";

/**
 * Programs that some tests need beyond Node (a registry server, a browser, Go). A missing one is never silent: its
 * tests are skipped by name, the skip is written to the file in HOSTFIT_SKIPS (which the test command counts and
 * prints), and with CI=true a missing program fails instead.
 */
export function describeWith(program: string, title: string, body: () => void): void {
  if (hasProgram(program)) {
    describe(title, body);
    return;
  }
  if (process.env["CI"] === "true") {
    describe(title, () => {
      throw new Error(`${title}: needs ${program}, which CI must install`);
    });
    return;
  }
  const file = process.env["HOSTFIT_SKIPS"];
  if (file !== undefined) appendFileSync(file, `${title} (needs ${program})\n`);
  describe.skip(`${title} (skipped: needs ${program})`, body);
}

/** Whether `program` is on the PATH. */
export function hasProgram(program: string): boolean {
  try {
    execFileSync("/bin/sh", ["-c", `command -v "$1"`, "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
