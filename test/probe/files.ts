import type { HostFiles, ReadFailure } from "../../src/probe/root.ts";

/** A host's files that are in memory: path to content. Folders are there as far as files are below them, or if a path ends in `/`. */
export function filesOf(contents: Readonly<Record<string, string | Buffer>>): HostFiles {
  const folders = new Map<string, Set<string>>([["/", new Set()]]);
  for (const path of Object.keys(contents)) {
    const parts = path.split("/").slice(1);
    let at = "";
    for (const part of parts) {
      if (part === "") continue;
      const above = at === "" ? "/" : at;
      at = `${at}/${part}`;
      folders.get(above)?.add(part);
      if (at !== path && !folders.has(at)) folders.set(at, new Set());
    }
  }
  const missing = (path: string): ReadFailure => ({
    ok: false,
    code: "ENOENT",
    message: `${path}: no such file`,
  });
  return {
    read: (path, limit) => {
      const content = contents[path];
      if (content === undefined || folders.has(path)) return missing(path);
      const bytes = Buffer.from(content);
      return { ok: true, bytes: bytes.subarray(0, limit), truncated: bytes.length > limit };
    },
    list: (path, limit) => {
      const names = folders.get(path);
      if (names === undefined) return missing(path);
      const sorted = [...names].sort();
      return { ok: true, names: sorted.slice(0, limit), truncated: sorted.length > limit };
    },
    stat: (path) => {
      if (folders.has(path)) return { ok: true, kind: "directory" };
      return contents[path] === undefined ? missing(path) : { ok: true, kind: "file" };
    },
  };
}
