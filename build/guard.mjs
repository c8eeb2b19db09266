/** Rewrites the core so that it asks the shadow (assembly/memory/shadow.ts) before it touches memory, and counts the turns of its loops. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  concat,
  eachInstruction,
  I32,
  I64,
  leb,
  readModule,
  section,
  signedLeb,
  V128,
} from "./wasm-module.mjs";

/** Where the shadow begins, and how many bytes one of its bytes stands for: as in assembly/memory/shadow.ts. */
const SHADOW = 1 << 20;
const SHADOW_END = SHADOW + 2 ** 27;
const GRANULE = 8;
/** The first byte of static data: what lies below is what an address of 0 and an offset lead to. */
const NULL_BYTES = 1024;
/** Functions that know about the shadow and the heap's own words. */
const TRUSTED = ["assembly/memory/shadow/", "assembly/memory/pages/", "assembly/memory/guarded/", "guard_"];

/** Bytes that loads and stores of one number touch, from 0x28 on. */
const SIZES = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4];
/** Of vectors: 0 ... 10 load, 11 store. */
const VECTOR_SIZES = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8, 16];

/**
 * Compiles the core in the current folder as it was written: with names, with every segment of static data, and nothing inlined.
 * `file` is where it is written, and removed again; with `sourceMap` its source map is left as `file`.map; with `fleets` it is the module
 * that has them.
 */
export function compileToGuard(assembly, file, { sourceMap = false, fleets = false } = {}) {
  const asc = [
    "node_modules/assemblyscript/bin/asc.js",
    join(assembly, ...(fleets ? ["fleet"] : []), "index.ts"),
    join(assembly, "memory", "guarded.ts"),
  ];
  const pages = Math.ceil(SHADOW_END / 65536);
  const options = [
    "--config",
    "asconfig.json",
    "--target",
    "checked",
    "--use",
    "GUARDED=1",
    ...(fleets ? ["--use", "FLEETS=1"] : []),
    "--outFile",
    file,
  ];
  const plain = ["--optimizeLevel", "0", "--shrinkLevel", "0", "--disableWarning"];
  const place = ["--initialMemory", `${pages}`, "--memoryBase", `${NULL_BYTES}`];
  const extra = sourceMap ? ["--sourceMap"] : [];
  execFileSync(process.execPath, [...asc, ...options, ...plain, ...place, ...extra], { stdio: "inherit" });
  const wasm = new Uint8Array(readFileSync(file));
  rmSync(file);
  return wasm;
}

/** Puts questions before everything that touches memory, and counts loops. */
export function guard(wasm) {
  const module = readModule(wasm);
  if (module.imports.length > 0) throw new Error("the core imports something");
  const ask = (name) => {
    const found = module.exports.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`the guarded build does not export ${name}`);
    return [0x10, ...leb(found.index)];
  };
  const calls = {
    access: ask("guard_access"),
    copy: ask("guard_copy"),
    fill: ask("guard_fill"),
    step: ask("guard_step"),
  };
  const counts = { functions: 0, accesses: 0, loops: 0, segments: module.data.length };
  const bodies = module.bodies.map((body) => {
    const name = module.names.get(body.index) ?? "";
    if (TRUSTED.some((prefix) => name.startsWith(prefix))) return wasm.subarray(body.start, body.end);
    counts.functions++;
    return guardBody(wasm, module, body, calls, counts);
  });
  const code = section(
    10,
    [...leb(bodies.length)],
    bodies.map((body) => concat([leb(body.length), body])),
  );
  const shadow = shadowOfData(module);
  const segments = [
    ...module.data.map((s) => segment(s.address, wasm.subarray(s.start, s.start + s.length))),
    segment(shadow.address, shadow.bytes),
  ];
  const data = section(11, leb(segments.length), segments);
  const parts = [wasm.subarray(0, 8)];
  for (const { id, start, end } of module.sections) {
    if (id === 10) parts.push(code);
    else if (id === 11) parts.push(data);
    // The number of segments, if it was told, is another now.
    else if (id !== 12) parts.push(concat([[id], leb(end - start), wasm.subarray(start, end)]));
  }
  return { bytes: concat(parts), guarded: counts };
}

function guardBody(wasm, module, body, calls, counts) {
  const { parameters } = module.types[module.functions[body.index]];
  const own = parameters.length + body.locals.reduce((sum, { count }) => sum + count, 0);
  // One local of each type, for a value that is on its way into memory.
  const kept = { [I32]: own, [I64]: own + 1, [V128]: own + 2 };
  const groups = [...body.locals, { count: 1, type: I32 }, { count: 1, type: I64 }, { count: 1, type: V128 }];
  const parts = [concat([leb(groups.length), ...groups.map(({ count, type }) => [...leb(count), type])])];
  eachInstruction(wasm, body, (instruction) => {
    const { op, sub, at, end } = instruction;
    const bytes = wasm.subarray(at, end);
    if (op === 0x03) {
      counts.loops++;
      parts.push(bytes, calls.step);
      return;
    }
    if (op === 0xfc && (sub === 10 || sub === 11)) {
      counts.accesses++;
      parts.push(sub === 10 ? calls.copy : calls.fill);
      return;
    }
    const access = accessOf(instruction);
    if (access === undefined) {
      parts.push(bytes);
      return;
    }
    counts.accesses++;
    const question = [
      0x41,
      ...signedLeb(instruction.offset),
      0x41,
      ...signedLeb(access.size),
      ...calls.access,
    ];
    if (access.value === undefined) parts.push(question, bytes);
    else parts.push([0x21, ...leb(kept[access.value])], question, [0x20, ...leb(kept[access.value])], bytes);
  });
  return concat(parts);
}

/** How many bytes an instruction touches, and the type of the value that lies on the stack above the address. */
function accessOf({ op, sub }) {
  if (op >= 0x28 && op <= 0x3e) {
    const size = SIZES[op - 0x28];
    if (op < 0x36) return { size, value: undefined };
    return { size, value: op === 0x36 || op === 0x3a || op === 0x3b ? I32 : I64 };
  }
  if (op !== 0xfd) return undefined;
  if (sub <= 11) return { size: VECTOR_SIZES[sub], value: sub === 11 ? V128 : undefined };
  if (sub >= 84 && sub <= 91) return { size: 1 << ((sub - 84) & 3), value: V128 };
  if (sub === 92 || sub === 93) return { size: sub === 92 ? 4 : 8, value: undefined };
  return undefined;
}

/** What the shadow says of static data before anything runs. */
function shadowOfData(module) {
  const end = Math.max(...module.data.map(({ address, length }) => address + length));
  if (end > SHADOW) throw new Error("static data reaches the shadow");
  const bytes = new Uint8Array(Math.ceil(end / GRANULE));
  for (const { address, length } of module.data) {
    for (let at = address; at < address + length; at = (Math.floor(at / GRANULE) + 1) * GRANULE) {
      const granule = Math.floor(at / GRANULE);
      bytes[granule] = Math.max(bytes[granule], Math.min(address + length - granule * GRANULE, GRANULE));
    }
  }
  return { address: SHADOW, bytes };
}

function segment(address, bytes) {
  return concat([[0, 0x41, ...signedLeb(address), 0x0b], leb(bytes.length), bytes]);
}
