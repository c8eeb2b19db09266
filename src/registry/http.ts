import { printable, RegistryError } from "./errors.ts";
import {
  DEFAULT_TIMEOUT_MS,
  MAX_ATTEMPTS,
  MAX_ERROR_BYTES,
  MAX_REDIRECTS,
  MAX_RETRY_WAIT_MS,
} from "./limits.ts";
import { admitRedirect } from "./redirect.ts";
import { isRetryableStatus, isTransient, retryDelay, sleep } from "./retry.ts";
import { tooLarge } from "./source.ts";

/** Why a request is made. */
export type Purpose = "manifest" | "blob" | "referrers" | "token";

/**
 * One request as it leaves. Queries are left out: those of redirects to object stores hold signatures, those of token
 * servers hold account names.
 */
export interface RequestEvent {
  readonly method: string;
  /** Host and port. */
  readonly host: string;
  readonly path: string;
  readonly purpose: Purpose;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** 0 for the request itself, 1 for the first redirect that it follows. */
  readonly hop: number;
}

/** What a client may be given; everything has a default. */
export interface HttpOptions {
  /** Stands in for the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds for one attempt with its redirects, from its start to the last byte of its body. */
  readonly timeoutMs?: number | undefined;
  /** Attempts at one request, 1 to {@link MAX_ATTEMPTS}. */
  readonly attempts?: number | undefined;
  readonly userAgent?: string | undefined;
  /** Told of every request, redirects, retries and token requests counted. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  /** Waits between attempts; ends early with the signal. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** Jitter, 0 up to 1. */
  readonly random?: (() => number) | undefined;
}

/** What a request does. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** A request to one URL. */
export interface HttpRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Whether it is left at one attempt, since a second one would not mean the same. */
  readonly once?: true | undefined;
  readonly purpose: Purpose;
  /** Bytes of a successful answer's body. */
  readonly limit: number;
  /** What is asked for, for messages: `docker.io/library/alpine:3`. */
  readonly subject: string;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer. A body of an error status is cut at {@link MAX_ERROR_BYTES}; any other is whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The URL that was asked, before any redirect. */
  readonly requested: URL;
  /** What the request had as its `Authorization`; null if nothing. An answer may repeat it, a message must not. */
  readonly authorization: string | null;
  /** Whether the answer came from another origin than was asked: its demands for credentials are none of ours. */
  readonly fromElsewhere: boolean;
}

/** A failed attempt that may be tried again. */
interface Failure {
  readonly error: RegistryError;
  readonly transient: boolean;
}

const DEFAULT_USER_AGENT = "hostfit/0.1";
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SECRET_HEADERS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * HTTP with bounds: size, time, attempts, redirects. Runs wherever there is `fetch`.
 *
 * Secret headers go to the origin that was asked and nowhere else: not to a redirect's host, and not back to the first
 * host if a redirect returns there.
 */
export class HttpClient {
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #userAgent: string;
  readonly #onRequest: ((event: RequestEvent) => void) | undefined;
  readonly #sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly #random: () => number;

  constructor(options: HttpOptions = {}) {
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#attempts = Math.max(1, Math.min(options.attempts ?? MAX_ATTEMPTS, MAX_ATTEMPTS));
    this.#userAgent = options.userAgent ?? DEFAULT_USER_AGENT;
    this.#onRequest = options.onRequest;
    this.#sleep = options.sleep ?? sleep;
    this.#random = options.random ?? Math.random;
  }

  /**
   * Sends a request and reads its answer, whatever its status; 429 and 5xx only after the attempts are used up.
   *
   * @throws RegistryError `registry-unreachable`, `timeout`, `too-large`, `redirect-refused`, `rate-limited`
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const attempts = request.once === true ? 1 : this.#attempts;
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts;
      const outcome = await this.#attempt(request, attempt);
      let wait: number;
      if ("error" in outcome) {
        if (last || !outcome.transient) throw outcome.error;
        wait = retryDelay(attempt, null, this.#random);
      } else {
        if (!isRetryableStatus(outcome.status)) return outcome;
        wait = retryDelay(attempt, outcome.headers.get("retry-after"), this.#random);
        if (last || wait > MAX_RETRY_WAIT_MS) {
          if (outcome.status === 429) throw rateLimited(request, wait);
          return outcome;
        }
      }
      await this.#sleep(wait, request.signal);
      request.signal?.throwIfAborted();
    }
  }

  async #attempt(request: HttpRequest, attempt: number): Promise<HttpAnswer | Failure> {
    request.signal?.throwIfAborted();
    const controller = new AbortController();
    const onAbort = (): void => controller.abort();
    request.signal?.addEventListener("abort", onAbort, { once: true });
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      controller.abort();
    }, this.#timeoutMs);
    try {
      return await this.#follow(request, attempt, controller.signal);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof RegistryError) throw error;
      if (expired) throw timedOut(request, this.#timeoutMs);
      return { error: unreachable(request, error), transient: isTransient(error) };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", onAbort);
      // Ends what is left of the answer: after an error nobody reads its body.
      controller.abort();
    }
  }

  async #follow(request: HttpRequest, attempt: number, signal: AbortSignal): Promise<HttpAnswer> {
    let { url } = request;
    let headers: Readonly<Record<string, string>> = this.#withAgent(request.headers);
    let fromElsewhere = false;
    for (let hop = 0; ; hop++) {
      this.#onRequest?.({
        method: request.method,
        host: url.host,
        path: url.pathname,
        purpose: request.purpose,
        attempt,
        hop,
      });
      const init: RequestInit = { method: request.method, headers, signal, ...BROWSER_INIT };
      if (request.body !== undefined) init.body = request.body as string | Uint8Array<ArrayBuffer>;
      let response = await this.#fetch(url, { ...init, redirect: "manual" });
      if (response.type === "opaqueredirect") {
        // Browsers hide a redirect's target. They bound redirects themselves, and drop credentials between origins.
        response = await this.#fetch(url, { ...init, redirect: "follow" });
        fromElsewhere = new URL(response.url).origin !== request.url.origin;
      }
      const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
      if (location !== null) {
        await discard(response);
        if (!keepsMethod(request.method, response.status)) throw wouldTurnToGet(request, response.status);
        const target = admitRedirect(url, location, hop, MAX_REDIRECTS, request.subject);
        if (target.origin !== url.origin) {
          fromElsewhere = true;
          headers = withoutSecrets(headers);
        }
        url = target;
        continue;
      }
      const body = await readBody(response, request);
      return {
        status: response.status,
        headers: response.headers,
        body,
        requested: request.url,
        authorization: request.headers.Authorization ?? null,
        fromElsewhere,
      };
    }
  }

  #withAgent(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    // In a browser these would only make it ask the registry for leave first (CORS preflight).
    return IN_BROWSER
      ? headers
      : { ...headers, "User-Agent": this.#userAgent, "Accept-Encoding": "identity" };
  }
}

const IN_BROWSER = "document" in globalThis || "importScripts" in globalThis;
const BROWSER_INIT: RequestInit = IN_BROWSER
  ? { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" }
  : {};

async function readBody(response: Response, request: HttpRequest): Promise<Uint8Array> {
  const succeeded = response.status >= 200 && response.status < 300;
  // What HEAD answers with has no body. Its end is waited for all the same: a connection that is left before can't be used again.
  if (request.method === "HEAD" || response.body === null)
    return new Uint8Array(await response.arrayBuffer());
  const limit = succeeded ? request.limit : MAX_ERROR_BYTES;
  const announced = Number(response.headers.get("content-length") ?? Number.NaN);
  if (succeeded && announced > limit && !response.headers.has("content-encoding")) {
    await discard(response);
    throw tooLarge("the answer", limit, request.subject);
  }
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => undefined);
      if (succeeded) throw tooLarge("the answer", limit, request.subject);
      break;
    }
  }
  const body = new Uint8Array(Math.min(length, limit));
  let offset = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, body.length - offset);
    body.set(part, offset);
    offset += part.length;
  }
  return body;
}

/**
 * Leaves an answer's body. A small one is read to its end, so that the connection can be used again; a larger one, or one of
 * unknown length, costs more than a connection.
 */
async function discard(response: Response): Promise<void> {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  if (length <= MAX_ERROR_BYTES && !response.headers.has("content-encoding")) {
    await response.arrayBuffer().catch(() => undefined);
  } else await response.body?.cancel().catch(() => undefined);
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())),
  );
}

/** 301, 302 and 303 turn what writes into a GET (RFC 9110, section 15.4). */
function keepsMethod(method: Method, status: number): boolean {
  return method === "GET" || method === "HEAD" || status === 307 || status === 308;
}

function wouldTurnToGet(request: HttpRequest, status: number): RegistryError {
  return new RegistryError(
    "redirect-refused",
    `${request.subject}: ${request.url.host} answers a ${request.method} with the redirect ${status}, which would not write`,
    { help: "Name the registry by its final host.", details: { host: request.url.host, status } },
  );
}

function rateLimited(request: HttpRequest, wait: number): RegistryError {
  const seconds = Math.ceil(wait / 1000);
  return new RegistryError(
    "rate-limited",
    `${request.subject}: ${request.url.host} asks for fewer requests`,
    {
      help: `Wait (it says ${seconds} s), or log in: most registries allow more to those they know.`,
      details: { host: request.url.host, status: 429, retryAfterSeconds: seconds },
    },
  );
}

function timedOut(request: HttpRequest, milliseconds: number): RegistryError {
  return new RegistryError(
    "timeout",
    `${request.subject}: ${request.url.host} gave no whole answer within ${milliseconds / 1000} s`,
    {
      help: "Try again: the registry or the network may be busy.",
      details: { host: request.url.host, timeoutMs: milliseconds },
    },
  );
}

function unreachable(request: HttpRequest, error: unknown): RegistryError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
  return new RegistryError(
    "registry-unreachable",
    `${request.subject}: ${request.url.host} can't be reached: ${printable(why || code || "no reason given")}`,
    {
      help: why === "bad port" ? BAD_PORT : helpFor(code),
      details: { host: request.url.host, ...(code === "" ? {} : { code }) },
      cause: error,
    },
  );
}

/** fetch's list of ports that it never asks (Fetch Standard, section 2.9). */
const BAD_PORT =
  "fetch asks no server on this port, in any program. Let the registry listen on another; from Node, give the client another fetch.";

function helpFor(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the host's name and the network.";
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return "The registry doesn't speak TLS. For a plain HTTP registry use --plain-http.";
  }
  if (/CERT|SIGNED|ALTNAME/.test(code))
    return "Its certificate is not trusted. --ca-file names a file with more authorities, and so does NODE_EXTRA_CA_CERTS.";
  if (IN_BROWSER) return "The registry may be down, or not allow this page to ask it (CORS).";
  return "Check the host, its port and the network.";
}
