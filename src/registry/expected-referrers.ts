import type { ContentStore } from "./content-store.ts";
import { type Digest, isDigest } from "./digest.ts";
import { isObject } from "./json.ts";
import { MAX_EXPECTED_SUBJECTS } from "./limits.ts";
import { untilAborted } from "./single-flight.ts";
import type { Referrers } from "./source.ts";

/** Whose referrers are asked for. */
export interface Expected {
  readonly subject: Digest;
  readonly artifactTypes: readonly string[];
}

/** Asks a registry for the referrers of one manifest. */
type Ask = (expected: Expected, signal: AbortSignal) => Promise<Referrers>;

/** What is known of one image. */
interface Image {
  /** Under way: each answer is for one question. */
  readonly under: Map<string, Promise<Referrers>>;
  /** One for each question: Node warns of a signal with many listeners. */
  readonly controllers: AbortController[];
  /** Itself, and what it lists. */
  readonly subjects: ReadonlySet<Digest>;
  /** What was asked this time. */
  readonly asked: Map<string, Expected>;
}

/**
 * Referrers that are asked for before anybody needs them, so that the question goes out beside another one and not after it.
 * What was asked of an image is remembered; where the image is the same the next time, so most likely are the questions.
 *
 * INVARIANT: an answer is given to one question only, and was asked for when its image was resolved: nothing grows old here.
 */
export class ExpectedReferrers {
  readonly #name: string;
  readonly #store: ContentStore | null;
  readonly #ask: Ask;
  readonly #images = new Map<Digest, Image>();
  /** By image, what the store has. */
  readonly #recalled = new Map<Digest, string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(name: string, store: ContentStore | null, ask: Ask) {
    this.#name = name;
    this.#store = store;
    this.#ask = ask;
  }

  /** What was asked for about an image before. */
  async recall(root: Digest): Promise<readonly Expected[]> {
    const seen = await this.#store?.recall(this.#note(root));
    if (!Array.isArray(seen)) return [];
    const expected = seen.slice(0, MAX_EXPECTED_SUBJECTS).filter(isExpected);
    this.#recalled.set(root, JSON.stringify(expected));
    return expected;
  }

  /** Asks now, and remembers from here on what is asked about the image. @param listed what it lists */
  begin(root: Digest, listed: readonly Digest[], expected: readonly Expected[]): void {
    const before = this.#images.get(root);
    const under = before?.under ?? new Map<string, Promise<Referrers>>();
    const controllers = before?.controllers ?? [];
    for (const one of expected) {
      const controller = new AbortController();
      controllers.push(controller);
      const asked = this.#ask(one, controller.signal);
      // Nobody may ever want it; whoever does is told of its failure.
      asked.catch(() => undefined);
      under.set(keyOf(one), asked);
    }
    const subjects = new Set([root, ...listed]);
    this.#images.set(root, { under, controllers, subjects, asked: before?.asked ?? new Map() });
  }

  /** Ends what is under way for an image and isn't needed. */
  end(root: Digest): void {
    const image = this.#images.get(root);
    for (const controller of image?.controllers ?? []) controller.abort();
    this.#images.delete(root);
  }

  /** The answer that was asked for already, or null. */
  take(expected: Expected, signal: AbortSignal | undefined): Promise<Referrers> | null {
    const key = keyOf(expected);
    for (const { under } of this.#images.values()) {
      const found = under.get(key);
      if (found === undefined) continue;
      under.delete(key);
      return untilAborted(found, signal);
    }
    return null;
  }

  /** Remembers a question for the next time, with the image that it is about. */
  async remember(expected: Expected): Promise<void> {
    if (this.#store === null) return;
    const { size } = this.#images;
    for (const [root, image] of this.#images) {
      // In an index within the index are others; with one image alone they can be of no other.
      if (size > 1 && !image.subjects.has(expected.subject)) continue;
      if (image.asked.size >= MAX_EXPECTED_SUBJECTS) continue;
      image.asked.set(keyOf(expected), expected);
      // One after the other: of two writers at once the earlier one might be the last to be done.
      this.#writing = this.#writing.then(() => this.#write(root, image));
    }
    await this.#writing;
  }

  async #write(root: Digest, { asked }: Image): Promise<void> {
    const now = JSON.stringify([...asked.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1)));
    if (now === this.#recalled.get(root)) return;
    this.#recalled.set(root, now);
    await this.#store?.note(this.#note(root), JSON.parse(now));
  }

  #note(root: Digest): string {
    return `asked ${this.#name}@${root}`;
  }
}

function keyOf({ subject, artifactTypes }: Expected): string {
  return `${subject} ${artifactTypes.join(" ")}`;
}

function isExpected(value: unknown): value is Expected {
  if (!isObject(value) || !isDigest(value.subject) || !Array.isArray(value.artifactTypes)) return false;
  return value.artifactTypes.length <= 16 && value.artifactTypes.every((type) => typeof type === "string");
}
