/** What is asked about a fleet: images by reference, what a cluster's pods run, or documents alone. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { HostfitError } from "../errors.ts";
import { isMap } from "../probe/elsewhere/described.ts";
import { isPods, podImages } from "./pods.ts";

/** An image or a document to be judged. */
export type Workload =
  | { readonly kind: "image"; readonly name: string; readonly pods: number | null }
  | { readonly kind: "document"; readonly name: string; readonly bytes: Uint8Array };

/** Where they come from. */
export interface WorkloadsInput {
  /** A file, a folder of documents, or `-`. */
  readonly path: string;
  readonly cwd: string;
  readonly read: (path: string) => Promise<Uint8Array>;
}

/** Images or documents in one run. */
const MAX_WORKLOADS = 1_000_000;
/** Longest line of a list of references. */
const MAX_LINE = 1024;

/**
 * Reads them: of a folder every .json, .yaml and .yml file is a document; a file is a Pod or a list of Pods, a document, or a list of
 * references, one a line, where `#` begins a comment. Each is there once. Throws FileError, `no-images`, `bad-list`, `too-many`.
 */
export async function readWorkloads(input: WorkloadsInput): Promise<readonly Workload[]> {
  const { path, cwd, read } = input;
  const entries = path === "-" ? null : await readdir(resolve(cwd, path)).catch(() => null);
  if (entries !== null) {
    const files = entries.filter((name) => /\.(?:json|ya?ml)$/i.test(name)).sort();
    if (files.length === 0) throw nothing(path, "holds no .json or .yaml file");
    return Promise.all(
      files.map(async (name): Promise<Workload> => {
        const file = join(path, name);
        return { kind: "document", name: file, bytes: await read(file) };
      }),
    );
  }
  const bytes = await read(path);
  const file = path === "-" ? "(stdin)" : path;
  const text = new TextDecoder().decode(bytes);
  const value = /^\s*\{/.test(text) ? parsed(text) : undefined;
  if (isPods(value)) {
    const images = podImages(value);
    if (images.length === 0) throw nothing(file, "names no pod that runs an image");
    return images.map(({ reference, pods }) => ({ kind: "image", name: reference, pods }));
  }
  if (isMap(value) || /^(?:apiVersion|kind|compatibilities|version|---)\b/m.test(text.slice(0, 65_536))) {
    return [{ kind: "document", name: file, bytes }];
  }
  return references(text, file);
}

function references(text: string, file: string): readonly Workload[] {
  const found = new Set<string>();
  for (const [at, line] of text.split("\n").entries()) {
    const reference = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (reference === "") continue;
    if (reference.length > MAX_LINE || /\s/.test(reference)) {
      throw new HostfitError("bad-list", `${file}:${at + 1}: this is no reference of an image`, {
        help: "write one reference a line, or give what kubectl get pods -A -o json prints",
        details: { file, line: at + 1 },
      });
    }
    found.add(reference);
    if (found.size > MAX_WORKLOADS) {
      throw new HostfitError("too-many", `${file} names more than ${MAX_WORKLOADS} images`, {
        help: "split it",
        details: { file },
      });
    }
  }
  if (found.size === 0) throw nothing(file, "names no image");
  return [...found].map((name) => ({ kind: "image", name, pods: null }));
}

function nothing(path: string, why: string): HostfitError {
  return new HostfitError("no-images", `${path} ${why}`, {
    help: "give a list of references, what kubectl get pods -A -o json prints, or a folder of documents",
    details: { path },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
