/** The module's own exports, called as no binding of ours calls them (docs/abi.md). */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { CoreExports } from "../../bindings/js/core.ts";

const MODULE = new WebAssembly.Module(readFileSync(new URL("../../dist/hostfit.wasm", import.meta.url)));
const MEMORY = 0;
const WORK = 1;

let core: CoreExports;
beforeEach(() => {
  core = new WebAssembly.Instance(MODULE, {}).exports as unknown as CoreExports;
});

/** The code that the last call left in the result block. */
function code(): string {
  const view = new DataView(core.memory.buffer, core.hf_result());
  const bytes = new Uint8Array(core.memory.buffer, view.getUint32(4, true), view.getUint32(8, true));
  return (JSON.parse(new TextDecoder().decode(bytes)) as { code: string }).code;
}

describe("a setting", () => {
  test.each([
    [MEMORY, 0],
    [MEMORY, -1],
    [MEMORY, -0x80000000],
    [WORK, 0],
    [WORK, -1],
    [2, 1],
    [-1, 1],
  ])("is refused: hf_set(%i, %i)", (setting, value) => {
    expect(core.hf_set(setting, value)).toBe(-1);
    expect(code()).toBe("bad-call");
    // What was set before holds still.
    expect(core.hf_input(1 << 20)).toBeGreaterThan(0);
  });

  test.each([
    [MEMORY, 1],
    [MEMORY, 0x7fffffff],
    [WORK, 1],
    [WORK, 0x7fffffff],
  ])("is taken: hf_set(%i, %i)", (setting, value) => {
    expect(core.hf_set(setting, value)).toBe(0);
  });
});

describe("the module with fleets", () => {
  const bytes = readFileSync(new URL("../../dist/hostfit-fleet.wasm", import.meta.url));
  const fleets = new WebAssembly.Instance(new WebAssembly.Module(bytes), {})
    .exports as unknown as CoreExports;

  test.each([
    [2, 0, 0],
    [2, 1 << 20, 0],
    [2, -1, -1],
    [0, 0, -1],
    [3, 1, -1],
  ])("hf_set(%i, %i) gives %i: its cache is a setting, too", (setting, value, status) => {
    expect(fleets.hf_set(setting, value)).toBe(status);
  });
});
