/** What the registry's client does in every runtime: the same questions, and answers that can be compared. */
import {
  candidatesOf,
  documentsFor,
  parseReference,
  RegistryError,
  type RegistryReference,
  RegistrySource,
} from "../../../src/registry/index.ts";

export interface ClientReport {
  readonly root: string;
  readonly candidates: readonly unknown[];
  readonly documents: readonly string[];
  /** Codes of what must fail. */
  readonly failures: Readonly<Record<string, string>>;
}

/** @param host of a registry, and of one that lies and one that sends elsewhere */
export async function askRegistries(host: string, liar: string, mover: string): Promise<ClientReport> {
  const source = (at: string, name: string): RegistrySource =>
    new RegistrySource(parseReference(`${at}/${name}`) as RegistryReference, {
      credentials: {
        credentialsFor: () => Promise.resolve({ kind: "password", username: "me", password: "s3cret" }),
      },
      attempts: 1,
    });
  const app = source(host, "org/app");
  const list = await candidatesOf(app, await app.resolve({ tag: "1", digest: null }));
  const found = await documentsFor(app, list);
  const winners = [...found.indexes, ...found.candidates].flatMap(({ outcome }) =>
    outcome.status === "winners" ? outcome.winners : [],
  );
  const tag = { tag: "1", digest: null };
  return {
    root: list.root.digest,
    candidates: list.candidates.map(({ digest, platform }) => ({ digest, platform })),
    documents: winners.map((one) =>
      one.kind === "document" ? new TextDecoder().decode(one.bytes) : one.error.code,
    ),
    failures: {
      "no such tag": await codeOf(app.resolve({ tag: "none", digest: null })),
      "a wrong digest": await codeOf(source(liar, "org/app").resolve(tag)),
      "a redirect without end": await codeOf(source(mover, "org/app").resolve(tag)),
      "nobody there": await codeOf(source("127.0.0.1:9", "org/app").resolve(tag)),
    },
  };
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return "none";
  } catch (error) {
    return error instanceof RegistryError ? error.code : String(error);
  }
}
