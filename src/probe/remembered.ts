/** A host's files, each read once in a probe: several features are told from /proc/cpuinfo, whose text the kernel makes anew each time. */
import type { HostFiles, ReadBytes } from "./root.ts";

/** Bytes that are kept; past it files are read again. */
const MAX_KEPT = 16 * 1024 * 1024;

/** The same files, of which those that were read whole are kept. One object for one probe. */
export function remembered(files: HostFiles): HostFiles {
  const kept = new Map<string, ReadBytes>();
  let left = MAX_KEPT;
  return {
    read: (path, limit) => {
      const known = kept.get(path);
      if (known !== undefined && known.bytes.length <= limit) return known;
      const read = files.read(path, limit);
      if (read.ok && !read.truncated && known === undefined && read.bytes.length <= left) {
        left -= read.bytes.length;
        kept.set(path, read);
      }
      return read;
    },
    list: (path, limit) => files.list(path, limit),
    stat: (path) => files.stat(path),
    real: (path) => (files.real === undefined ? path : files.real(path)),
  };
}
