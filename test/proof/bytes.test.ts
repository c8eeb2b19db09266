/** What can be seen from the bytes of the core's modules, without running them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hostfit-bytes-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Examined {
  readonly bytes: number;
  readonly gzip: number;
  readonly functions: number;
  readonly imports: readonly string[];
  readonly cycles: readonly (readonly string[])[];
  readonly floats: readonly string[];
  readonly depth: number;
}

function examine(file: string): Examined {
  const options = { cwd: root, encoding: "utf8" as const };
  try {
    return JSON.parse(
      execFileSync(process.execPath, ["build/call-graph.mjs", file, "--json"], options),
    ) as Examined;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Examined;
  }
}

describe.each(["dist/hostfit.wasm", "dist/hostfit-fleet.wasm"])("the bytes of %s", (file) => {
  const core = examine(file);

  it("import nothing", () => {
    expect(core.imports).toEqual([]);
  });

  it("have no recursion: no function can be reached from itself", () => {
    expect(core.cycles).toEqual([]);
    expect(core.depth).toBeGreaterThan(0);
    expect(core.depth).toBeLessThan(64);
  });

  it("have no floating point and no relaxed SIMD", () => {
    expect(core.floats).toEqual([]);
  });
});

describe("the core's bytes", () => {
  const core = examine("dist/hostfit.wasm");

  // 80 KB and 34 KB gzipped are the aim; the second is missed (docs/decisions/0005), and the bounds keep both from getting worse.
  it("are at most 80 KiB, and 41 KiB gzipped", () => {
    console.log(`dist/hostfit.wasm: ${core.bytes} bytes, ${core.gzip} gzipped, ${core.functions} functions`);
    expect(core.bytes).toBeLessThanOrEqual(80 * 1024);
    expect(core.gzip).toBeLessThanOrEqual(41 * 1024);
  });
});

describe("the examination", () => {
  const cases: readonly [string, string, (found: Examined) => unknown[]][] = [
    [
      "a function that calls itself",
      '(module (func $a (call $a)) (export "a" (func $a)))',
      (found) => [...found.cycles],
    ],
    [
      "a circle of three",
      '(module (func $a (call $b)) (func $b (call $c)) (func $c (call $a)) (export "a" (func $a)))',
      (found) => [...found.cycles],
    ],
    [
      "a circle through a table",
      `(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $a)
         (func $a (call $b)) (func $b (call_indirect (type $t) (i32.const 0))) (export "a" (func $a)))`,
      (found) => [...found.cycles],
    ],
    ["an import", '(module (import "env" "abort" (func)))', (found) => [...found.imports]],
    [
      "an instruction on f64",
      '(module (func (export "a") (drop (f64.add (f64.const 1) (f64.const 2)))))',
      (found) => [...found.floats],
    ],
    [
      "a vector of f32",
      `(module (func (export "a") (param v128) (result v128) (f32x4.add (local.get 0) (local.get 0))))`,
      (found) => [...found.floats],
    ],
    ["a local of f32", '(module (func (export "a") (local f32) (nop)))', (found) => [...found.floats]],
    ["a parameter of f64", '(module (func (export "a") (param f64) (nop)))', (found) => [...found.floats]],
  ];

  it.each(cases)("finds %s", (title, text, found) => {
    const module = binaryen.parseText(text);
    module.setFeatures(binaryen.Features.All);
    const file = join(folder, `${title.replaceAll(" ", "-")}.wasm`);
    writeFileSync(file, module.emitBinary());
    module.dispose();
    expect(found(examine(file))).toHaveLength(1);
  });

  it("finds nothing where there is nothing", () => {
    const module = binaryen.parseText(
      '(module (func $a (call $b)) (func $b) (export "a" (func $a)) (export "b" (func $b)))',
    );
    const file = join(folder, "nothing.wasm");
    writeFileSync(file, module.emitBinary());
    module.dispose();
    expect(examine(file)).toMatchObject({ imports: [], cycles: [], floats: [], depth: 2 });
  });
});
