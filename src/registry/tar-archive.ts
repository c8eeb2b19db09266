/** Finds files in a tar archive (POSIX.1-2017 pax, "ustar Interchange Format"; GNU's long names). Node only. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { printable, RegistryError } from "./errors.ts";
import { MAX_ARCHIVE_ENTRIES } from "./limits.ts";

const BLOCK = 512;
/** Bytes of a pax header or a long name. */
const MAX_EXTENDED_BYTES = 64 * 1024;

interface Place {
  readonly offset: number;
  readonly size: number;
}

/** An archive whose directory is read once, by its headers alone; what is wanted is read from its place. */
export class TarArchive {
  readonly #file: string;
  readonly #name: string;
  #places: Promise<ReadonlyMap<string, Place>> | undefined;

  /** @param name how messages call it */
  constructor(file: string, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /** The size of a regular file in it; null if there is none. @throws RegistryError `layout-invalid`, `too-many` */
  async size(path: string): Promise<number | null> {
    return (await this.#index()).get(path)?.size ?? null;
  }

  /** A file's bytes, at most `limit`; null if there is none. */
  async read(path: string, limit: number): Promise<Uint8Array | null> {
    const place = (await this.#index()).get(path);
    if (place === undefined) return null;
    return this.#opened((handle) => readAt(handle, place.offset, Math.min(place.size, limit)));
  }

  #index(): Promise<ReadonlyMap<string, Place>> {
    this.#places ??= this.#opened((handle) => this.#scan(handle)).catch((error: unknown) => {
      this.#places = undefined;
      throw error;
    });
    return this.#places;
  }

  async #opened<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    const handle = await open(this.#file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw this.#invalid("it is not a regular file");
      return await work(handle);
    } finally {
      await handle.close();
    }
  }

  async #scan(handle: FileHandle): Promise<ReadonlyMap<string, Place>> {
    const { size: end } = await handle.stat();
    const places = new Map<string, Place>();
    let longName: string | null = null;
    let longSize: number | null = null;
    for (let offset = 0, count = 0; offset + BLOCK <= end; ) {
      const header = await readAt(handle, offset, BLOCK);
      if (offset === 0 && header[0] === 0x1f && header[1] === 0x8b) {
        throw this.#invalid("it is compressed", "Decompress it first (gunzip).");
      }
      if (header.every((byte) => byte === 0)) break;
      if (!hasChecksum(header)) throw this.#invalid(`there is no tar header at byte ${offset}`);
      if (++count > MAX_ARCHIVE_ENTRIES) throw this.#tooMany();
      const type = String.fromCharCode(header[156] ?? 0);
      const stated = numberAt(header, 124, 12);
      const size = type === "x" || type === "L" || type === "g" ? stated : (longSize ?? stated);
      if (!Number.isSafeInteger(size) || size < 0 || offset + BLOCK + size > end) {
        throw this.#invalid(`it ends within what stands at byte ${offset}`);
      }
      const content = { offset: offset + BLOCK, size };
      offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
      if (type === "x" || type === "L") {
        if (size > MAX_EXTENDED_BYTES) throw this.#invalid("it has a header that is too long");
        const bytes = await readAt(handle, content.offset, size);
        if (type === "L") longName = textAt(bytes, 0, bytes.length);
        else {
          const records = paxRecords(bytes);
          longName = records.get("path") ?? longName;
          const said = records.get("size");
          longSize = said === undefined ? null : Number(said);
        }
        continue;
      }
      if (type === "g") continue;
      if (type === "0" || type === "\u0000") {
        const prefix = textAt(header, 345, 155);
        const isUstar = textAt(header, 257, 5) === "ustar" && header[262] === 0;
        const short = textAt(header, 0, 100);
        const name = longName ?? (isUstar && prefix !== "" ? `${prefix}/${short}` : short);
        // The later one wins, as when it is unpacked.
        places.set(name.replace(/^(?:\.\/)+/, ""), content);
      }
      longName = null;
      longSize = null;
    }
    return places;
  }

  #invalid(what: string, help = "Copy the image into a new archive."): RegistryError {
    return new RegistryError("layout-invalid", `${this.#name}: ${printable(what)}`, { help });
  }

  #tooMany(): RegistryError {
    return new RegistryError("too-many", `${this.#name}: more than ${MAX_ARCHIVE_ENTRIES} files`, {
      help: "Copy the image in question into an archive of its own.",
      details: { limit: MAX_ARCHIVE_ENTRIES },
    });
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(buffer, read, length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

/** The sum of a header's bytes, with blanks where the sum itself stands. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum === numberAt(header, 148, 8);
}

/** Octal text, or (GNU) base 256 where the first bit is set. */
function numberAt(header: Uint8Array, from: number, length: number): number {
  const bytes = header.subarray(from, from + length);
  if (((bytes[0] ?? 0) & 0x80) !== 0) {
    let value = (bytes[0] ?? 0) & 0x7f;
    for (const byte of bytes.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const text = textAt(header, from, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : text === "" ? 0 : Number.NaN;
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}

/** Records `LENGTH KEY=VALUE\n`, the length in bytes and counting itself. */
function paxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = Number(new TextDecoder().decode(bytes.subarray(at, Math.max(at, blank))));
    if (blank < 0 || !Number.isSafeInteger(length) || length < 5 || at + length > bytes.length) break;
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
