import type { Dialect } from "./types.ts";

/** One document as it goes into a bundle. */
export interface BundlePart {
  readonly id: string;
  readonly dialect: Dialect;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** Lays documents out as hf_compile reads them (docs/abi.md, "Bundle"). */
export function layOutBundle(parts: readonly BundlePart[]): Uint8Array {
  const ids = parts.map((part) => encoder.encode(part.id));
  const header = 4 + 12 * parts.length;
  const total = parts.reduce((sum, part, i) => sum + ids[i]!.length + part.bytes.length, header);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  view.setUint32(0, parts.length, true);
  let at = header;
  parts.forEach((part, i) => {
    const id = ids[i]!;
    const row = 4 + 12 * i;
    view.setUint32(row, part.dialect === "nfd" ? 1 : 0, true);
    view.setUint32(row + 4, id.length, true);
    view.setUint32(row + 8, part.bytes.length, true);
    out.set(id, at);
    out.set(part.bytes, at + id.length);
    at += id.length + part.bytes.length;
  });
  return out;
}
