import type { Credentials, CredentialsProvider } from "./auth.ts";

/** A login that somebody gave for certain registries; every other registry is left to another provider. */
export class GivenLogin implements CredentialsProvider {
  readonly #domains: ReadonlySet<string>;
  readonly #login: Credentials;
  readonly #others: CredentialsProvider;

  /** @param domains as references have them: a login must not be sent to a registry that it wasn't meant for */
  constructor(domains: Iterable<string>, login: Credentials, others: CredentialsProvider) {
    this.#domains = new Set(domains);
    this.#login = login;
    this.#others = others;
  }

  credentialsFor(host: string, repository: string, signal?: AbortSignal): Promise<Credentials> {
    return this.#domains.has(host)
      ? Promise.resolve(this.#login)
      : this.#others.credentialsFor(host, repository, signal);
  }
}
