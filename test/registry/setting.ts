import { afterEach } from "vitest";
import type { Credentials, CredentialsProvider } from "../../src/registry/auth.ts";
import type { RequestEvent } from "../../src/registry/http.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { type RegistryOptions, RegistrySource } from "../../src/registry/registry.ts";
import { Content, type JsonDescriptor } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";
import { transport } from "./transports.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };

/** The image that every setting has. */
export const LATEST = { tag: "latest", digest: null };

/** Servers that are stopped after each test. */
export const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** A fake registry with an image of two platforms, and what its clients did. */
export interface Setting {
  readonly content: Content;
  readonly index: JsonDescriptor;
  readonly images: readonly JsonDescriptor[];
  readonly registry: FakeRegistry;
  readonly events: RequestEvent[];
  readonly waits: number[];
  source(options?: RegistryOptions): RegistrySource;
}

/** Starts a fake registry; its clients don't wait between attempts, and throw no dice. */
export async function setting(fake: FakeOptions = {}): Promise<Setting> {
  const content = new Content();
  const { index, images } = content.platforms([AMD64, ARM64]);
  content.tag("latest", index);
  const registry = await FakeRegistry.start(content, fake);
  running.push(registry);
  const events: RequestEvent[] = [];
  const waits: number[] = [];
  const source = (options: RegistryOptions = {}): RegistrySource => {
    const reference = parseReference(`${registry.host}/org/app`);
    if (reference.kind !== "registry") throw new Error("unexpected reference");
    return new RegistrySource(reference, {
      onRequest: (event) => events.push(event),
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      random: () => 0.5,
      fetch: transport.fetch,
      ...options,
    });
  };
  return { content, index, images, registry, events, waits, source };
}

/** A provider that knows one login. */
export function login(credentials: Credentials): CredentialsProvider {
  return { credentialsFor: () => Promise.resolve(credentials) };
}
