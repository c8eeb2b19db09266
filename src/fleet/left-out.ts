/** What a fleet goes on without. */
import { HostfitError } from "../errors.ts";

/** A host or an image that could not be read, and why. */
export interface LeftOut {
  /** Names it: a file, a file's object, a reference. */
  readonly item: string;
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
}

/** What to do with an item that is wrong: note it and go on, or let its error end the work. */
export class Omissions {
  readonly #keepGoing: boolean;
  readonly #list: LeftOut[] = [];

  constructor(keepGoing: boolean) {
    this.#keepGoing = keepGoing;
  }

  /** In the order in which they were met. */
  get list(): readonly LeftOut[] {
    return this.#list;
  }

  /**
   * Notes `error` about `item`. Throws it, with the item's name in its message, unless the work is to go on; what is not
   * hostfit's own error is thrown as it is.
   */
  note(item: string, error: unknown): void {
    if (!(error instanceof HostfitError)) throw error;
    const help = error.help ?? null;
    if (this.#keepGoing) {
      this.#list.push({ item, code: error.code, message: error.message, help });
      return;
    }
    if (error.message.includes(item)) throw error;
    throw new HostfitError(error.code, `${item}: ${error.message}`, {
      ...(help === null ? {} : { help }),
      details: { ...error.details, item },
      cause: error,
    });
  }
}
