/**
 * Misuse that can be said as data, for every binding: a module that is not hostfit's core, limits that are none or are reached. The table is written to
 * test/vectors/misuse/cases.json (test/vectors/README.md).
 */
import binaryen from "binaryen";
import type { MisuseCase } from "./case.ts";

function moduleOf(text: string): string {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  return Buffer.from(bytes).toString("base64");
}

function versioned(major: number, minor: number): string {
  const abi = major * 0x10000 + minor;
  return moduleOf(
    `(module (memory (export "memory") 1) (func (export "hf_abi") (result i32) (i32.const ${abi})))`,
  );
}

const MANY_FLAGS = JSON.stringify({
  kind: "Host",
  features: { flags: { "a.b": { elements: Array.from({ length: 2000 }, (_, i) => `f${i}`) } } },
});

const REFUSED = { from: "load", code: "not-hostfit" } as const;
const OTHER_ABI = { from: "load", code: "abi-mismatch" } as const;
const NO_LIMIT = { from: "load", code: "bad-limit" } as const;

export const MISUSE: readonly MisuseCase[] = [
  { name: "no bytes", module: "", expect: REFUSED },
  {
    name: "bytes that are no module",
    module: Buffer.from("<!doctype html>").toString("base64"),
    expect: REFUSED,
  },
  { name: "the core's first kilobyte", bytesOfCore: 1024, expect: REFUSED },
  { name: "the core but for its last byte", bytesOfCore: -1, expect: REFUSED },
  { name: "an empty module", module: moduleOf("(module)"), expect: REFUSED },
  {
    name: "a module that needs imports",
    module: moduleOf('(module (import "env" "f" (func)) (memory (export "memory") 1))'),
    expect: REFUSED,
  },
  {
    name: "a module without hf_abi",
    module: moduleOf('(module (memory (export "memory") 1) (func (export "main")))'),
    expect: REFUSED,
  },
  {
    name: "a module without a memory",
    module: moduleOf('(module (func (export "hf_abi") (result i32) (i32.const 65536)))'),
    expect: REFUSED,
  },
  {
    name: "a module whose hf_abi traps",
    module: moduleOf(
      '(module (memory (export "memory") 1) (func (export "hf_abi") (result i32) (unreachable)))',
    ),
    expect: REFUSED,
  },
  { name: "ABI 1.0 and nothing else", module: versioned(1, 0), expect: REFUSED },
  { name: "ABI 0.9", module: versioned(0, 9), expect: OTHER_ABI },
  { name: "ABI 2.0", module: versioned(2, 0), expect: OTHER_ABI },
  { name: "ABI -1.0", module: versioned(-1, 0), expect: OTHER_ABI },
  { name: "a memory ceiling of 0", memory: 0, expect: NO_LIMIT },
  { name: "a memory ceiling below 0", memory: -1, expect: NO_LIMIT },
  { name: "a memory ceiling past 2 GiB", memory: 2 ** 31, expect: NO_LIMIT },
  { name: "a work budget of 0", work: 0, expect: NO_LIMIT },
  {
    name: "facts beyond the memory ceiling",
    memory: 300_000,
    facts: MANY_FLAGS,
    expect: { from: "facts", code: "out-of-memory" },
  },
  {
    name: "a memory ceiling below what the core itself takes",
    memory: 1,
    facts: '{"kind":"Host"}',
    expect: { from: "facts", code: "out-of-memory" },
  },
  {
    name: "facts beyond the work budget",
    work: 1000,
    facts: MANY_FLAGS,
    expect: { from: "facts", code: "budget-exceeded" },
  },
];
