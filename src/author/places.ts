/**
 * Where the parts of a JSON text stand in the file that it was made from: by JSON Pointer, and by byte offset in the
 * JSON. For a JSON file both texts are the same; for YAML the JSON is written by {@link JsonWriter}.
 */
import { pointerTokens } from "./pointer.ts";

interface Place {
  readonly parent: number;
  /** Byte offsets in the JSON. The key's text counts as a part of the place. */
  readonly from: number;
  to: number;
  /** Offsets in the source file's text, UTF-16 units. An element of a list has no key: it stands for itself. */
  readonly key: number;
  readonly value: number;
  /** Where the JSON of the value starts; before it stands the key. */
  valueFrom: number;
}

/** Places of one document, in document order. The first is the root. */
export class Places {
  private readonly list: Place[] = [];
  /** Child by parent and token; later ones win, as a duplicate key does for most readers. */
  private readonly children = new Map<string, number>();

  /** Adds a place inside `parent` (ignored for the root) and gives its number. Its end is set by {@link close}. */
  add(parent: number, token: string | number, at: { from: number; key: number; value: number }): number {
    const index = this.list.length;
    this.list.push({ parent: index === 0 ? -1 : parent, to: at.from, valueFrom: at.from, ...at });
    if (index > 0) this.children.set(`${parent}/${token}`, index);
    return index;
  }

  /** Says where the JSON of a place's value starts, once its key is written. */
  startValue(index: number, valueFrom: number): void {
    const place = this.list[index];
    if (place !== undefined) place.valueFrom = valueFrom;
  }

  /** Says where the JSON of a place ends. */
  close(index: number, to: number): void {
    const place = this.list[index];
    if (place !== undefined) place.to = to;
  }

  /** Source offset of what `pointer` names, or of the nearest thing around it that exists; 0 in an empty document. */
  ofPointer(pointer: string, part: "key" | "value"): number {
    let index = 0;
    for (const token of pointerTokens(pointer)) {
      const child = this.children.get(`${index}/${token}`);
      if (child === undefined) break;
      index = child;
    }
    return this.list[index]?.[part] ?? 0;
  }

  /** Pointer-less lookup: source offset of the innermost part whose JSON contains the byte `offset`. */
  ofByte(offset: number): number {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.list[middle]?.from ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    let place = this.list[low];
    while (place !== undefined && place.to <= offset && place.parent >= 0) place = this.list[place.parent];
    if (place === undefined) return 0;
    return offset < place.valueFrom ? place.key : place.value;
  }
}

/** Writes compact JSON and remembers where each part came from. Calls nest as the JSON does. */
export class JsonWriter {
  readonly places = new Places();
  private readonly chunks: string[] = [];
  private bytes = 0;
  private readonly open: { index: number; count: number }[] = [];

  /** Starts a member of the open object (`token` a text), an element of the open list (a number), or the root. */
  begin(token: string | number, key: number, value: number): void {
    const parent = this.open.at(-1);
    if (parent !== undefined && parent.count++ > 0) this.write(",");
    const index = this.places.add(parent?.index ?? 0, token, { from: this.bytes, key, value });
    if (typeof token === "string" && parent !== undefined) this.write(`${JSON.stringify(token)}:`);
    this.places.startValue(index, this.bytes);
    this.open.push({ index, count: 0 });
  }

  /** Writes JSON text of the part that was begun: a scalar, or a bracket. */
  write(json: string): void {
    this.chunks.push(json);
    this.bytes += utf8Length(json);
  }

  /** Ends the part that was begun last. */
  end(): void {
    const part = this.open.pop();
    if (part !== undefined) this.places.close(part.index, this.bytes);
  }

  /** The JSON so far, UTF-8. */
  toBytes(): Uint8Array {
    return new TextEncoder().encode(this.chunks.join(""));
  }
}

/** Bytes of a text in UTF-8; a surrogate counts half of what its pair takes. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
