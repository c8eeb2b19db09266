/**
 * Paths of recipes: `/sys/class/infiniband/{device}/ports/{port}`. `*` and `{name}` stand for one or more characters of one part of a
 * path, as few as fit; `{name}` keeps them. And which paths a vocabulary from elsewhere may read.
 */
import type { HostFiles, ReadFailure } from "../root.ts";
import { isAbsent } from "../root.ts";

/** Names of a row, and what they stand for. */
export type Names = Readonly<Record<string, string>>;

/** Paths that a recipe finds at most, and names of one directory that it looks at. */
const MAX_PATHS = 8_192;
const MAX_NAMES = 16_384;

const PLACEHOLDER = /\{([A-Za-z_]\w{0,31})\}/g;

/** What may stand for a `{name}` in a path: nothing that leads elsewhere. */
export function isPart(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && text.length <= 255 && !/[/\0]/.test(text);
}

/** The names of a template's `{name}`s. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((found) => found[1] as string);
}

/** A text taken apart at its `{name}`s. */
export type Template = readonly (string | { readonly name: string })[];

/** Takes a text apart. */
export function templateOf(text: string): Template {
  const pieces: (string | { readonly name: string })[] = [];
  let at = 0;
  for (const found of text.matchAll(PLACEHOLDER)) {
    if (found.index > at) pieces.push(text.slice(at, found.index));
    pieces.push({ name: found[1] as string });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

/** A text with each `{name}` replaced; undefined if one of them isn't known. */
function fillText(template: string, names: Names): string | undefined {
  if (!template.includes("{")) return template;
  let complete = true;
  const text = template.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    if (value === undefined) complete = false;
    return value ?? "";
  });
  return complete ? text : undefined;
}

/** A path likewise; undefined also if a name would lead elsewhere. */
function fillPath(template: string, names: Names): string | undefined {
  if (!template.includes("{")) return template;
  for (const name of placeholders(template)) {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    if (value === undefined || !isPart(value)) return undefined;
  }
  return fillText(template, names);
}

type Piece = { readonly literal: string } | { readonly name: string | undefined };

function piecesOf(part: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of part.matchAll(/\*+|\{([A-Za-z_]\w{0,31})\}/g)) {
    if (found.index > at) pieces.push({ literal: part.slice(at, found.index) });
    pieces.push({ name: found[1] });
    at = found.index + found[0].length;
  }
  if (at < part.length) pieces.push({ literal: part.slice(at) });
  return pieces;
}

/** What the names of a part of a path stand for in `text`; undefined if it doesn't fit. In time linear in the text for each literal. */
export function matchPart(part: string, text: string, known: Names): Names | undefined {
  return matchPieces(piecesOf(part), text, known);
}

function matchPieces(pieces: readonly Piece[], text: string, known: Names): Names | undefined {
  const names: Record<string, string> = { ...known };
  let at = 0;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index] as Piece;
    if ("literal" in piece) {
      if (!text.startsWith(piece.literal, at)) return undefined;
      at += piece.literal.length;
      continue;
    }
    const following = pieces[index + 1];
    let end = text.length;
    if (following !== undefined) {
      if (!("literal" in following)) return undefined;
      // The last literal stands at the end; others where they come first.
      end =
        index + 2 === pieces.length
          ? text.endsWith(following.literal)
            ? text.length - following.literal.length
            : -1
          : text.indexOf(following.literal, at + 1);
    }
    if (end <= at) return undefined;
    const value = text.slice(at, end);
    if (piece.name !== undefined) {
      if (Object.hasOwn(names, piece.name) && names[piece.name] !== value) return undefined;
      names[piece.name] = value;
    }
    at = end;
  }
  return at === text.length ? names : undefined;
}

/** Paths that are there, in order, with what their names stand for. */
export interface FoundPaths {
  readonly paths: readonly { readonly path: string; readonly names: Names }[];
  /** What could not be looked at; empty if these are all. */
  readonly failures: readonly { readonly path: string; readonly failure: ReadFailure }[];
  /** The directory where the search starts isn't there. */
  readonly missing: string | undefined;
}

/** Finds the paths that fit. `spend` counts what is looked at, and says whether more may be. */
export function findPaths(files: HostFiles, pattern: string, known: Names, spend: () => boolean): FoundPaths {
  const failures: { path: string; failure: ReadFailure }[] = [];
  let found: { path: string; names: Names }[] = [{ path: "", names: known }];
  let missing: string | undefined;
  let started = false;
  let listed = false;
  for (const part of pattern.split("/").slice(1)) {
    const next: { path: string; names: Names }[] = [];
    const pieces = piecesOf(part);
    let searched = false;
    for (const { path, names } of found) {
      // A part whose names are known already is looked up, not searched for.
      const fixed = part.includes("*") ? undefined : fillPath(part, names);
      if (fixed !== undefined) {
        next.push({ path: `${path}/${fixed}`, names });
        continue;
      }
      searched = true;
      if (!spend()) {
        failures.push({ path, failure: tooMuch(path) });
        break;
      }
      const entries = files.list(path === "" ? "/" : path, MAX_NAMES);
      if (!entries.ok) {
        if (!isAbsent(entries) && entries.code !== "not-a-directory")
          failures.push({ path, failure: entries });
        else if (!started) missing = path;
        continue;
      }
      if (entries.truncated) failures.push({ path, failure: tooMuch(path) });
      for (const name of entries.names) {
        const fits = matchPieces(pieces, name, names);
        if (fits !== undefined) next.push({ path: `${path}/${name}`, names: fits });
      }
      if (next.length > MAX_PATHS) {
        failures.push({ path, failure: tooMuch(path) });
        next.length = MAX_PATHS;
        break;
      }
    }
    if (searched) started = true;
    listed = searched;
    found = next;
  }
  // What stands behind the last name that was listed was taken on trust.
  const paths = found.filter(({ path }) => {
    if (listed) return true;
    const entry = files.stat(path);
    if (!entry.ok && !isAbsent(entry)) failures.push({ path, failure: entry });
    if (!entry.ok && isAbsent(entry) && !started) missing = path;
    return entry.ok;
  });
  return { paths, failures, missing };
}

function tooMuch(path: string): ReadFailure {
  return { ok: false, code: "too-much", message: `${path}: more than a recipe may look at` };
}

/**
 * Where vocabularies from elsewhere may read: what describes hardware, the kernel and installed software. Not /proc of processes, not
 * home directories, not configurations that may hold secrets.
 */
const ALLOWED: readonly string[] = [
  "/bin",
  "/etc/OpenCL",
  "/etc/alternatives",
  "/etc/cdi",
  "/etc/environment-modules",
  "/etc/hostfit",
  "/etc/ld.so.conf.d",
  "/etc/libibverbs.d",
  "/etc/modulefiles",
  "/etc/mpich",
  "/etc/openmpi",
  "/etc/vulkan",
  "/lib",
  "/lib64",
  "/opt",
  "/proc/bus",
  "/proc/cpuinfo",
  "/proc/devices",
  "/proc/driver",
  "/proc/filesystems",
  "/proc/fs",
  "/proc/meminfo",
  "/proc/misc",
  "/proc/modules",
  "/proc/sys",
  "/proc/version",
  "/run/cdi",
  "/sbin",
  "/sys",
  "/usr",
  "/var/run/cdi",
];

/** Whether a vocabulary from elsewhere may read at a path. A path with `*` or `{name}` may if all that fit it may. */
export function isAllowedPath(path: string): boolean {
  if (!path.startsWith("/") || path.split("/").includes("..")) return false;
  return (
    /^\/etc\/[^/]+-release$/.test(path) ||
    ALLOWED.some((allowed) => path === allowed || path.startsWith(`${allowed}/`))
  );
}

/**
 * Whether what stands at `real`, where links led from `path`, is still where a vocabulary from elsewhere may read. A folder of the list that is a
 * link itself (`/opt` to `/var/opt`) stands for what it leads to, as `realOf` says.
 */
export function isWithinAllowed(
  path: string,
  real: string,
  realOf: (path: string) => string | undefined,
): boolean {
  if (real === path || isAllowedPath(real)) return true;
  return [...ALLOWED, "/usr/local"].some((allowed) => {
    if (path !== allowed && !path.startsWith(`${allowed}/`)) return false;
    const at = realOf(allowed);
    return at !== undefined && at !== "/" && (real === at || real.startsWith(`${at}/`));
  });
}

/** The paths under which vocabularies from elsewhere may read, for documentation and messages. */
export function allowedPaths(): readonly string[] {
  return ["/etc/*-release", ...ALLOWED];
}
