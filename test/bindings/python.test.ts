/** The Python binding as somebody installs it: the wheel in an empty environment. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeIf, hasProgram } from "../tools.ts";
import { ROOT, runChild } from "./child.ts";
import { rawAnswers } from "./conformance/raw-answers.ts";
import { prove } from "./conformance/readme-table.ts";

const PACKAGE = join(ROOT, "bindings/python");
const folder = mkdtempSync(join(tmpdir(), "hostfit-python-"));
const python = join(folder, "environment/bin/python");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the environment's Python beside nothing of the sources. */
function inEnvironment(args: readonly string[], env: Record<string, string> = {}): string {
  return runChild(python, args, { env: { PYTHONPATH: "", PYTHONDONTWRITEBYTECODE: "1", ...env } });
}

/** Packages that were fetched before: nothing is, while tests run. */
const WHEELS = join(ROOT, ".cache/wheels");
const REQUIREMENTS = "test/bindings/python-requirements.txt";
const hasWheels = existsSync(WHEELS) && readdirSync(WHEELS).some((name) => name.startsWith("wasmtime-"));
const what = `python3, and \`python3 -m pip download --dest .cache/wheels --requirement ${REQUIREMENTS}\``;

describeIf(hasProgram("python3") && hasWheels, what, "Python", () => {
  let wheel: string;
  beforeAll(() => {
    const pip = (command: string, ...args: readonly string[]) =>
      inEnvironment(["-m", "pip", command, "--quiet", "--no-index", "--find-links", WHEELS, ...args]);
    runChild("python3", ["-m", "venv", join(folder, "environment")]);
    pip("wheel", "--no-deps", "--wheel-dir", folder, PACKAGE);
    wheel = readdirSync(folder).find((name) => name.endsWith(".whl")) ?? "none";
    pip("install", join(folder, wheel), "mypy");
  }, 300_000);

  test("is one wheel for every platform, with the core and its types", () => {
    expect(wheel).toMatch(/^hostfit-\d+\.\d+\.\d+-py3-none-any\.whl$/);
    const listed = inEnvironment(["-m", "zipfile", "--list", join(folder, wheel)]);
    for (const file of ["hostfit/hostfit.wasm", "hostfit/py.typed", "hostfit/__init__.py"]) {
      expect(listed).toContain(file);
    }
  });

  test("has the version of the package for JavaScript", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(wheel).toContain(`hostfit-${version}-`);
  });

  test("passes its own tests and answers the vectors as Node does, byte for byte", () => {
    const answers = join(folder, "answers");
    inEnvironment(["-m", "unittest", "discover", "-s", join(PACKAGE, "tests")], { HOSTFIT_ANSWERS: answers });
    const lines = readFileSync(answers, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1500);
    expect(lines).toEqual(rawAnswers());
    const { length: total } = lines;
    prove({
      run: "Python",
      binding: "Python",
      where: "wasmtime, from the wheel",
      right: total,
      total,
      same: "every one, byte for byte",
    });
  }, 120_000);

  test("answers as docs/bindings.md says", () => {
    const script =
      "import doctest, sys; sys.exit(doctest.testfile(sys.argv[1], module_relative=False).failed)";
    inEnvironment(["-c", script, join(ROOT, "docs/bindings.md")]);
  });

  test("has types that mypy is content with, strictly, and that narrow", () => {
    const cache = ["--cache-dir", join(folder, "mypy")];
    inEnvironment(["-m", "mypy", "--strict", ...cache, join(PACKAGE, "src")]);
    inEnvironment(["-m", "mypy", "--strict", ...cache, join(PACKAGE, "tests")]);
  }, 120_000);
});
