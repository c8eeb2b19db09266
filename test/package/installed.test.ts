/** What somebody who installs the package can do with it. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWithPackage, RUNTIMES } from "../tools.ts";
import { type Installation, installPackage } from "./installation.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let installed: Installation;
beforeAll(() => {
  installed = installPackage();
  writeFileSync(join(installed.folder, "consumer.ts"), CONSUMER);
  writeFileSync(
    join(installed.folder, "consumer.mjs"),
    CONSUMER.replace(", type Verdict", "").replace(": Verdict", ""),
  );
});
afterAll(() => installed?.remove());

const CONSUMER = `
import { createMatcher, createMatcherSync, InputError, type Verdict } from "hostfit";
const matcher = await createMatcher();
const requirements = matcher.compile({ apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { "cpu.cpuid": ["AVX2"] } });
const host = matcher.facts({ kind: "Host", features: { flags: { "cpu.cpuid": { elements: ["AVX2"] } } } });
const verdict: Verdict = matcher.evaluate(requirements, host);
if (verdict.verdict === "incompatible") throw new InputError("x", "y", "z", { document: "", offset: 0, pointer: "" });
matcher.dispose();
createMatcherSync().dispose();
console.log(verdict.verdict);
`;

function run(program: string, ...args: string[]): string {
  const { folder: cwd } = installed;
  // In CI some programs colour what they say to nobody.
  const { FORCE_COLOR: _, CI: __, ...rest } = process.env;
  const env = { ...rest, NO_COLOR: "1" };
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], env });
}

describe("the installed package", () => {
  test("gives verdicts", () => {
    expect(run(process.execPath, "consumer.mjs")).toBe("compatible\n");
  });

  test("throws errors whose class and line can be read", () => {
    const script = `
      import { createMatcher } from "hostfit";
      (await createMatcher()).compile("{");`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: installed.folder,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^InputError: not JSON$/m);
    expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThan(200);
  });

  test.each([
    ["nodenext", "nodenext", []],
    ["esnext", "bundler", []],
    ["esnext", "bundler", ["browser"]],
    ["esnext", "bundler", ["deno"]],
    ["esnext", "bundler", ["bun"]],
  ])("has types for %s modules, resolved as by %s, with conditions %j", (module, resolution, conditions) => {
    const options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2023,esnext.disposable,dom"];
    // Without its file nothing can be made at once in a page.
    const inPage = resolution === "bundler" && !conditions.some((one) => one === "deno" || one === "bun");
    const source = inPage
      ? CONSUMER.replace("createMatcherSync()", "createMatcherSync({ wasm: new Uint8Array() })")
      : CONSUMER;
    writeFileSync(join(installed.folder, "typed.ts"), source);
    run(
      join(root, "node_modules/.bin/tsc"),
      ...options,
      ...["--types", "", "--module", module, "--moduleResolution", resolution],
      ...(conditions.length > 0 ? ["--customConditions", conditions.join(",")] : []),
      "typed.ts",
    );
  });

  test("brings the program", () => {
    expect(run(join(installed.folder, "node_modules/.bin/hostfit"), "--version")).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
  });

  test("brings the example that the README starts with", () => {
    const cwd = join(installed.folder, "node_modules/hostfit");
    const facts = ["--facts", "examples/hosts/gpu.yaml"];
    expect(
      execFileSync("node", ["dist/cli.js", "select", "-q", "oci:examples/lammps", ...facts], {
        cwd,
        encoding: "utf8",
      }),
    ).toMatch(/^oci:examples\/lammps@sha256:[0-9a-f]{64}\n$/);
  });

  test("brings nothing that is of use to its makers only", () => {
    const strangers = installed.files.filter(
      (file) => !/^(dist|docs|examples)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(file),
    );
    expect(strangers).toEqual([]);
    expect(installed.files.filter((file) => /node_modules|\.built$|\/target\//.test(file))).toEqual([]);
  });
});

describeWithPackage("publint", "publint", () => {
  test("finds nothing in the package", () => {
    expect(
      run(join(RUNTIMES, ".bin/publint"), "run", "node_modules/hostfit", "--pack", "false", "--strict"),
    ).toMatch(/Linting\.\.\.\s*All good!/);
  });
});

describeWithPackage("@arethetypeswrong/cli", "Are the types wrong?", () => {
  test("No, for whoever imports; the package has no CommonJS, and old resolvers know no exports", () => {
    const rules = [
      "--ignore-rules",
      "cjs-resolves-to-esm",
      "no-resolution",
      "--exclude-entrypoints",
      "hostfit.wasm",
    ];
    const told = run(join(RUNTIMES, ".bin/attw"), ...[installed.tarball, "--format", "ascii", ...rules]);
    expect(told).toContain("No problems found");
  });
});
