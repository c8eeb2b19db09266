/** Reading the files that a command line names. */
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { looksLikeNfd } from "../author/dialect.ts";
import { readDocument, type SourceDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import type { Io } from "./io.ts";

/** Largest file of facts: NFD's dump of a big machine has some hundred KB. */
export const MAX_FACTS_BYTES = 16 * 1024 * 1024;
/** Largest document or policy. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** A file of the command line that can't be read: `file-not-found`, `file-unreadable`, `file-too-large`. */
export class FileError extends HostfitError {
  override readonly name: string = "FileError";
}

/**
 * The document in a file, or on standard input for `-`. Throws FileError, and DocumentError for what is no readable YAML.
 */
export async function readDocumentFile(
  path: string,
  io: Io,
  options: { readonly maxBytes: number; readonly dialect?: "native" | "nfd" | "either" },
): Promise<SourceDocument> {
  const bytes = await readBytes(path, io, options.maxBytes);
  const { dialect: wanted = "native", maxBytes } = options;
  const dialect = wanted === "either" ? (looksLikeNfd(bytes) ? "nfd" : "native") : wanted;
  return readDocument(bytes, { file: path === "-" ? "(stdin)" : path, maxBytes, dialect });
}

/** At most `maxBytes` of a regular file, or of a pipe that the shell made (`<(...)`). Never more is read. */
export async function readFile(path: string, cwd: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(resolve(cwd, path), constants.O_RDONLY);
    const status = await handle.stat();
    if (status.isDirectory())
      throw new FileError("file-unreadable", `${path} is a folder, not a file`, {
        help: "name a file in it; an image layout in a folder is an image, oci:DIR",
        details: { file: path },
      });
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size <= maxBytes) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(65536, maxBytes + 1 - size)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof HostfitError) throw error;
    throw unreadable(path, error);
  }
}

/** Writes a file: whoever looks finds it whole, or the one that was there before. Throws FileError `file-unwritable`. */
export async function writeFileWhole(path: string, cwd: string, bytes: Uint8Array): Promise<void> {
  const file = resolve(cwd, path);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await using handle = await open(temporary, "wx");
    await handle.writeFile(bytes);
    await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const { what, help } = UNWRITABLE[code] ?? {
      what: `can't be written (${code})`,
      help: "check the folder, its permissions and the disk",
    };
    throw new FileError("file-unwritable", `${path} ${what}`, {
      help,
      details: { file: path, errno: code },
      cause: error,
    });
  }
}

/** Why a file can't be written, where a person's mistake is likelier than a fault of the machine. */
const UNWRITABLE: Readonly<Record<string, { readonly what: string; readonly help: string } | undefined>> = {
  EISDIR: { what: "is a folder, not a file", help: "name a file in it" },
  ENOENT: {
    what: "can't be written: its folder is not there",
    help: "make the folder first, or check the path",
  },
};

/** As {@link readFile}, and standard input for `-`. */
export function readBytes(path: string, io: Io, maxBytes: number): Promise<Uint8Array> {
  return path === "-" ? readStdin(io, maxBytes) : readFile(path, io.cwd, maxBytes);
}

async function readStdin(io: Io, maxBytes: number): Promise<Uint8Array> {
  const bytes = await io.stdin(maxBytes);
  if (bytes.length > maxBytes) throw tooLarge("(stdin)", maxBytes);
  return bytes;
}

function unreadable(path: string, cause: unknown): FileError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new FileError("file-not-found", `there is no file ${path}`, {
      help: "check the path; it starts at the current folder",
      details: { file: path },
      cause,
    });
  }
  return new FileError("file-unreadable", `${path} can't be read (${code})`, {
    help: code === "EACCES" ? "check the file's permissions" : "check the path and the disk",
    details: { file: path, errno: code },
    cause,
  });
}

function tooLarge(path: string, limit: number): FileError {
  return new FileError("file-too-large", `${path} has more than ${limit} bytes`, {
    help: "check that it is the file that you meant",
    details: { file: path, limit },
  });
}
