/** The guards themselves: every way to touch memory asks first, with the right address and number of bytes. */
import binaryen from "binaryen";
import { beforeAll, describe, expect, it } from "vitest";

/** A module whose guards allow bytes 16 ... 47 and count what they are asked. */
const TEXT = `(module
  (memory (export "memory") 17)
  (data (i32.const 16) "0123456789abcdef0123456789abcdef")
  (global $steps (mut i32) (i32.const 0))
  (func $allowed (param $at i32) (param $bytes i32) (result i32)
    (i32.and
      (i32.ge_u (local.get $at) (i32.const 16))
      (i32.le_u (i32.add (local.get $at) (local.get $bytes)) (i32.const 48))))
  (func $guard_access (export "guard_access") (param $at i32) (param $offset i32) (param $bytes i32) (result i32)
    (if (i32.eqz (call $allowed (i32.add (local.get $at) (local.get $offset)) (local.get $bytes))) (then (unreachable)))
    (local.get $at))
  (func $guard_copy (export "guard_copy") (param $to i32) (param $from i32) (param $bytes i32)
    (if (i32.eqz (call $allowed (local.get $to) (local.get $bytes))) (then (unreachable)))
    (if (i32.eqz (call $allowed (local.get $from) (local.get $bytes))) (then (unreachable))))
  (func $guard_fill (export "guard_fill") (param $to i32) (param $value i32) (param $bytes i32)
    (if (i32.eqz (call $allowed (local.get $to) (local.get $bytes))) (then (unreachable))))
  (func $guard_step (export "guard_step") (global.set $steps (i32.add (global.get $steps) (i32.const 1))))
  (func (export "steps") (result i32) (global.get $steps))
  (func (export "load8") (param i32) (drop (i32.load8_u (local.get 0))))
  (func (export "load16") (param i32) (drop (i32.load16_s (local.get 0))))
  (func (export "load32") (param i32) (drop (i32.load (local.get 0))))
  (func (export "load64") (param i32) (drop (i64.load (local.get 0))))
  (func (export "load64of32") (param i32) (drop (i64.load32_u (local.get 0))))
  (func (export "load32at8") (param i32) (drop (i32.load offset=8 (local.get 0))))
  (func (export "load128") (param i32) (drop (v128.load (local.get 0))))
  (func (export "splat8") (param i32) (drop (v128.load8_splat (local.get 0))))
  (func (export "lane32") (param i32) (drop (v128.load32_lane 1 (local.get 0) (v128.const i32x4 0 0 0 0))))
  (func (export "zero64") (param i32) (drop (v128.load64_zero (local.get 0))))
  (func (export "store8") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
  (func (export "store16") (param i32) (i64.store16 (local.get 0) (i64.const 1)))
  (func (export "store32") (param i32) (i32.store (local.get 0) (i32.const 1)))
  (func (export "store64") (param i32) (i64.store (local.get 0) (i64.const 1)))
  (func (export "store128") (param i32) (v128.store (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func (export "lane64") (param i32) (v128.store64_lane 1 (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func (export "copyTo") (param i32) (memory.copy (local.get 0) (i32.const 16) (i32.const 5)))
  (func (export "copyFrom") (param i32) (memory.copy (i32.const 16) (local.get 0) (i32.const 5)))
  (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 7) (i32.const 6)))
  (func (export "loop") (param i32)
    (loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (local.get 0))))
)`;

/** Bytes that each touches, and where its first byte is from its address. */
const ACCESSES: readonly (readonly [string, number, number])[] = [
  ["load8", 1, 0],
  ["load16", 2, 0],
  ["load32", 4, 0],
  ["load64", 8, 0],
  ["load64of32", 4, 0],
  ["load32at8", 4, 8],
  ["load128", 16, 0],
  ["splat8", 1, 0],
  ["lane32", 4, 0],
  ["zero64", 8, 0],
  ["store8", 1, 0],
  ["store16", 2, 0],
  ["store32", 4, 0],
  ["store64", 8, 0],
  ["store128", 16, 0],
  ["lane64", 8, 0],
  ["copyTo", 5, 0],
  ["copyFrom", 5, 0],
  ["fill", 6, 0],
];

type Exports = Readonly<Record<string, (argument?: number) => number>>;
let exports: Exports;
beforeAll(async () => {
  const module = binaryen.parseText(TEXT);
  module.setFeatures(
    binaryen.Features.SIMD128 | binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt,
  );
  const plain = module.emitBinary();
  module.dispose();
  const { guard } = (await import(new URL("../../build/guard.mjs", import.meta.url).href)) as {
    guard(wasm: Uint8Array): { bytes: Uint8Array<ArrayBuffer> };
  };
  exports = new WebAssembly.Instance(new WebAssembly.Module(guard(plain).bytes))
    .exports as unknown as Exports;
});

describe("a guarded module", () => {
  it.each(ACCESSES)("asks before %s, which touches %i bytes from %i on", (name, bytes, first) => {
    const touch = (at: number) => () => exports[name]!(at - first);
    expect(touch(16)).not.toThrow();
    expect(touch(48 - bytes)).not.toThrow();
    expect(touch(15)).toThrow(WebAssembly.RuntimeError);
    expect(touch(49 - bytes)).toThrow(WebAssembly.RuntimeError);
  });

  it("counts the turns of loops", () => {
    const before = exports["steps"]!();
    exports["loop"]!(1000);
    expect(exports["steps"]!() - before).toBe(1000);
  });
});
