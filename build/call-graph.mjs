/**
 * What can be seen from the bytes of the core: `node build/call-graph.mjs [file] [--json]`; with `--modules` instead, how many bytes of
 * code each source file and the largest functions have in a release that is built with names. Fails, naming them, if
 *
 * - functions can call each other in a circle (an indirect call is taken to reach every function that a table holds),
 * - an instruction, a parameter, a result or a local is of a floating-point type, or of relaxed SIMD,
 * - anything is imported.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { buildRelease } from "./release.mjs";
import { eachInstruction, F32, F64, isFloat, readModule } from "./wasm-module.mjs";

/** The facts about a module's bytes: `{ bytes, gzip, functions, imports, cycles, floats, depth, deepest }`. */
export function examine(bytes) {
  const module = readModule(bytes);
  const name = (index) => module.names.get(index) ?? exportedName(module, index) ?? `function ${index}`;
  const calls = new Map();
  const floats = [];
  for (const body of module.bodies) {
    const reached = new Set();
    let indirect = false;
    const found = new Set();
    for (const { type } of body.locals) if (type === F32 || type === F64) found.add("a local");
    const type = module.types[module.functions[body.index]];
    for (const value of [...type.parameters, ...type.results])
      if (value === F32 || value === F64) found.add("its signature");
    eachInstruction(bytes, body, (instruction) => {
      const { op, operand } = instruction;
      if (op === 0x10 || op === 0x12) reached.add(operand);
      else if (op === 0x11 || op === 0x13) indirect = true;
      // A function whose reference is taken can be called from wherever an indirect call is.
      else if (op === 0xd2) module.indirect.add(operand);
      else if (isFloat(instruction)) found.add(`an instruction (${op.toString(16)} ${instruction.sub})`);
    });
    calls.set(body.index, { reached, indirect });
    if (found.size > 0) floats.push(`${name(body.index)}: ${[...found].join(", ")}`);
  }
  const edges = new Map(
    [...calls].map(([index, { reached, indirect }]) => [
      index,
      indirect ? [...reached, ...module.indirect] : [...reached],
    ]),
  );
  const groups = strongComponents(edges);
  const cycles = groups
    .filter((group) => group.length > 1 || (edges.get(group[0]) ?? []).includes(group[0]))
    .map((group) => group.map(name));
  const deepest = cycles.length === 0 ? longestPath(groups, edges) : [];
  return {
    bytes: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    functions: module.bodies.length,
    imports: module.imports.map((entry) => `${entry.module}.${entry.name}`),
    cycles,
    floats,
    depth: deepest.length,
    deepest: deepest.map(name),
  };
}

function exportedName(module, index) {
  return module.exports.find((entry) => entry.kind === 0 && entry.index === index)?.name;
}

/** Tarjan's components, callees before callers; with a list of its own instead of recursion. */
function strongComponents(edges) {
  const order = new Map();
  const low = new Map();
  const open = [];
  const isOpen = new Set();
  const groups = [];
  for (const root of edges.keys()) {
    if (order.has(root)) continue;
    const path = [{ node: root, next: 0 }];
    while (path.length > 0) {
      const frame = path.at(-1);
      const { node } = frame;
      if (frame.next === 0) {
        order.set(node, order.size);
        low.set(node, order.get(node));
        open.push(node);
        isOpen.add(node);
      }
      const callees = edges.get(node) ?? [];
      if (frame.next < callees.length) {
        const callee = callees[frame.next++];
        if (!order.has(callee)) path.push({ node: callee, next: 0 });
        else if (isOpen.has(callee)) low.set(node, Math.min(low.get(node), order.get(callee)));
        if (frame.next < callees.length || path.at(-1) !== frame) continue;
      }
      path.pop();
      if (path.length > 0) low.set(path.at(-1).node, Math.min(low.get(path.at(-1).node), low.get(node)));
      if (low.get(node) !== order.get(node)) continue;
      const group = open.splice(open.indexOf(node));
      for (const member of group) isOpen.delete(member);
      groups.push(group);
    }
  }
  return groups;
}

/** The deepest chain of calls, of components that are single functions. */
function longestPath(groups, edges) {
  const below = new Map();
  let deepest = [];
  for (const [node] of groups) {
    let best = [];
    for (const callee of edges.get(node) ?? [])
      if ((below.get(callee) ?? []).length > best.length) best = below.get(callee);
    below.set(node, [node, ...best]);
    if (best.length >= deepest.length) deepest = below.get(node);
  }
  return deepest;
}

/** Prints where the bytes of the code are: by source file, then the largest functions. What is inlined counts where it is inlined. */
async function printModules() {
  const file = `.cache/named.${process.pid}.wasm`;
  const root = fileURLToPath(new URL("..", import.meta.url));
  process.chdir(root);
  mkdirSync(".cache", { recursive: true });
  await buildRelease({ root, file, names: true });
  const module = readModule(new Uint8Array(readFileSync(file)));
  rmSync(file);
  const functions = module.bodies.map(({ index, start, end }) => ({
    name: module.names.get(index) ?? "?",
    bytes: end - start,
  }));
  const files = new Map();
  for (const { name, bytes } of functions) {
    // A function's name is its file's path and its own name.
    const source = name.slice(0, Math.max(0, name.lastIndexOf("/"))) || name;
    files.set(source, (files.get(source) ?? 0) + bytes);
  }
  const data = module.data.reduce((sum, { length }) => sum + length, 0);
  const print = (rows) => {
    for (const [name, bytes] of rows) console.log(`${String(bytes).padStart(7)}  ${name}`);
  };
  print([["static data", data], ...[...files].sort((a, b) => b[1] - a[1])]);
  console.log("largest functions:");
  print(
    functions
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, 40)
      .map(({ name, bytes }) => [name, bytes]),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "dist/hostfit.wasm";
  if (process.argv.includes("--modules")) {
    await printModules();
    process.exit(0);
  }
  const facts = examine(readFileSync(file));
  if (process.argv.includes("--json")) console.log(JSON.stringify(facts));
  else {
    console.log(
      `${file}: ${facts.bytes} bytes, ${facts.gzip} gzipped, ${facts.functions} functions, calls at most ${facts.depth} deep`,
    );
    for (const name of facts.imports) console.log(`imports ${name}`);
    for (const cycle of facts.cycles) console.log(`calls in a circle: ${cycle.join(" -> ")}`);
    for (const place of facts.floats) console.log(`floating point in ${place}`);
  }
  process.exitCode = facts.imports.length + facts.cycles.length + facts.floats.length === 0 ? 0 : 1;
}
