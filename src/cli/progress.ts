/** How far long work is: one line on a terminal, redrawn in place; nothing anywhere else. */
import type { Io } from "./io.ts";

/** Milliseconds between two drawings. */
const PAUSE = 100;
const BAR = 24;

/** A progress line on stderr. */
export class Progress {
  readonly #io: Io;
  readonly #shown: boolean;
  #last = 0;
  #drawn = false;

  /** `quiet` draws nothing. */
  constructor(io: Io, quiet: boolean) {
    this.#io = io;
    this.#shown = !quiet && io.stderr.isTTY && io.env.TERM !== "dumb";
  }

  /** `fetching images [#####     ] 120/400`; without a total, just the number. */
  show(what: string, done: number, total: number | null): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#last < PAUSE && done !== total) return;
    this.#last = now;
    this.#drawn = true;
    this.#io.stderr.write(`\r\u001b[2K${lineOf(what, done, total, this.#io.stderr.columns ?? 80)}`);
  }

  /** Takes the line away, before anything else is written. */
  clear(): void {
    if (this.#drawn) this.#io.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }
}

function lineOf(what: string, done: number, total: number | null, columns: number): string {
  if (total === null || total === 0) return `${what} ${done}`.slice(0, columns - 1);
  const full = Math.round((BAR * done) / total);
  return `${what} [${"#".repeat(full)}${" ".repeat(BAR - full)}] ${done}/${total}`.slice(0, columns - 1);
}
