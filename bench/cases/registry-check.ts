import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMatcher, type Matcher } from "../../bindings/js/index.ts";
import { readDocument, type SourceDocument } from "../../src/author/document.ts";
import { attachDocument } from "../../src/author/publish/attach.ts";
import { documentBlob, EMPTY_CONFIG } from "../../src/registry/artifact.ts";
import type { ContentStore } from "../../src/registry/content-store.ts";
import { digestOf } from "../../src/registry/digest.ts";
import { DiskStore } from "../../src/registry/disk-store.ts";
import { OCI_CONFIG, OCI_INDEX, OCI_MANIFEST } from "../../src/registry/media-types.ts";
import { nodeFetch } from "../../src/registry/node-fetch.ts";
import { openWriter } from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import type { ManifestContent } from "../../src/registry/writer.ts";
import { openHost } from "../../src/select/host.ts";
import { judgeImage } from "../../src/select/judge.ts";
import { openImage } from "../../src/select/open-image.ts";
import { type RegistryServer, startReferrersRegistry } from "../../test/registry/servers.ts";
import { type BenchCase, type CaseResult, expectEqual, type Settings } from "../bench-case.ts";
import { NATIVE_EXAMPLE, NICS } from "../generate/documents.ts";
import { nodeFeature, withAdded } from "../generate/node-feature.ts";
import { type Elsewhere, ratioOf, timeTogether } from "../measure/timing.ts";

const DOCUMENT = JSON.stringify(NATIVE_EXAMPLE);
const NOBODY = { credentialsFor: () => Promise.resolve({ kind: "anonymous" as const }) };

/** From an image's name to a verdict, on loopback: hostfit against getting the same document with oras. */
export const registryCheck: BenchCase = {
  name: "registry-check",
  title: "An image in a registry",
  async run({ root, wasm, effort }: Settings): Promise<CaseResult> {
    if (!has("oras") || !has("referrers-registry")) {
      return {
        comparisons: [],
        missing: ["registry-check: needs oras and referrers-registry on the PATH (.ci/run)"],
      };
    }
    const folder = mkdtempSync(join(tmpdir(), "hostfit-bench-"));
    const server = await startReferrersRegistry();
    try {
      return await compare(server, folder, { root, wasm, effort });
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function compare(
  server: RegistryServer,
  folder: string,
  { root, wasm, effort }: Settings,
): Promise<CaseResult> {
  const image = `${server.host}/bench/app:1`;
  const artifact = await publish(image);
  const matcher = await createMatcher({ wasm: readFileSync(wasm) });
  const facts = join(folder, "facts.json");
  const { spec } = withAdded(nodeFeature(31, 0), { modules: ["vfio-pci"], pciDevices: [NICS.second] });
  const node = { kind: "Host", platforms: [{ os: "linux", architecture: "amd64" }], features: spec.features };
  writeFileSync(facts, JSON.stringify(node));
  const source = await readDocument(readFileSync(facts), { file: facts, maxBytes: 16 * 1024 * 1024 });
  const env = { ...process.env, HOME: folder, HOSTFIT_CACHE: "off" };
  const repository = image.slice(0, image.lastIndexOf(":"));
  const oras = (): void => {
    const discovered = execFileSync("oras", ["discover", "--plain-http", "--format", "json", image], {
      env,
      encoding: "utf8",
    });
    expectEqual("oras finds the artifact", discovered.includes(artifact), true);
    execFileSync(
      "oras",
      ["pull", "--plain-http", "--output", join(folder, "pulled"), `${repository}@${artifact}`],
      {
        env,
        stdio: "pipe",
      },
    );
  };
  const cli = (): void => {
    execFileSync(process.execPath, [join(root, "dist/cli.js"), "check", image, "--facts", facts], {
      env,
      stdio: "pipe",
    });
  };
  const cold = (): Promise<string> => verdictOf(image, matcher, source, null);
  const store = new DiskStore(join(folder, "cache"));
  const warm = (): Promise<string> => verdictOf(image, matcher, source, store);

  oras();
  const [file] = readdirSync(join(folder, "pulled"));
  expectEqual("oras pulls the document", readFileSync(join(folder, "pulled", file ?? ""), "utf8"), DOCUMENT);
  expectEqual(
    "hostfit judges by it",
    [await cold(), await warm(), await warm()],
    ["compatible", "compatible", "compatible"],
  );
  cli();

  const names = [
    "oras discover, then oras pull: two processes",
    "hostfit's library: found, pulled and judged, nothing cached",
    "hostfit's library, on a warm cache",
    "hostfit check: a process",
    "node -e 0",
  ];
  const started = (): void => {
    execFileSync(process.execPath, ["-e", "0"], { stdio: "pipe" });
  };
  const timings = await timeTogether([oras, cold, warm, cli, started].map(each), effort);
  const ratio = ratioOf(timings[0]!, timings[1]!);
  return {
    comparisons: [
      {
        id: "registry-check",
        title: "an attached document, on loopback",
        unit: "time",
        rows: names.map((name, at) => ({
          name,
          timing: timings[at]!,
          ...(at === 0 ? { lacks: "oras judges nothing" } : {}),
          ...(at === 1 ? { aim: { text: "no slower than oras", met: ratio >= 1 } } : {}),
        })),
        notes: [
          "A process of Node's takes longer to start than both of oras's take in all; a program that uses the library starts once.",
        ],
      },
    ],
    bounds: [{ what: "oras discover and pull against the library's whole check", value: ratio, atLeast: 1 }],
  };
}

/** A whole check: everything about the image is asked anew. */
async function verdictOf(
  image: string,
  matcher: Matcher,
  source: SourceDocument,
  store: ContentStore | null,
): Promise<string> {
  const opened = await openImage({
    reference: image,
    registry: { credentials: NOBODY, fetch, ...(store === null ? {} : { store }) },
  });
  const host = openHost(matcher, { kind: "file", source });
  const { chosen, host: loaded } = await judgeImage({
    matcher,
    image: opened,
    host,
    policy: null,
    requirements: null,
    platform: null,
    allowUndetermined: true,
  });
  loaded.handle.dispose();
  return chosen?.ranked.verdict ?? "none";
}

const fetch = nodeFetch({ hosts: new Set(), proxies: null, roots: [] });

/** An image of one platform with the document attached to it; gives the artifact's digest. */
async function publish(image: string): Promise<string> {
  const { writer, reference } = openWriter(image, { credentials: NOBODY });
  const config = await blobOf({
    os: "linux",
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: [] },
  });
  await writer.putBlob(config, null, {});
  await writer.putBlob(EMPTY_CONFIG, null, {});
  const manifest = await manifestOf(OCI_MANIFEST, {
    config: { mediaType: OCI_CONFIG, digest: config.digest, size: config.bytes.length },
    layers: [],
  });
  await writer.putManifest(manifest, null, {});
  const entry = {
    mediaType: OCI_MANIFEST,
    digest: manifest.digest,
    size: manifest.bytes.length,
    platform: { os: "linux", architecture: "amd64" },
  };
  await writer.putManifest(await manifestOf(OCI_INDEX, { manifests: [entry] }), reference.tag, {});
  const document = await documentBlob(new TextEncoder().encode(DOCUMENT), "native");
  const [attachment] = await attachDocument({
    images: [parseReference(image)],
    open: (one) => openWriter(one, { credentials: NOBODY }).writer,
    which: { kind: "named" },
    compose: () => Promise.resolve({ document, included: [] }),
    title: "needs.json",
    created: "2026-01-01T00:00:00Z",
    older: "keep",
    mode: "write",
  });
  return attachment?.artifact ?? "";
}

async function blobOf(content: object) {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  return { bytes, digest: await digestOf(bytes) };
}

async function manifestOf(mediaType: string, content: object): Promise<ManifestContent> {
  const blob = await blobOf({ schemaVersion: 2, mediaType, ...content });
  return { ...blob, mediaType, subject: null, artifactType: null, annotations: {} };
}

/** One after the other, for as long as a sample lasts. */
function each(run: () => unknown): Elsewhere {
  return {
    sample: async (milliseconds) => {
      const begin = process.hrtime.bigint();
      let count = 0;
      do {
        await run();
        count++;
      } while (Number(process.hrtime.bigint() - begin) < milliseconds * 1e6);
      return Number(process.hrtime.bigint() - begin) / count;
    },
  };
}

function has(program: string): boolean {
  try {
    execFileSync("/bin/sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
