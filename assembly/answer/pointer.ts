/** JSON Pointers (RFC 6901) of tape nodes. */
import { Json, Kind, kindOf, nextOf, textLengthOf, textOf } from "../json/tape";
import { pay, put, putEscaped, putNumber } from "./writer";

/** Writes, as the inside of a JSON string, the pointer of a value or of a member (then `node` is its key). */
export function putPointer(json: Json, node: u32): void {
  let container: u32 = 0;
  while (container != node) {
    const object = kindOf(json, container) == Kind.OBJECT;
    const end = nextOf(json, container);
    let child = container + 1;
    let index: u32 = 0;
    // The child within which the node lies.
    while (child < end) {
      const value = object ? child + 1 : child;
      const next = nextOf(json, value);
      if (node < next) break;
      if (!pay(1)) return;
      child = next;
      index++;
    }
    if (child >= end) return;
    put("/");
    if (object) {
      putSegment(textOf(json, child), textLengthOf(json, child));
      if (node == child) return;
      container = child + 1;
    } else {
      putNumber(index);
      container = child;
    }
    if (kindOf(json, container) < Kind.ARRAY) return;
  }
}

/** A key, with `~` and `/` written as ~0 and ~1. */
function putSegment(p: usize, length: u32): void {
  const end = p + length;
  let plain = p;
  for (; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c != 0x7e && c != 0x2f) continue;
    putEscaped(plain, <u32>(p - plain));
    put(c == 0x7e ? "~0" : "~1");
    plain = p + 1;
  }
  putEscaped(plain, <u32>(end - plain));
}

/** The pointer as a JSON string. */
export function putPointerString(json: Json, node: u32): void {
  put('"');
  putPointer(json, node);
  put('"');
}
