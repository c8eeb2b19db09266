import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/*
 * A host's tree as one text file, so that a host of three hundred files can be read and reviewed:
 *
 *   # a comment
 *   /proc/swaps = Filename        Type        Size    Used    Priority     one line, and its end
 *   /sys/block/sda -> ../devices/pci0000:00/block/sda                       a link
 *   /sys/bus/nd/devices/                                                    an empty directory
 *   /sys/bus/pci/devices/0000:00:1f.0/ class=0x060100 vendor=0x8086         a directory of one-line files
 *   <<< /proc/cpuinfo                                                       several lines, until >>>
 *   ...
 *   >>>
 *   <<< gzip /proc/config.gz                                                the same, compressed
 */

export type TreeEntry =
  | { readonly kind: "file"; readonly path: string; readonly bytes: Buffer }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "directory"; readonly path: string };

export function parseTree(text: string): TreeEntry[] {
  const entries: TreeEntry[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line === "" || line.startsWith("#")) continue;
    const block = /^<<< (gzip )?(\/\S+)$/.exec(line);
    if (block?.[2] !== undefined) {
      const end = lines.indexOf(">>>", at);
      if (end < 0) throw new Error(`${block[2]}: no >>>`);
      const bytes = Buffer.from(
        lines
          .slice(at + 1, end)
          .map((part) => `${part}\n`)
          .join(""),
      );
      entries.push({ kind: "file", path: block[2], bytes: block[1] === undefined ? bytes : gzipSync(bytes) });
      at = end;
      continue;
    }
    const link = /^(\/\S+) -> (\S+)$/.exec(line);
    const file = /^(\/\S+) = ?(.*)$/.exec(line);
    const directory = /^(\/\S+)\/((?: [^=\s]+=\S*)*)$/.exec(line);
    if (link?.[1] !== undefined) entries.push({ kind: "link", path: link[1], target: link[2] ?? "" });
    else if (file?.[1] !== undefined)
      entries.push({ kind: "file", path: file[1], bytes: Buffer.from(`${file[2]}\n`) });
    else if (directory?.[1] !== undefined) {
      entries.push({ kind: "directory", path: directory[1] });
      for (const pair of (directory[2] ?? "").split(" ").slice(1)) {
        const [name, value] = pair.split(/=(.*)/s);
        entries.push({ kind: "file", path: `${directory[1]}/${name}`, bytes: Buffer.from(`${value}\n`) });
      }
    } else throw new Error(`line ${at + 1} of the tree is not understood: ${line}`);
  }
  return entries;
}

/** Writes a tree below a new directory and returns it. */
export function writeTree(entries: readonly TreeEntry[]): string {
  const root = mkdtempSync(join(tmpdir(), "hostfit-probe-"));
  for (const entry of entries) {
    const path = join(root, entry.path);
    mkdirSync(entry.kind === "directory" ? path : dirname(path), { recursive: true });
    if (entry.kind === "file") writeFileSync(path, entry.bytes);
    if (entry.kind === "link") symlinkSync(entry.target, path);
  }
  return root;
}

/** Runs `body` with the tree of this text on disk, and removes it. */
export async function withTree<T>(text: string, body: (root: string) => Promise<T> | T): Promise<T> {
  const root = writeTree(parseTree(text));
  try {
    return await body(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

export function fixture(name: string): string {
  return readFileSync(fixturePath(name), "utf8");
}
