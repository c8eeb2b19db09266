/** The package as somebody who installs it has it: the tarball in an empty project. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hostfit-installed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONSUMER = `
import { createMatcher, InputError, type Verdict } from "hostfit";
const matcher = await createMatcher();
const requirements = matcher.compile({ apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { "cpu.cpuid": ["AVX2"] } });
const host = matcher.facts({ kind: "Host", features: { flags: { "cpu.cpuid": { elements: ["AVX2"] } } } });
const verdict: Verdict = matcher.evaluate(requirements, host);
if (verdict.verdict === "incompatible") throw new InputError("x", "y", "z", { document: "", offset: 0, pointer: "" });
console.log(verdict.verdict);
`;

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

describe("the installed package", () => {
  beforeAll(() => {
    const [packed] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ) as [{ filename: string }];
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module" }));
    writeFileSync(join(folder, "consumer.ts"), CONSUMER);
    writeFileSync(
      join(folder, "consumer.mjs"),
      CONSUMER.replace(", type Verdict", "").replace(": Verdict", ""),
    );
    run("npm", "install", "--offline", "--no-audit", "--no-fund", `./${packed.filename}`);
  });

  test("gives verdicts", () => {
    expect(run(process.execPath, "consumer.mjs")).toBe("compatible\n");
  });

  test.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("has types for %s modules, resolved as by %s", (module, resolution) => {
    const options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2023,esnext.disposable,dom"];
    run(
      join(root, "node_modules/.bin/tsc"),
      ...options,
      "--types",
      "",
      "--module",
      module,
      "--moduleResolution",
      resolution,
      "consumer.ts",
    );
  });

  test("brings the program", () => {
    expect(run(join(folder, "node_modules/.bin/hostfit"), "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
