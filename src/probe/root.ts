import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";

/** Reading failed. `code` is an errno name, or `not-a-regular-file`, `not-a-directory`, `outside-root`, `too-large`. */
export interface ReadFailure {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

/** The first bytes of a file; `truncated` if there are more than the limit. */
export interface ReadBytes {
  readonly ok: true;
  readonly bytes: Buffer;
  readonly truncated: boolean;
}

/** A directory's names, sorted by code units; `truncated` if there are more than the limit. */
export interface ReadNames {
  readonly ok: true;
  readonly names: readonly string[];
  readonly truncated: boolean;
}

export type EntryKind = "file" | "directory" | "other";

/**
 * The files of a host. Paths are absolute on that host. Nothing is ever written, nothing throws: a failure is a value, because
 * on most hosts many of the files are missing or closed, and that is a fact as well.
 *
 * Reads are synchronous. A probe is some hundreds of files of a few bytes each in memory-backed file systems, where four trips
 * through the thread pool cost ten times the reading itself (`docs/facts.md` has the figures).
 */
export interface HostFiles {
  /** At most `limit` bytes of a regular file. Devices, FIFOs and sockets are refused and never opened. */
  read(path: string, limit: number): ReadBytes | ReadFailure;
  /** At most `limit` names of a directory. */
  list(path: string, limit: number): ReadNames | ReadFailure;
  /** What stands at `path` after following links. */
  stat(path: string): { readonly ok: true; readonly kind: EntryKind } | ReadFailure;
  /** The path on the host that `path` leads to once all links are followed; undefined if nothing stands there. Without it there are no links. */
  real?(path: string): string | undefined;
}

/** No such file, or no such directory on the way to it: it is absent, which is an observation. */
export function isAbsent(failure: ReadFailure): boolean {
  return failure.code === "ENOENT" || failure.code === "ENOTDIR";
}

/** A link in a path that is walked by hand; the kernel's own limit is 40. */
const MAX_LINKS = 40;
/** Links and directories that are remembered while walking; past it the memory starts anew. */
const MAX_REMEMBERED = 16_384;

const OPEN_FLAGS =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0) | (constants.O_NOFOLLOW ?? 0);

function failed(path: string, code: string, message: string): ReadFailure {
  return { ok: false, code, message: `${path}: ${message}` };
}

function failedWith(path: string, error: unknown): ReadFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
  return failed(path, code, code === "EACCES" ? "permission denied" : `cannot be read (${code})`);
}

/**
 * The host whose root directory is at `root` on this machine.
 *
 * With a root other than `/`, links are resolved by hand as if in a chroot: absolute links start at the root again and `..`
 * stops at it, so no link leads out. What was opened is compared with the root once more through `/proc/self/fd`, in
 * case the tree changed in between.
 */
export function openRoot(root: string): HostFiles {
  const trimmed = root.replace(/\/+$/, "");
  return trimmed === "" ? new DirectFiles() : new ConfinedFiles(trimmed);
}

class DirectFiles implements HostFiles {
  read(path: string, limit: number): ReadBytes | ReadFailure {
    const entry = this.stat(path);
    if (!entry.ok) return entry;
    if (entry.kind !== "file") return failed(path, "not-a-regular-file", "not a regular file");
    return readRegular(path, path, limit, OPEN_FLAGS & ~(constants.O_NOFOLLOW ?? 0), undefined);
  }

  list(path: string, limit: number): ReadNames | ReadFailure {
    const entry = this.stat(path);
    if (!entry.ok) return entry;
    if (entry.kind !== "directory") return failed(path, "not-a-directory", "not a directory");
    return readNames(path, path, limit);
  }

  stat(path: string): { ok: true; kind: EntryKind } | ReadFailure {
    return statEntry(path);
  }

  real(path: string): string | undefined {
    try {
      return realpathSync.native(path);
    } catch {
      return undefined;
    }
  }
}

function statEntry(path: string): { ok: true; kind: EntryKind } | ReadFailure {
  try {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return failed(path, "ENOENT", "no such file");
    return { ok: true, kind: entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other" };
  } catch (error) {
    return failedWith(path, error);
  }
}

class ConfinedFiles implements HostFiles {
  readonly #root: string;
  /** Why nothing can be read at all, if the root is no directory. */
  readonly #unusable: ReadFailure | undefined;
  /** The root as the kernel names it, to compare what was opened with; undefined where there is no /proc. */
  readonly #opened: string | undefined;
  /** What stands at a path below the root: a link's target, or the kind of what is no link. */
  readonly #entries = new Map<string, { link: string } | { kind: EntryKind } | ReadFailure>();

  constructor(root: string) {
    this.#root = root;
    const entry = statEntry(root);
    if (!entry.ok) this.#unusable = entry;
    else if (entry.kind !== "directory") this.#unusable = failed(root, "not-a-directory", "not a directory");
    this.#opened = nameOfDirectory(root);
  }

  read(path: string, limit: number): ReadBytes | ReadFailure {
    const found = this.#resolve(path);
    if ("ok" in found) return found;
    if (found.kind !== "file") return failed(path, "not-a-regular-file", "not a regular file");
    return readRegular(path, this.#root + found.at, limit, OPEN_FLAGS, this.#opened);
  }

  list(path: string, limit: number): ReadNames | ReadFailure {
    const found = this.#resolve(path);
    if ("ok" in found) return found;
    if (found.kind !== "directory") return failed(path, "not-a-directory", "not a directory");
    return readNames(path, this.#root + found.at, limit);
  }

  stat(path: string): { ok: true; kind: EntryKind } | ReadFailure {
    const found = this.#resolve(path);
    return "ok" in found ? found : { ok: true, kind: found.kind };
  }

  real(path: string): string | undefined {
    const found = this.#resolve(path);
    return "ok" in found ? undefined : found.at === "" ? "/" : found.at;
  }

  #resolve(path: string): { at: string; kind: EntryKind } | ReadFailure {
    if (this.#unusable !== undefined) return this.#unusable;
    const pending = path.split("/").reverse();
    let at = "";
    let kind: EntryKind = "directory";
    let links = 0;
    while (pending.length > 0) {
      const name = pending.pop();
      if (name === undefined || name === "" || name === ".") continue;
      if (kind !== "directory") return failed(path, "ENOTDIR", "a part of the path is no directory");
      if (name === "..") {
        at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
        continue;
      }
      const entry = this.#look(`${at}/${name}`);
      if ("ok" in entry) return { ...entry, message: `${path}: ${entry.message}` };
      if ("link" in entry) {
        links += 1;
        if (links > MAX_LINKS) return failed(path, "ELOOP", "too many links");
        if (entry.link.startsWith("/")) at = "";
        pending.push(...entry.link.split("/").reverse());
        kind = "directory";
        continue;
      }
      at = `${at}/${name}`;
      kind = entry.kind;
    }
    return { at, kind };
  }

  #look(at: string): { link: string } | { kind: EntryKind } | ReadFailure {
    const known = this.#entries.get(at);
    if (known !== undefined) return known;
    if (this.#entries.size >= MAX_REMEMBERED) this.#entries.clear();
    const found = lookAt(this.#root + at);
    this.#entries.set(at, found);
    return found;
  }
}

function lookAt(path: string): { link: string } | { kind: EntryKind } | ReadFailure {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return { ok: false, code: "ENOENT", message: "no such file" };
    if (entry.isSymbolicLink()) return { link: readlinkSync(path) };
    return { kind: entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other" };
  } catch (error) {
    const failure = failedWith(path, error);
    return { ...failure, message: `cannot be read (${failure.code})` };
  }
}

function nameOfDirectory(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  } catch {
    return undefined;
  }
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** One buffer for all reads: a probe reads one file at a time and keeps only what it found. */
const chunk = Buffer.allocUnsafeSlow(65_536);

function readRegular(
  shown: string,
  path: string,
  limit: number,
  flags: number,
  root: string | undefined,
): ReadBytes | ReadFailure {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch (error) {
    return failedWith(shown, error);
  }
  try {
    // Looked at again: what was a regular file a moment ago may have been replaced. Opening did not block (O_NONBLOCK).
    const entry = fstatSync(descriptor);
    if (!entry.isFile()) return failed(shown, "not-a-regular-file", "not a regular file");
    if (root !== undefined && root !== "/") {
      const opened = readlinkSync(`/proc/self/fd/${descriptor}`);
      if (!opened.startsWith(`${root}/`))
        return failed(shown, "outside-root", "leads out of the host's root");
    }
    return readBytes(descriptor, entry.size, limit);
  } catch (error) {
    return failedWith(shown, error);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads to the end: files of /proc and /sys say that they are empty, and some give a page at a time. `size` is what the file says, so that a
 * large one is read in one go.
 */
function readBytes(descriptor: number, size: number, limit: number): ReadBytes {
  const large = Math.min(size, limit) >= chunk.length;
  const buffer = large ? Buffer.allocUnsafeSlow(Math.min(size, limit) + 1) : chunk;
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const wanted = Math.min(buffer.length, limit + 1 - total);
    if (wanted <= 0) break;
    const got = readSync(descriptor, buffer, 0, wanted, null);
    if (got === 0) break;
    total += got;
    parts.push(Buffer.from(buffer.subarray(0, got)));
  }
  const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  return total > limit
    ? { ok: true, bytes: all.subarray(0, limit), truncated: true }
    : { ok: true, bytes: all, truncated: false };
}

function readNames(shown: string, path: string, limit: number): ReadNames | ReadFailure {
  try {
    const directory = opendirSync(path, { bufferSize: 256 });
    try {
      const names: string[] = [];
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (names.length >= limit) return { ok: true, names: names.sort(), truncated: true };
        names.push(entry.name);
      }
      return { ok: true, names: names.sort(), truncated: false };
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    return failedWith(shown, error);
  }
}
