/**
 * Reading of documents that people write: JSON is handed to the core byte for byte (which refuses duplicates, bad
 * UTF-8 and the rest on its own), YAML is converted to JSON first. Either way the places of the file stay known.
 */
import { type Diagnostic, DocumentError, type Position } from "./diagnostics.ts";
import { jsonPlaces } from "./json-places.ts";
import { convertNativeYaml } from "./native-yaml.ts";
import { convertNfdYaml } from "./nfd-yaml.ts";
import type { Places } from "./places.ts";
import { SourceText } from "./source-text.ts";
import { diagnosticAt } from "./yaml-tree.ts";

/** Largest document that is read unless the caller says otherwise: 1 MiB. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** Largest YAML document, whatever the caller allows: reading YAML costs many times what reading JSON does. */
export const MAX_YAML_BYTES = 4 * 1024 * 1024;

/** How a document is read. */
export interface ReadOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /**
   * `native` (requirements, facts, policies, vocabularies; default): YAML 1.2, strict. `nfd`: YAML 1.1 as NFD reads its
   * image-compatibility documents, with a warning wherever that may surprise.
   */
  readonly dialect?: "native" | "nfd";
  /** `auto` (default): by the file's ending, else by how the text starts. */
  readonly format?: "auto" | "json" | "yaml";
  /** Default {@link MAX_DOCUMENT_BYTES}. */
  readonly maxBytes?: number;
}

/**
 * Where something stands in the file: named by a JSON Pointer, or by a byte offset in the document's JSON. What the
 * file doesn't have gives the nearest thing around it. `part` says whether the key or (default) the value is meant.
 */
export type Positions = (place: string | number, part?: "key" | "value") => Position;

/** A document that was read. */
export interface SourceDocument {
  readonly file: string;
  readonly dialect: "native" | "nfd";
  readonly format: "json" | "yaml";
  /** UTF-8; for a JSON file of the native dialect the very bytes that were given. */
  readonly json: Uint8Array;
  readonly positions: Positions;
  /** A finding at a place of this document. */
  readonly diagnostic: (
    place: string | number,
    finding: Pick<Diagnostic, "severity" | "code" | "message"> & { help: string; pointer?: string },
    part?: "key" | "value",
  ) => Diagnostic;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads a document. Throws {@link DocumentError} if it can't be read: `document-size`, `document-encoding`, and what
 * {@link convertNativeYaml} and {@link convertNfdYaml} find. JSON of the native dialect is never refused here, but for
 * its size.
 */
export async function readDocument(bytes: Uint8Array, options: ReadOptions): Promise<SourceDocument> {
  const { document, errors } = await readAsMeant(bytes, options);
  if (errors.length > 0) throw new DocumentError(errors);
  return document;
}

/** A document as its author probably meant it, and what is wrong with how it is written. */
export interface Meant {
  /** Only good for finding more errors, unless there are none. */
  readonly document: SourceDocument;
  readonly errors: readonly Diagnostic[];
}

/**
 * Reads a document, and goes on after an error where it can be guessed what was meant, so that all that is wrong is
 * found at once. Throws {@link DocumentError} where it can't.
 */
export async function readAsMeant(bytes: Uint8Array, options: ReadOptions): Promise<Meant> {
  const { file } = options;
  const dialect = options.dialect ?? "native";
  const format =
    options.format === undefined || options.format === "auto" ? detect(bytes, file) : options.format;
  const asYaml = format === "yaml" || dialect === "nfd";
  const limit = Math.min(
    options.maxBytes ?? MAX_DOCUMENT_BYTES,
    asYaml ? MAX_YAML_BYTES : Number.MAX_SAFE_INTEGER,
  );
  if (bytes.length > limit) {
    throw new DocumentError([
      {
        severity: "error",
        code: "document-size",
        message: `the document has ${bytes.length} bytes, more than ${limit}`,
        help: asYaml ? "split it, or write it as JSON" : "split it, or remove what isn't needed",
        file,
        line: 1,
        column: 1,
      },
    ]);
  }
  if (format === "json" && dialect === "native") return { document: jsonDocument(bytes, file), errors: [] };
  const source = new SourceText(decode(bytes, file));
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const writer =
    dialect === "native"
      ? await convertNativeYaml(source, file, errors)
      : await convertNfdYaml(source, file, errors, warnings);
  const offsetOf = (place: string | number, part: "key" | "value" = "value"): number =>
    typeof place === "number" ? writer.places.ofByte(place) : writer.places.ofPointer(place, part);
  const json = writer.toBytes();
  return {
    document: { file, dialect, format, json, warnings, ...placesOf(source, file, offsetOf) },
    errors,
  };
}

function jsonDocument(bytes: Uint8Array, file: string): SourceDocument {
  // Both are made only for messages: most documents have nothing to say about them.
  let source: SourceText | undefined;
  let places: Places | undefined;
  const text = (): SourceText => {
    source ??= new SourceText(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    return source;
  };
  const offsetOf = (place: string | number, part: "key" | "value" = "value"): number => {
    if (typeof place === "number") {
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, place)).length;
    }
    places ??= jsonPlaces(text().text);
    return places.ofPointer(place, part);
  };
  const lazy = {
    position: (offset: number) => text().position(offset),
    excerpt: (offset: number) => text().excerpt(offset),
  };
  return {
    file,
    dialect: "native",
    format: "json",
    json: bytes,
    warnings: [],
    ...placesOf(lazy, file, offsetOf),
  };
}

function placesOf(
  source: Pick<SourceText, "position" | "excerpt">,
  file: string,
  offsetOf: (place: string | number, part?: "key" | "value") => number,
): Pick<SourceDocument, "positions" | "diagnostic"> {
  return {
    positions: (place, part) => source.position(offsetOf(place, part)),
    diagnostic: (place, finding, part) => {
      const offset = offsetOf(place, part);
      const pointer = typeof place === "string" ? { pointer: place } : {};
      return { ...pointer, ...finding, file, ...source.position(offset), excerpt: source.excerpt(offset) };
    },
  };
}

/** JSON is recognised by what must come first in it: YAML's flow style may start with a brace as well, but not so. */
function detect(bytes: Uint8Array, file: string): "json" | "yaml" {
  if (/\.json$/i.test(file)) return "json";
  if (/\.ya?ml$/i.test(file)) return "yaml";
  const start = new TextDecoder().decode(bytes.subarray(0, 4096));
  return /^\s*(\{\s*["}]|\[\s*[[{"\]])/.test(start) ? "json" : "yaml";
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const good = validPrefix(bytes);
    const source = new SourceText(new TextDecoder().decode(bytes.subarray(0, good)));
    throw new DocumentError([
      diagnosticAt(source, file, source.text.length, {
        severity: "error",
        code: "document-encoding",
        message: `the file is not UTF-8: byte ${good + 1} (0x${(bytes[good] ?? 0).toString(16).padStart(2, "0")}) can't stand there`,
        help: "save the file as UTF-8",
      }),
    ]);
  }
}

/** How many bytes from the start are whole UTF-8 characters. */
function validPrefix(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startsWell(decoder, bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low - unfinished(bytes.subarray(0, low));
}

/** Whether the bytes are a prefix of some UTF-8 text: a character that is cut off at the end counts as well. */
function startsWell(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  } finally {
    try {
      decoder.decode();
    } catch {
      // Ends the stream, so that the next one starts clean.
    }
  }
}

/** Bytes at the end that belong to a character that is cut off. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
