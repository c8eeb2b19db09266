import { mkdtempSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AttributeSet, FlagSet, HostFacts, InstanceSet } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { type HostFiles, openRoot, type ReadFailure } from "../../src/probe/root.ts";
import { fixture, parseTree, writeTree } from "./tree.ts";

const NOW = new Date("2026-01-01T00:00:00Z");

/** The files of a host, of which one or more can't be read. */
function withFaults(files: HostFiles, code: string, isBroken: (path: string) => boolean): HostFiles {
  const failure = (path: string): ReadFailure => ({ ok: false, code, message: `${path}: ${code}` });
  return {
    read: (path, limit) => (isBroken(path) ? failure(path) : files.read(path, limit)),
    list: (path, limit) => (isBroken(path) ? failure(path) : files.list(path, limit)),
    stat: (path) => (isBroken(`${path}/`) ? failure(path) : files.stat(path)),
  };
}

/** Every path that a probe reads or lists on this host. */
async function pathsRead(root: string): Promise<string[]> {
  const files = openRoot(root);
  const paths = new Set<string>();
  const record = (path: string): void => {
    paths.add(path);
  };
  await probe({
    env: {},
    now: NOW,
    files: {
      read: (path, limit) => {
        record(path);
        return files.read(path, limit);
      },
      list: (path, limit) => {
        record(path);
        return files.list(path, limit);
      },
      stat: (path) => files.stat(path),
    },
  });
  return [...paths].filter((path) => files.stat(path).ok);
}

/** All directories that these paths go through. */
function directoriesAbove(paths: readonly string[]): Set<string> {
  const directories = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
      directories.add(path.slice(0, at));
  }
  return directories;
}

/*
 * Facts that were made with less must never claim more: what they affirm is affirmed by the whole facts too, and what they
 * deny is denied there. Each of these gives the claims that break that.
 */
function flagsBeyond(less: FlagSet, whole: FlagSet): string[] {
  const affirmed = Object.keys(less.elements).filter((name) => !(name in whole.elements));
  const deniable = less.scope ?? Object.keys(whole.elements);
  return [...affirmed, ...deniable.filter((name) => !(name in less.elements) && name in whole.elements)];
}

function attributesBeyond(less: AttributeSet, whole: AttributeSet): string[] {
  const affirmed = Object.keys(less.elements).filter((name) => less.elements[name] !== whole.elements[name]);
  const denied = Object.keys(whole.elements).filter(
    (name) => !(name in less.elements) && !(less.unknown ?? []).includes(name),
  );
  return [...affirmed, ...denied];
}

function instancesBeyond(less: InstanceSet, whole: InstanceSet): string[] {
  if (less.partial !== true && less.elements.length !== whole.elements.length)
    return ["fewer, and not partial"];
  return less.elements.flatMap((element) => {
    const fits = whole.elements.some(
      (candidate) =>
        attributesBeyond(
          { elements: element.attributes, unknown: element.unknown ?? [] },
          { elements: candidate.attributes, unknown: candidate.unknown ?? [] },
        ).length === 0,
    );
    return fits ? [] : [`no such instance: ${JSON.stringify(element)}`];
  });
}

function claimsBeyond(less: HostFacts, whole: HostFacts): string[] {
  const claims: string[] = [];
  const add = (feature: string, found: readonly string[]): void => {
    claims.push(...found.map((claim) => `${feature}: ${claim}`));
  };
  for (const [feature, set] of Object.entries(less.features.flags)) {
    add(feature, flagsBeyond(set, whole.features.flags[feature] ?? { elements: {} }));
  }
  for (const [feature, set] of Object.entries(less.features.attributes)) {
    const observed = Object.keys(set.elements).length > 0 || set.unknown !== undefined;
    if (!observed && less.closedWorld?.includes(feature) !== true) continue;
    add(feature, attributesBeyond(set, whole.features.attributes[feature] ?? { elements: {} }));
  }
  for (const [feature, set] of Object.entries(less.features.instances)) {
    add(feature, instancesBeyond(set, whole.features.instances[feature] ?? { elements: [] }));
  }
  for (const platform of less.platforms ?? []) {
    const same = whole.platforms?.find((candidate) => candidate.architecture === platform.architecture);
    if (same === undefined) add("platforms", [platform.architecture]);
    else if (platform.variant !== undefined && platform.variant !== same.variant)
      add("platforms", [platform.variant]);
    else if (platform.handlers !== undefined && platform.handlers.join() !== same.handlers?.join()) {
      add("platforms", [platform.handlers.join()]);
    }
  }
  if (less.runtimes !== undefined && JSON.stringify(less.runtimes) !== JSON.stringify(whole.runtimes)) {
    add("runtimes", [JSON.stringify(less.runtimes)]);
  }
  return claims;
}

/** Features that the whole facts have and these don't. */
function missingFeatures(less: HostFacts, whole: HostFacts): string[] {
  const names = (host: HostFacts): string[] =>
    Object.values(host.features).flatMap((kind) => Object.keys(kind));
  const has = new Set(names(less));
  return names(whole).filter((feature) => !has.has(feature));
}

/** Each of these probes a host some hundred times, which a busy machine takes its time for. */
const PATIENCE = { timeout: 120_000 };

describe("a file that can't be read makes facts weaker, never wrong", PATIENCE, () => {
  for (const name of ["xeon-v2", "zen4", "gpu-node", "graviton3", "sandbox"]) {
    it(`${name}: with each of its files and directories closed in turn`, async () => {
      const root = writeTree(parseTree(fixture(`${name}.tree`)));
      try {
        const arch = name === "graviton3" ? "arm64" : "amd64";
        const options = { env: {}, now: NOW, arch };
        const { host: whole } = await probe({ ...options, root });
        const paths = await pathsRead(root);
        expect(paths.length).toBeGreaterThan(5);
        const check = async (what: string, isBroken: (path: string) => boolean): Promise<void> => {
          const files = withFaults(openRoot(root), "EACCES", isBroken);
          const { host, notes } = await probe({ ...options, files });
          expect(claimsBeyond(host, whole), `with ${what} closed`).toEqual([]);
          const noted = new Set(notes.map((note) => note.feature));
          expect(
            missingFeatures(host, whole).filter((feature) => !noted.has(feature)),
            `without a note, with ${what} closed`,
          ).toEqual([]);
        };
        for (const broken of paths) await check(broken, (path) => path === broken);
        for (const directory of directoriesAbove(paths)) {
          await check(`${directory}/*`, (path) => path.startsWith(`${directory}/`));
        }
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  }

  it("gives a document without features, and a note for each, when nothing at all can be read", async () => {
    const root = mkdtempSync("/tmp/hostfit-probe-");
    try {
      for (const code of ["EACCES", "EIO"]) {
        const broken: ReadFailure = { ok: false, code, message: code };
        const files: HostFiles = { read: () => broken, list: () => broken, stat: () => broken };
        const { host, notes } = await probe({ files, env: {}, arch: "amd64", now: NOW });
        expect(host.features.flags).toEqual({});
        expect(host.features.instances).toEqual({});
        expect(host.features.attributes).toEqual({ "cpu.coprocessor": { elements: {} } });
        expect(host.platforms).toEqual([{ os: "linux", architecture: "amd64" }]);
        expect(host.runtimes).toBeUndefined();
        expect(notes.filter((note) => note.code === code).length).toBeGreaterThan(20);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
