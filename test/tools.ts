import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

/**
 * Programs that some tests need beyond Node (a registry server, a browser, Go). A missing one is never silent: its
 * tests are skipped by name, the skip is written to the file in HOSTFIT_SKIPS (which the test command counts and
 * prints), and with CI=true a missing program fails instead.
 */
export function describeWith(program: string, title: string, body: () => void): void {
  describeIf(hasProgram(program), program, title, body);
}

/** Packages of npm that only the bindings' tests need: `npm ci --prefix test/bindings/runtimes` installs them. */
export const RUNTIMES = fileURLToPath(new URL("bindings/runtimes/node_modules/", import.meta.url));

/** As describeWith, for a package in test/bindings/runtimes. */
export function describeWithPackage(name: string, title: string, body: () => void): void {
  const what = `npm ci --prefix test/bindings/runtimes, for ${name}`;
  describeIf(existsSync(`${RUNTIMES}${name}`), what, title, body);
}

/** Describes what is there; skips it by name, or fails in CI, where `what` is needed and isn't. */
export function describeIf(there: boolean, what: string, title: string, body: () => void): void {
  if (there) {
    describe(title, body);
    return;
  }
  if (process.env["CI"] === "true") {
    describe(title, () => {
      throw new Error(`${title}: needs ${what}, which CI must install`);
    });
    return;
  }
  const file = process.env["HOSTFIT_SKIPS"];
  if (file !== undefined) appendFileSync(file, `${title} (needs ${what})\n`);
  describe.skip(`${title} (skipped: needs ${what})`, body);
}

/** Whether a command of the project's folder ends well: what a language's own packages are looked for with, without fetching any. */
export function endsWell(
  program: string,
  args: readonly string[],
  { cwd = ".", env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): boolean {
  const { status } = spawnSync(program, args, {
    cwd: fileURLToPath(new URL(`../${cwd}/`, import.meta.url)),
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  return status === 0;
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
