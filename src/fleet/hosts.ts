/** The hosts of a fleet: from files of Host documents, and from what kubectl prints of a cluster's nodes. */
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { readDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import { isMap, type JsonMap } from "../probe/elsewhere/described.ts";
import { describedNodes, isNodeObject } from "../probe/elsewhere/nodes.ts";
import type { Omissions } from "./left-out.ts";
import { mergePatch } from "./merge-patch.ts";

/** A host that the core has yet to see. */
export interface FleetHost {
  /** Unique in its fleet. */
  readonly name: string;
  /** The file that it comes from. */
  readonly file: string;
  /** A Host document. */
  readonly facts: JsonMap;
  /** Its JSON as it was written, for the core to read strictly; null where it was made or changed here. */
  readonly json: Uint8Array | null;
}

/** Where hosts come from. Paths are resolved against `cwd`. */
export interface HostsInput {
  /** A file, a folder, or `-`. */
  readonly path: string;
  readonly cwd: string;
  readonly read: (path: string) => Promise<Uint8Array>;
  /** JSON Merge Patch that is laid over every host. */
  readonly patch: JsonMap | null;
  readonly omissions: Omissions;
}

/** Files of a folder that are looked at. */
const MAX_FILES = 200_000;
/** Largest file of hosts: what JavaScript can hold as one text. */
export const MAX_HOSTS_BYTES = 500 * 1024 * 1024;

/**
 * Reads hosts: of a folder every .json, .yaml and .yml file in the order of their names. A file holds a Host document, a NodeFeature
 * object or a Node, a list of such (`items`, or a plain list), or one JSON document a line. Throws FileError for a path that can't be read;
 * what is wrong with an item goes to `omissions`: `no-hosts`, `host-without-features`, `duplicate-host`, and what reading finds.
 */
export async function* readHosts(input: HostsInput): AsyncGenerator<FleetHost> {
  const { omissions, patch } = input;
  const names = new Map<string, string>();
  for (const path of await filesOf(input)) {
    const file = path === "-" ? "(stdin)" : path;
    let found: readonly Found[];
    try {
      found = await hostsOfFile(await input.read(path), file);
    } catch (error) {
      omissions.note(file, error);
      continue;
    }
    for (const { name, facts, json } of found) {
      const item = found.length === 1 ? file : `${file}: ${name}`;
      if (facts instanceof HostfitError) {
        omissions.note(item, facts);
        continue;
      }
      const other = names.get(name);
      if (other !== undefined) {
        omissions.note(item, duplicate(name, other));
        continue;
      }
      names.set(name, file);
      yield patch === null
        ? { name, file, facts, json }
        : { name, file, facts: mergePatch(facts, patch) as JsonMap, json: null };
    }
  }
}

interface Found {
  readonly name: string;
  readonly facts: JsonMap | HostfitError;
  readonly json: Uint8Array | null;
}

/** A document of a file, and its JSON if it is alone in there. */
interface Parsed {
  readonly value: unknown;
  readonly json: Uint8Array | null;
}

async function filesOf({ path, cwd }: HostsInput): Promise<readonly string[]> {
  if (path === "-") return [path];
  let entries: string[];
  try {
    entries = await readdir(resolve(cwd, path));
  } catch {
    return [path];
  }
  const files = entries.filter((name) => /\.(?:json|ya?ml)$/i.test(name)).sort();
  if (files.length === 0 || files.length > MAX_FILES) {
    const many = files.length > 0;
    throw new HostfitError(
      many ? "too-many" : "no-hosts",
      many ? `${path} holds more than ${MAX_FILES} files` : `${path} holds no .json or .yaml file`,
      { help: "name a folder with a file for each host", details: { path } },
    );
  }
  return files.map((name) => join(path, name));
}

async function hostsOfFile(bytes: Uint8Array, file: string): Promise<readonly Found[]> {
  return hostsOf(linesOf(bytes) ?? [await documentIn(bytes, file)], file);
}

/** The documents of a file that has one JSON document a line; null if this isn't one. */
function linesOf(bytes: Uint8Array): Parsed[] | null {
  const end = bytes.indexOf(10);
  if (bytes[0] !== 0x7b || end < 1 || bytes[end - 1 - (bytes[end - 1] === 13 ? 1 : 0)] !== 0x7d) return null;
  try {
    return new TextDecoder()
      .decode(bytes)
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => ({ value: JSON.parse(line) as unknown, json: null }));
  } catch {
    return null;
  }
}

async function documentIn(bytes: Uint8Array, file: string): Promise<Parsed> {
  const document = await readDocument(bytes, { file, maxBytes: MAX_HOSTS_BYTES });
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(document.json));
    return { value, json: document.json };
  } catch (cause) {
    throw new HostfitError(
      "invalid-json",
      `${file} is not JSON: ${cause instanceof Error ? cause.message : ""}`,
      {
        help: "give a Host document, or what kubectl get -o json prints",
        details: { file },
        cause,
      },
    );
  }
}

/** Hosts as they are, then the nodes that Kubernetes' objects describe. */
function hostsOf(documents: readonly Parsed[], file: string): Found[] {
  const found: Found[] = [];
  const objects: JsonMap[] = [];
  const look = (value: unknown, name: string, json: Uint8Array | null): void => {
    if (isNodeObject(value)) objects.push(value);
    else if (isMap(value) && value.kind === "Host") {
      found.push({ name: typeof value.name === "string" ? value.name : name, facts: value, json });
    } else found.push({ name, facts: notAHost(value, file), json: null });
  };
  const alone = basename(file).replace(/\.\w+$/, "");
  for (const [at, { value, json }] of documents.entries()) {
    const items = Array.isArray(value)
      ? value
      : isMap(value) && Array.isArray(value.items)
        ? value.items
        : null;
    const kind = isMap(value) && typeof value.kind === "string" ? value.kind : "";
    if (items === null) look(value, documents.length === 1 ? alone : `line ${at + 1}`, json);
    else {
      for (const [index, item] of items.entries()) {
        // The API's own lists leave the kind to the list: NodeFeatureList, NodeList.
        const whole =
          isMap(item) && item.kind === undefined ? { kind: kind.replace(/List$/, ""), ...item } : item;
        look(whole, `item ${index}`, null);
      }
    }
  }
  for (const { name, facts } of describedNodes(objects)) {
    found.push({ name, facts: facts instanceof HostfitError ? facts : { ...facts }, json: null });
  }
  if (found.length === 0) {
    throw new HostfitError("no-hosts", `${file} holds no host`, {
      help: "check the selection that it was made with: an empty list comes from kubectl get nodefeatures without -A",
      details: { file },
    });
  }
  return found;
}

function notAHost(value: unknown, file: string): HostfitError {
  const kind = isMap(value) && typeof value.kind === "string" ? `a ${value.kind}` : "no document of a host";
  return new HostfitError("not-a-host", `it is ${kind}`, {
    help: "give Host documents (hostfit probe -o json), NodeFeature objects or Nodes (kubectl get ... -o json)",
    details: { file },
  });
}

function duplicate(name: string, other: string): HostfitError {
  return new HostfitError("duplicate-host", `there is a host ${name} already, from ${other}`, {
    help: "names tell hosts apart: give each its own (name: in a Host document)",
    details: { name, other },
  });
}
