/** What carries the client's requests: the runtime's `fetch`, and the one that the command line has. */
import { nodeFetch } from "../../src/registry/node-fetch.ts";

export const TRANSPORTS: readonly (readonly [name: string, fetch: typeof globalThis.fetch | undefined])[] = [
  ["fetch", undefined],
  ["node:http", nodeFetch({ hosts: new Set(), proxies: null, roots: [] })],
];

/** The one that clients of this test file use now; the runtime's if nobody says. */
export const transport: { fetch: typeof globalThis.fetch | undefined } = { fetch: undefined };
