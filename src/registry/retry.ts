import { MAX_RETRY_WAIT_MS } from "./limits.ts";

/** Milliseconds before the second attempt; doubled for each further one. */
const BASE_DELAY_MS = 200;

/** What Node says of a connection that may be there the next time. A refused one or an unknown name is not. */
const TRANSIENT: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** Whether a status says "not now" (distribution-spec leaves it to RFC 9110): 429 and the gateway's and server's 5xx. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Whether a failed `fetch` or read may succeed the next time. */
export function isTransient(error: unknown): boolean {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 4;
    cause = cause.cause, depth++
  ) {
    if ("code" in cause && TRANSIENT.has(String(cause.code))) return true;
  }
  return false;
}

/**
 * Milliseconds to wait after `attempt`: what `Retry-After` says (seconds or a date, RFC 9110 section 10.2.3), else twice
 * as long each time, between half and the whole, so that many clients don't come back together.
 */
export function retryDelay(
  attempt: number,
  retryAfter: string | null,
  random: () => number,
  now: number = Date.now(),
): number {
  const text = retryAfter?.trim() ?? "";
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  const date = text === "" ? Number.NaN : Date.parse(text);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const whole = Math.min(MAX_RETRY_WAIT_MS, BASE_DELAY_MS * 2 ** (attempt - 1));
  return whole * (0.5 + random() / 2);
}

/** Resolves after some time, or rejects with the signal's reason. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
