import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import { Content } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

test("the registry client runs where there is fetch and Web Crypto and nothing of Node", async () => {
  const bundle = await build({
    entryPoints: [new URL("../../src/registry/index.ts", import.meta.url).pathname],
    bundle: true,
    format: "iife",
    globalName: "hostfit",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  const code = bundle.outputFiles[0]?.text ?? "";
  const content = new Content();
  const { index, images } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.artifact(images[0] ?? index, { document: "{}" });
  content.tag("latest", index);
  const registry = await FakeRegistry.start(content);
  running.push(registry);

  const world = createContext({
    fetch,
    crypto,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    Headers,
    atob,
    btoa,
    setTimeout,
    clearTimeout,
    Uint8Array,
    document: {},
  });
  const found: unknown = await runInContext(
    `${code}; (async () => {
      const reference = hostfit.parseReference(${JSON.stringify(`${registry.host}/org/app`)});
      const source = new hostfit.RegistrySource(reference);
      const list = await hostfit.candidatesOf(source, await source.resolve(reference));
      const { candidates } = await hostfit.documentsFor(source, list);
      return JSON.stringify(candidates.map(({ outcome }) => outcome.winners.map(({ kind, origin }) => [kind, origin])));
    })()`,
    world,
  );
  expect(found).toBe('[[["document","attached"]]]');
});
