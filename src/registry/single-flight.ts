/**
 * Lets callers who ask for the same thing at the same time share one piece of work.
 *
 * A caller who gives up leaves the others alone; the work itself is ended when nobody waits for it any more. Nothing is
 * kept once the work has ended.
 */
export class SingleFlight<Value> {
  readonly #flights = new Map<
    string,
    { promise: Promise<Value>; controller: AbortController; waiting: number }
  >();

  /** Joins the work under `key`, or starts it. */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    signal?.throwIfAborted();
    let flight = this.#flights.get(key);
    if (flight === undefined) {
      const controller = new AbortController();
      const promise = start(controller.signal);
      const begun = { promise, controller, waiting: 0 };
      const forget = (): void => {
        if (this.#flights.get(key) === begun) this.#flights.delete(key);
      };
      promise.then(forget, forget);
      this.#flights.set(key, begun);
      flight = begun;
    }
    const joined = flight;
    joined.waiting++;
    try {
      return await untilAborted(joined.promise, signal);
    } finally {
      joined.waiting--;
      if (joined.waiting === 0) {
        // Whoever asks from here on must not join work that is being ended.
        if (this.#flights.get(key) === joined) this.#flights.delete(key);
        joined.controller.abort();
      }
    }
  }
}

/** `promise`, or a rejection with the signal's reason, whichever comes first. */
export function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise<Value>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
