/** Memory that the runtime doesn't grant: `memory.grow` fails. That is `out-of-memory`, never a trap, and the instance goes on. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BareCore, bytesOf, Code } from "./core.ts";
import { settle } from "./fuzz.ts";

const core = new Uint8Array(readFileSync(fileURLToPath(new URL("../../dist/hostfit.wasm", import.meta.url))));

/** The release with a maximum to its memory, in pages of 64 KiB past what it starts with. */
function bounded(pages: number): WebAssembly.Module {
  let at = 8;
  while (core[at] !== 5) at = next(at + 1);
  const [start] = number(at + 1);
  const end = next(at + 1);
  // One memory, without a maximum.
  if (core[start] !== 1 || core[start + 1] !== 0) throw new Error("the memory is not as expected");
  const minimum = core.subarray(start + 2, end);
  const [, value] = number(start + 2);
  const content = [1, 1, ...minimum, ...leb(value + pages)];
  return new WebAssembly.Module(
    Buffer.concat([
      core.subarray(0, at),
      Uint8Array.from([5, content.length, ...content]),
      core.subarray(end),
    ]),
  );
}

/** Where a LEB128 number ends, and its value. */
function number(at: number): [number, number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = core[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [at, value];
  }
}

/** The end of the section whose size is at a place. */
function next(at: number): number {
  const [start, size] = number(at);
  return start + size;
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

const document = { apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { "a.x": ["a"] } };
const small = { kind: "Host", features: { flags: { "a.x": { elements: ["a"] } } } };

function flags(count: number): Uint8Array {
  const elements = Array.from({ length: count }, (_, i) => `flag-${i}`);
  return bytesOf({ kind: "Host", features: { flags: { "a.x": { elements } } } });
}

describe("growth that the runtime refuses", () => {
  it.each([0, 1, 7, 8, 9, 15, 16, 17, 40, 64, 100])(
    "past %i pages is out-of-memory, and nothing else happens",
    (pages) => {
      const bare = new BareCore(bounded(pages));
      const compiled = bare.compile({ bytes: bytesOf(document) });
      if (compiled.status < 0) {
        // There was not even room for the map of pages.
        expect(compiled.code).toBe(Code.OUT_OF_MEMORY);
        expect(pages).toBeLessThan(16);
        return;
      }
      const before = bare.memory;
      for (const count of [100, 1000, 10_000, 100_000, 400_000]) {
        const outcome = bare.facts(flags(count));
        if (outcome.status > 0) bare.free(outcome.status);
        else expect(outcome.code).toBe(Code.OUT_OF_MEMORY);
      }
      settle(bare);
      expect(bare.memory).toBeLessThanOrEqual(before + (8 << 20));
      const host = bare.facts(bytesOf(small));
      expect(bare.decide(compiled.status, host.status).status).toBe(2);
    },
  );

  it("happens for the greatest of these at least", () => {
    expect(new BareCore(bounded(100)).facts(flags(400_000)).code).toBe(Code.OUT_OF_MEMORY);
  });
});
