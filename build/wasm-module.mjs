/**
 * Reads WebAssembly binaries as far as proofs about the core need it: sections, types, functions, exports, tables' elements,
 * data, names, and the instructions of a function's body, without changing or judging anything.
 */

/** Value types by their byte. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** Reads numbers and texts off bytes, and remembers where it is. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    if (this.at >= this.bytes.length) throw new Error(`the module ends at ${this.at}`);
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  u32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** Passes over a LEB128 number of any size, whatever its sign. */
  skipNumber() {
    while (this.byte() >= 0x80);
  }

  /** A signed LEB128 number of at most 32 bits. */
  s32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
    }
  }

  text() {
    const length = this.u32();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  list(read) {
    return Array.from({ length: this.u32() }, () => read(this));
  }
}

/** An unsigned LEB128 number as bytes. */
export function leb(value) {
  const out = [];
  do {
    const rest = Math.floor(value / 128);
    out.push((value % 128) | (rest > 0 ? 0x80 : 0));
    value = rest;
  } while (value > 0);
  return out;
}

/** A signed LEB128 number of 32 bits as bytes. */
export function signedLeb(value) {
  const out = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(low & 0x40)) || (value === -1 && low & 0x40)) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}

/** Reads a module. Indices of functions count imported ones, as the binary does. */
export function readModule(bytes) {
  const reader = new Reader(bytes);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) !== 0x6d736100)
    throw new Error("not a WebAssembly module");
  reader.at = 8;
  const module = {
    bytes,
    sections: [],
    types: [],
    imports: [],
    /** Type of each function. */
    functions: [],
    exports: [],
    /** Functions that tables hold or that `ref.func` names: what an indirect call could reach. */
    indirect: new Set(),
    bodies: [],
    data: [],
    names: new Map(),
    start: undefined,
  };
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.at;
    module.sections.push({ id, start, end: start + size });
    readSection(module, id, new Reader(bytes, start), start + size);
    reader.at = start + size;
  }
  return module;
}

function readSection(module, id, reader, end) {
  switch (id) {
    case 0:
      if (reader.text() === "name") readNames(module, reader, end);
      break;
    case 1:
      module.types = reader.list(readType);
      break;
    case 2:
      module.imports = reader.list(readImport);
      for (const { kind, type } of module.imports) if (kind === 0) module.functions.push(type);
      break;
    case 3:
      module.functions.push(...reader.list((r) => r.u32()));
      break;
    case 7:
      module.exports = reader.list((r) => ({ name: r.text(), kind: r.byte(), index: r.u32() }));
      break;
    case 8:
      module.start = reader.u32();
      break;
    case 9:
      reader.list((r) => readElements(module, r));
      break;
    case 10:
      readBodies(module, reader);
      break;
    case 11:
      module.data = reader.list(readData);
      break;
    default:
  }
}

function readType(reader) {
  if (reader.byte() !== 0x60) throw new Error("a type that is not a function's");
  return { parameters: reader.list((r) => r.byte()), results: reader.list((r) => r.byte()) };
}

function readImport(reader) {
  const entry = { module: reader.text(), name: reader.text(), kind: reader.byte(), type: 0 };
  if (entry.kind === 0) entry.type = reader.u32();
  else throw new Error(`an import that is not a function: ${entry.module}.${entry.name}`);
  return entry;
}

/** Functions of an element segment; every form that names functions. */
function readElements(module, reader) {
  const form = reader.u32();
  if (form > 3) throw new Error("an element segment of expressions");
  if (form === 2) reader.u32();
  if (form === 0 || form === 2) constant(reader);
  if (form !== 0) reader.byte();
  for (const index of reader.list((r) => r.u32())) module.indirect.add(index);
}

/** The value of a constant expression of one i32.const. */
function constant(reader) {
  if (reader.byte() !== 0x41) throw new Error("an offset that is not i32.const");
  const value = reader.s32();
  if (reader.byte() !== 0x0b) throw new Error("an offset of more than one instruction");
  return value >>> 0;
}

function readData(reader) {
  const form = reader.u32();
  if (form !== 0) throw new Error("a data segment that is not active in memory 0");
  const address = constant(reader);
  const length = reader.u32();
  const start = reader.at;
  reader.at += length;
  return { address, length, start };
}

function readBodies(module, reader) {
  const imported = module.imports.length;
  reader.list((r) => {
    const size = r.u32();
    const start = r.at;
    const locals = r.list((l) => ({ count: l.u32(), type: l.byte() }));
    module.bodies.push({
      index: imported + module.bodies.length,
      start,
      code: r.at,
      end: start + size,
      locals,
    });
    r.at = start + size;
  });
}

function readNames(module, reader, end) {
  while (reader.at < end) {
    const id = reader.byte();
    const size = reader.u32();
    const next = reader.at + size;
    if (id === 1)
      for (const [index, name] of reader.list((r) => [r.u32(), r.text()])) module.names.set(index, name);
    reader.at = next;
  }
}

/** Operations of 0xfc that touch floating point are below this; those of memory and tables above. */
const FIRST_BULK = 8;

/**
 * Goes through a body's instructions: `visit({ op, sub, at, end, operand, offset })`. `op` is the first byte, `sub` the number
 * behind 0xfc and 0xfd, `at` ... `end` its bytes, `operand` the index that it names (function, type, local), `offset` of a memory's.
 */
export function eachInstruction(bytes, body, visit) {
  const reader = new Reader(bytes, body.code);
  while (reader.at < body.end) {
    const at = reader.at;
    const instruction = { op: reader.byte(), sub: -1, at, end: 0, operand: 0, offset: 0 };
    readOperands(reader, instruction);
    instruction.end = reader.at;
    visit(instruction);
  }
  if (reader.at !== body.end) throw new Error(`function ${body.index} is not read as it was written`);
}

function readOperands(reader, instruction) {
  const { op } = instruction;
  if (op === 0x02 || op === 0x03 || op === 0x04) reader.skipNumber();
  else if (op === 0x0c || op === 0x0d || op === 0x10 || op === 0x12 || op === 0xd2)
    instruction.operand = reader.u32();
  else if (op === 0x0e) {
    reader.list((r) => r.u32());
    reader.u32();
  } else if (op === 0x11 || op === 0x13) {
    instruction.operand = reader.u32();
    reader.u32();
  } else if (op === 0x1c) reader.list((r) => r.byte());
  else if (op >= 0x20 && op <= 0x26) instruction.operand = reader.u32();
  else if (op >= 0x28 && op <= 0x3e) readPlace(reader, instruction);
  else if (op === 0x3f || op === 0x40) reader.byte();
  else if (op === 0x41 || op === 0x42) reader.skipNumber();
  else if (op === 0x43) reader.at += 4;
  else if (op === 0x44) reader.at += 8;
  else if (op === 0xd0) reader.byte();
  else if (op === 0xfc) readBulk(reader, instruction);
  else if (op === 0xfd) readVector(reader, instruction);
  else if (op > 0xd2 || (op > 0xc4 && op < 0xd0) || (op > 0x13 && op < 0x1a) || (op >= 0x06 && op <= 0x0a)) {
    throw new Error(`an instruction that is not known: 0x${op.toString(16)}`);
  }
}

/** Alignment and offset; a memory other than the first is refused. */
function readPlace(reader, instruction) {
  if (reader.u32() & 0x40) throw new Error("more than one memory");
  instruction.offset = reader.u32();
}

function readBulk(reader, instruction) {
  instruction.sub = reader.u32();
  if (instruction.sub < FIRST_BULK) return;
  const operands = [2, 1, 2, 1, 2, 1, 2, 1, 1, 1][instruction.sub - FIRST_BULK];
  if (operands === undefined) throw new Error(`an instruction that is not known: 0xfc ${instruction.sub}`);
  for (let i = 0; i < operands; i++) reader.u32();
}

function readVector(reader, instruction) {
  const sub = reader.u32();
  instruction.sub = sub;
  if (sub <= 11 || sub === 92 || sub === 93) readPlace(reader, instruction);
  else if (sub === 12 || sub === 13) reader.at += 16;
  else if (sub >= 21 && sub <= 34) reader.at += 1;
  else if (sub >= 84 && sub <= 91) {
    readPlace(reader, instruction);
    reader.at += 1;
  }
}

/** Whether an instruction works on floating-point numbers, or is one of relaxed SIMD, whose results differ between machines. */
export function isFloat({ op, sub }) {
  if (op === 0x2a || op === 0x2b || op === 0x38 || op === 0x39 || op === 0x43 || op === 0x44) return true;
  if ((op >= 0x5b && op <= 0x66) || (op >= 0x8b && op <= 0xa6)) return true;
  if ((op >= 0xa8 && op <= 0xab) || (op >= 0xae && op <= 0xbf)) return true;
  if (op === 0xfc) return sub < FIRST_BULK;
  return op === 0xfd && isFloatVector(sub);
}

/** Ranges of the vector operations on lanes of f32 and f64, and the relaxed ones from 0x100 on. */
const FLOAT_VECTORS = [
  [0x13, 0x14],
  [0x1f, 0x22],
  [0x41, 0x4c],
  [0x5e, 0x5f],
  [0x67, 0x6a],
  [0x74, 0x75],
  [0x7a, 0x7a],
  [0x94, 0x94],
  [0xe0, 0xff],
  [0x100, 0xffff],
];

function isFloatVector(sub) {
  // 0xe2 and 0xee are holes of the table and nothing else: whatever is in there counts.
  return FLOAT_VECTORS.some(([first, last]) => sub >= first && sub <= last);
}

/** A section as bytes. */
export function section(id, head, parts) {
  const content = concat([head, ...parts]);
  return concat([[id], leb(content.length), content]);
}

/** Bytes one after the other. */
export function concat(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
