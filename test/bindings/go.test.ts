/** The Go binding: its own tests, its answers byte for byte beside Node's, and its examples. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { describeWith } from "../tools.ts";
import { rawAnswers } from "./conformance/raw-answers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hostfit-go-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in a folder of the project; what it prints. Its own words are in the error if it fails. */
function run(
  where: string,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): string {
  return execFileSync(program, args, {
    cwd: join(ROOT, where),
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

describeWith("go", "Go", () => {
  test("passes its own tests and answers the vectors as Node does, byte for byte", {
    timeout: 300_000,
  }, () => {
    const answers = join(folder, "answers");
    run("bindings/go", "go", ["test", "-count=1", "./..."], { HOSTFIT_ANSWERS: answers });
    const lines = readFileSync(answers, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1500);
    expect(lines).toEqual(rawAnswers());
  });

  test.each(["bindings/go"])("is vetted and formatted: %s", { timeout: 300_000 }, (where) => {
    expect(run(where, "gofmt", ["-l", "."])).toBe("");
    run(where, "go", ["vet", "./..."]);
    run(where, "go", ["mod", "verify"]);
  });
});
