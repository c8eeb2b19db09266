/** examples/embed-rust: docs/abi.md worked through in another language, built and run. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { createMatcher } from "../../bindings/js/index.ts";
import { describeIf, endsWell } from "../tools.ts";
import { ROOT, runChild } from "./child.ts";

const WASM = join(ROOT, "dist/hostfit.wasm");
const folder = mkdtempSync(join(tmpdir(), "hostfit-rust-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function jsonFile(path: string): string {
  const file = join(folder, `${path.replaceAll("/", "-")}.json`);
  writeFileSync(file, JSON.stringify(parse(readFileSync(join(ROOT, path), "utf8"))));
  return file;
}

const hasCrates = endsWell("cargo", ["tree", "--locked", "--offline"], {
  cwd: "examples/embed-rust",
});

describeIf(hasCrates, "cargo, and `cargo fetch` once in examples/embed-rust", "Rust", () => {
  // Kept between runs: wasmtime takes a minute to compile.
  const target = join(ROOT, ".cache/rust");
  const cwd = "examples/embed-rust";
  beforeAll(
    () =>
      runChild("cargo", ["build", "--quiet", "--locked", "--offline"], {
        cwd,
        env: { CARGO_TARGET_DIR: target },
      }),
    900_000,
  );

  function embed(...argv: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(join(target, "debug/hostfit-embed"), argv, {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  test.each([
    ["examples/documents/cuda.yaml", "examples/documents/hosts/gpu-h100.yaml", "compatible"],
    ["examples/documents/cuda.yaml", "examples/documents/hosts/gpu-v100.yaml", "incompatible"],
    ["examples/documents/cuda.yaml", "examples/documents/hosts/unprobed.yaml", "undetermined"],
  ])("gives Node's verdict for %s on %s", async (document, facts, value) => {
    const [documentFile, factsFile] = [jsonFile(document), jsonFile(facts)];
    const { status, stdout, stderr } = embed(WASM, documentFile, factsFile);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    using matcher = await createMatcher();
    const requirements = matcher.compile([{ id: documentFile, document: readFileSync(documentFile) }]);
    const verdict = matcher.evaluate(requirements, matcher.facts(readFileSync(factsFile)));
    expect(JSON.parse(stdout)).toEqual(verdict);
    expect(verdict.verdict).toBe(value);
  });

  test("tells the core's error as the core says it", () => {
    const facts = jsonFile("examples/hosts/gpu.yaml");
    const { status, stdout, stderr } = embed(WASM, facts, facts);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ code: "bad-value", document: facts, pointer: "/kind" });
  });

  test.each([
    ["no arguments", []],
    ["a file that isn't there", [join(folder, "none.wasm"), "a", "b"]],
    ["a module that isn't hostfit's", [join(ROOT, "package.json"), "a", "b"]],
  ])("says what is wrong: %s", (_, argv) => {
    const { status, stdout, stderr } = embed(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toMatch(/panicked|^$/);
  });

  test("is formatted", () => {
    runChild("cargo", ["fmt", "--check"], { cwd });
  });
});
