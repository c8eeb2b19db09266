import { CoreMatcher } from "./core-matcher.ts";
import { encodeCandidate, encodeInput } from "./encode.ts";
import { MisuseError } from "./errors.ts";
import type {
  Fleet,
  FleetMatcher,
  FleetOptions,
  LongWork,
  MatrixEntry,
  MatrixOptions,
  Row,
  RowOptions,
  RowQuestion,
} from "./fleet.ts";
import type { FleetCore } from "./fleet-core.ts";
import { PlaneRow, type Presence, rowBytes } from "./fleet-row.ts";
import type { Host, Requirements } from "./matcher.ts";
import type { JsonInput, Verdict } from "./types.ts";

/** Bytes of the rows of one slice of a matrix, and the most rows and hosts of one. */
const SLICE_BYTES = 1 << 25;
// What the documents of a slice share is read from memory once for all of them.
const SLICE_ROWS = 1024;
const SLICE_HOSTS = 64;
const WITH_SCORES = 1;
const WITH_UNDETERMINED = 2;
const MOST_BEST = 2 ** 31 - 1;

/** The matcher over one instance of the core that holds fleets. */
export class CoreFleetMatcher extends CoreMatcher implements FleetMatcher {
  readonly #core: FleetCore;

  constructor(core: FleetCore) {
    super(core);
    this.#core = core;
  }

  fleet(options: FleetOptions = {}): Fleet {
    this.live();
    const { cache } = options;
    if (cache !== undefined) {
      if (!Number.isInteger(cache) || cache < 1 || cache > 0x7fffffff) {
        throw new MisuseError("bad-limit", `${String(cache)} is no limit`, {
          help: "the cache's ceiling is an integer from 1 to 2,147,483,647",
        });
      }
      this.#core.setCache(cache);
    }
    return new CoreFleet(this, this.#core, this.#core.createFleet());
  }

  /** Throws MisuseError once the matcher was disposed of. */
  checkLive(): void {
    this.live();
  }
}

class CoreFleet implements Fleet {
  readonly kind = "fleet";
  readonly #matcher: CoreFleetMatcher;
  readonly #core: FleetCore;
  #handle: number;
  #size = 0;
  #slots = 0;
  #present: Presence = new Uint32Array(0);
  /** Whether a row has seen #present: then it is copied before it is changed. */
  #shared = false;

  constructor(matcher: CoreFleetMatcher, core: FleetCore, handle: number) {
    this.#matcher = matcher;
    this.#core = core;
    this.#handle = handle;
  }

  get size(): number {
    return this.#size;
  }

  get slots(): number {
    return this.#slots;
  }

  add(host: Host | JsonInput): number {
    const slot = this.#core.put(this.#live(), -1, this.#hostOf(host));
    this.#mark(slot, 1);
    this.#size++;
    this.#slots = Math.max(this.#slots, slot + 1);
    return slot;
  }

  async addAll(
    hosts: Iterable<Host | JsonInput> | AsyncIterable<Host | JsonInput>,
    { signal, progress }: LongWork = {},
  ): Promise<number[]> {
    const slots: number[] = [];
    const total = Array.isArray(hosts) ? hosts.length : null;
    for await (const slice of slicesOf(hosts, () => SLICE_HOSTS)) {
      signal?.throwIfAborted();
      for (const host of slice) slots.push(this.add(host));
      progress?.(slots.length, total);
      await turnOfTheLoop();
    }
    return slots;
  }

  update(slot: number, host: Host | JsonInput): void {
    this.#checkSlot(slot);
    this.#core.put(this.#live(), slot, this.#hostOf(host));
  }

  remove(slot: number): void {
    this.#checkSlot(slot);
    this.#core.remove(this.#live(), slot);
    this.#mark(slot, 0);
    this.#size--;
  }

  evaluate(requirements: Requirements, options: RowOptions = {}): Row {
    const bytes = this.#core.row(this.#live(), {
      requirements: this.#matcher.numberOf(requirements, "requirements"),
      policy: options.policy == null ? 0 : this.#matcher.numberOf(options.policy, "policy"),
      candidate: options.candidate == null ? null : encodeCandidate(options.candidate),
      parts:
        (options.scores === true ? WITH_SCORES : 0) |
        (options.allowUndetermined === true ? WITH_UNDETERMINED : 0),
      best: checkBest(options.best ?? 0),
    });
    return this.#row(bytes, options.scores === true);
  }

  async *matrix(
    documents: Iterable<MatrixEntry> | AsyncIterable<MatrixEntry>,
    options: MatrixOptions = {},
  ): AsyncIterableIterator<Row> {
    const { signal, progress } = options;
    const total = Array.isArray(documents) ? documents.length : null;
    const plain = options.policy == null && options.scores !== true && (options.best ?? 0) === 0;
    const rowsOfSlice = () =>
      Math.max(1, Math.min(SLICE_ROWS, Math.floor(SLICE_BYTES / rowBytes(this.#slots))));
    let done = 0;
    signal?.throwIfAborted();
    for await (const slice of slicesOf(documents, rowsOfSlice)) {
      signal?.throwIfAborted();
      const entries = slice.map((entry) => ("kind" in entry ? { requirements: entry } : entry));
      if (plain && entries.every((entry) => entry.candidate == null)) {
        yield* this.#rows(entries.map((entry) => entry.requirements));
      } else {
        for (const { requirements, candidate } of entries) {
          yield this.evaluate(requirements, { ...options, ...(candidate == null ? {} : { candidate }) });
        }
      }
      done += slice.length;
      progress?.(done, total);
      await turnOfTheLoop();
    }
  }

  explain(slot: number, requirements: Requirements, question: RowQuestion = {}): Verdict {
    this.#checkSlot(slot);
    const text = this.#core.evaluateCell(
      this.#live(),
      slot,
      this.#matcher.numberOf(requirements, "requirements"),
      question.policy == null ? 0 : this.#matcher.numberOf(question.policy, "policy"),
      question.candidate == null ? null : encodeCandidate(question.candidate),
    );
    return JSON.parse(text) as Verdict;
  }

  trim(): void {
    this.#core.trim(this.#live());
  }

  dispose(): void {
    if (this.#handle === 0) return;
    const handle = this.#handle;
    this.#handle = 0;
    this.#matcher.release(handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Rows of documents alone, asked for in one call. */
  #rows(requirements: readonly Requirements[]): Row[] {
    const handles = requirements.map((one) => this.#matcher.numberOf(one, "requirements"));
    const bytes = this.#core.rows(this.#live(), handles);
    const size = bytes.length / Math.max(1, handles.length);
    return handles.map((_, i) => this.#row(bytes.subarray(i * size, (i + 1) * size), false));
  }

  #row(bytes: Uint8Array<ArrayBuffer>, withScores: boolean): Row {
    this.#shared = true;
    return new PlaneRow(bytes, withScores, this.#present);
  }

  #hostOf(host: Host | JsonInput): number | Uint8Array {
    const isHandle = typeof host === "object" && "dispose" in host && !(host instanceof Uint8Array);
    return isHandle ? this.#matcher.numberOf(host as Host, "host") : encodeInput(host as JsonInput);
  }

  #live(): number {
    this.#matcher.checkLive();
    if (this.#handle === 0) {
      throw new MisuseError("disposed", "this fleet was disposed", {
        help: "make another with matcher.fleet()",
      });
    }
    return this.#handle;
  }

  #checkSlot(slot: number): void {
    if (Number.isInteger(slot) && slot >= 0 && slot < this.#slots && this.#has(slot)) return;
    throw new MisuseError("no-such-host", `there is no host in slot ${String(slot)}`, {
      help: "use a slot that add returned, until its host is removed",
    });
  }

  #has(slot: number): boolean {
    return (((this.#present[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  /** Notes that a host is in a slot, or that none is any more. */
  #mark(slot: number, bit: 0 | 1): void {
    const word = slot >>> 5;
    if (word >= this.#present.length || this.#shared) {
      const grown = new Uint32Array(word < this.#present.length ? this.#present.length : 2 * word + 2);
      grown.set(this.#present);
      this.#present = grown;
      this.#shared = false;
    }
    const mask = 1 << (slot & 31);
    this.#present[word] = bit === 1 ? this.#present[word]! | mask : this.#present[word]! & ~mask;
  }
}

function checkBest(best: number): number {
  if (Number.isInteger(best) && best >= 0 && best <= MOST_BEST) return best;
  throw new MisuseError("bad-limit", `${String(best)} is no number of hosts`, {
    help: "pass an integer from 0 to 2,147,483,647",
  });
}

/** Lists of at most so many items, in order: asked for anew before each. */
async function* slicesOf<T>(items: Iterable<T> | AsyncIterable<T>, most: () => number): AsyncGenerator<T[]> {
  let slice: T[] = [];
  let limit = most();
  for await (const item of items) {
    slice.push(item);
    if (slice.length < limit) continue;
    yield slice;
    slice = [];
    limit = most();
  }
  if (slice.length > 0) yield slice;
}

/** Lets timers, input and signals have their turn, which a promise alone doesn't. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
