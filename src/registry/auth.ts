import { type Challenge, parseChallenges } from "./challenge.ts";
import { printable, RegistryError } from "./errors.ts";
import type { HttpAnswer, HttpClient } from "./http.ts";
import { parseJsonObject } from "./json.ts";
import { MAX_TOKEN_BYTES } from "./limits.ts";
import { admitTarget } from "./redirect.ts";
import { SingleFlight } from "./single-flight.ts";

/** How somebody proves who they are to a registry. */
export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /** A refresh token, exchanged at the token server (OAuth 2). */
  | { readonly kind: "identity-token"; readonly token: string }
  /** A bearer token that the registry itself takes. */
  | { readonly kind: "registry-token"; readonly token: string }
  /** None. `because` says why where the reader should know: it goes into the message when access is denied. */
  | { readonly kind: "anonymous"; readonly because?: string };

/** Where credentials come from. Asked once for each repository, and only after the registry demanded some. */
export interface CredentialsProvider {
  /**
   * @param host the registry's domain as in the reference (`docker.io`, `localhost:5000`)
   * @param repository the path below it
   */
  credentialsFor(host: string, repository: string, signal?: AbortSignal): Promise<Credentials>;
}

/** Asks as nobody in particular. */
export const ANONYMOUS: CredentialsProvider = {
  credentialsFor: () => Promise.resolve({ kind: "anonymous" }),
};

/** Whom the authorizer speaks for. */
export interface AuthScope {
  /** The registry's domain as in the reference. */
  readonly domain: string;
  readonly repository: string;
  /** The registry's API, to judge what its challenges name. */
  readonly base: URL;
  /** `pull`, or what writing needs too: `pull,push`. */
  readonly actions: string;
}

const MIN_TOKEN_SECONDS = 60;
const MAX_TOKEN_SECONDS = 3600;
/** A token that is about to end is not used any more. */
const EXPIRY_MARGIN_MS = 5_000;

/**
 * Answers a registry's challenges for one repository: Basic, and Bearer with a token server, by GET or (with an identity
 * token) by OAuth 2's POST (distribution project, "Token Authentication Specification"). Tokens are kept until they end.
 */
export class Authorizer {
  readonly #http: HttpClient;
  readonly #provider: CredentialsProvider;
  readonly #scope: AuthScope;
  readonly #flights = new SingleFlight<string>();
  #current: { readonly header: string; readonly expires: number } | undefined;
  #credentials: Promise<Credentials> | undefined;
  /** Repositories that are read from as well. */
  readonly #also = new Set<string>();

  constructor(http: HttpClient, provider: CredentialsProvider, scope: AuthScope) {
    this.#http = http;
    this.#provider = provider;
    this.#scope = scope;
  }

  /** Asks from now on for tokens that can read another repository of the registry too, to mount its blobs. */
  alsoReads(repository: string): void {
    if (repository === this.#scope.repository || this.#also.has(repository)) return;
    this.#also.add(repository);
    if (this.#current?.header.startsWith("Bearer ") === true) this.#current = undefined;
  }

  /** The `Authorization` header that worked before, or null. */
  current(): string | null {
    if (this.#current !== undefined && this.#current.expires <= Date.now()) this.#current = undefined;
    return this.#current?.header ?? null;
  }

  /**
   * A new `Authorization` header after a 401. Callers that were refused at the same time share one token request.
   *
   * @param used the header that was refused, if any
   * @throws RegistryError `unauthorized`
   */
  async renew(
    answer: HttpAnswer,
    used: string | null,
    subject: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const newer = this.current();
    if (newer !== null && newer !== used) return newer;
    const challenges = parseChallenges(answer.headers.get("www-authenticate") ?? "");
    return this.#flights.run("token", signal, async (shared) => {
      const credentials = await this.#load(shared);
      const renewed = await this.#answer(challenges, credentials, used, subject, shared);
      this.#current = renewed;
      return renewed.header;
    });
  }

  /** The error for an answer that stays 401 or 403. */
  async denied(status: number, subject: string, why: string): Promise<RegistryError> {
    const credentials = await this.#load(undefined).catch((): Credentials => ({ kind: "anonymous" }));
    const { domain } = this.#scope;
    const said = why === "" ? "" : ` (${why})`;
    const help =
      credentials.kind === "anonymous"
        ? `${credentials.because === undefined ? "" : `${credentials.because} `}The image may not exist, or needs a login: docker login ${domain}.`
        : "The login was found but doesn't reach this repository. Check its rights, or log in again.";
    return new RegistryError("unauthorized", `${subject}: ${this.#scope.base.host} denies access${said}`, {
      help,
      details: { host: this.#scope.base.host, status },
    });
  }

  #load(signal: AbortSignal | undefined): Promise<Credentials> {
    if (this.#credentials === undefined) {
      const asked = this.#provider.credentialsFor(this.#scope.domain, this.#scope.repository, signal);
      this.#credentials = asked;
      asked.catch(() => {
        this.#credentials = undefined;
      });
    }
    return this.#credentials;
  }

  async #answer(
    challenges: readonly Challenge[],
    credentials: Credentials,
    used: string | null,
    subject: string,
    signal: AbortSignal,
  ): Promise<{ header: string; expires: number }> {
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer");
    if (bearer !== undefined) {
      if (credentials.kind === "registry-token")
        return this.#fixed(`Bearer ${credentials.token}`, used, subject);
      return this.#token(bearer, credentials, subject, signal);
    }
    if (challenges.some((challenge) => challenge.scheme === "basic") && credentials.kind === "password") {
      return this.#fixed(basic(credentials.username, credentials.password), used, subject);
    }
    throw await this.denied(401, subject, challenges.length === 0 ? "it doesn't say how to log in" : "");
  }

  async #fixed(
    header: string,
    used: string | null,
    subject: string,
  ): Promise<{ header: string; expires: number }> {
    if (header === used) throw await this.denied(401, subject, "");
    return { header, expires: Number.POSITIVE_INFINITY };
  }

  async #token(
    challenge: Challenge,
    credentials: Credentials,
    subject: string,
    signal: AbortSignal,
  ): Promise<{ header: string; expires: number }> {
    const realm = this.#realm(challenge, subject);
    const service = challenge.parameters.service;
    const scopes = this.#scopes(challenge.parameters.scope);
    const parameters: [string, string][] = [
      ...(service === undefined ? [] : [["service", service] as [string, string]]),
      ...scopes.map((scope): [string, string] => ["scope", scope]),
    ];
    const answer =
      credentials.kind === "identity-token"
        ? await this.#http.send({
            method: "POST",
            url: realm,
            headers: { "Content-Type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams([
              ...parameters.filter(([name]) => name !== "scope"),
              ["scope", scopes.join(" ")],
              ["grant_type", "refresh_token"],
              ["refresh_token", credentials.token],
              ["client_id", "hostfit"],
            ]).toString(),
            once: true,
            purpose: "token",
            limit: MAX_TOKEN_BYTES,
            subject,
            signal,
          })
        : await this.#http.send({
            method: "GET",
            url: withParameters(realm, parameters),
            headers:
              credentials.kind === "password"
                ? { Authorization: basic(credentials.username, credentials.password) }
                : {},
            purpose: "token",
            limit: MAX_TOKEN_BYTES,
            subject,
            signal,
          });
    if (answer.status < 200 || answer.status > 299) {
      throw await this.denied(
        answer.status,
        subject,
        `its token server ${realm.host} answers ${answer.status}`,
      );
    }
    return readToken(answer.body, realm, subject);
  }

  /** What a token must allow: what the registry says, and from the start what writing will need. */
  #scopes(said: string | undefined): readonly string[] {
    const own = `repository:${this.#scope.repository}:${this.#scope.actions}`;
    const first = said === undefined || this.#scope.actions !== "pull" ? own : said;
    return [first, ...[...this.#also].map((repository) => `repository:${repository}:pull`)];
  }

  #realm(challenge: Challenge, subject: string): URL {
    const { base } = this.#scope;
    let realm: URL;
    try {
      realm = new URL(challenge.parameters.realm ?? "");
    } catch {
      throw new RegistryError("unauthorized", `${subject}: ${base.host} names no usable token server`, {
        help: "Check the registry's configuration (its auth.token.realm).",
        details: { host: base.host },
      });
    }
    admitTarget(base, realm, "a token server", subject);
    return realm;
  }
}

/** Basic credentials in UTF-8 (RFC 7617). */
export function basic(username: string, password: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(`${username}:${password}`)) binary += String.fromCharCode(byte);
  return `Basic ${btoa(binary)}`;
}

function withParameters(realm: URL, parameters: readonly [string, string][]): URL {
  const url = new URL(realm);
  for (const name of new Set(parameters.map(([key]) => key))) url.searchParams.delete(name);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  return url;
}

function readToken(body: Uint8Array, realm: URL, subject: string): { header: string; expires: number } {
  const answer = parseJsonObject(body, `${subject}: token server ${realm.host}`);
  const token = answer.token ?? answer.access_token;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError(
      "unauthorized",
      `${subject}: the token server ${printable(realm.host)} gave no token`,
      {
        help: "Check the login and the registry's token server.",
        details: { host: realm.host },
      },
    );
  }
  const seconds = answer.expires_in;
  const lifetime =
    typeof seconds === "number" && seconds > 0
      ? Math.min(Math.max(seconds, MIN_TOKEN_SECONDS), MAX_TOKEN_SECONDS)
      : MIN_TOKEN_SECONDS;
  return { header: `Bearer ${token}`, expires: Date.now() + lifetime * 1000 - EXPIRY_MARGIN_MS };
}
