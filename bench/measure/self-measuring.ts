import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Contender } from "./timing.ts";

/**
 * A process that measures itself: its first line of output are its answers, `{ "answers": [...] }`; then it takes lines of a mode and
 * milliseconds, and answers each with `{ "nanoseconds": n }`, what one operation took over about that time.
 */
export class SelfMeasuring<Answer> {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;
  answers: readonly Answer[] = [];

  private constructor(name: string, child: ChildProcessByStdio<Writable, Readable, null>) {
    this.#name = name;
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts it and waits for its answers. */
  static async start<Answer>(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<SelfMeasuring<Answer>> {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env });
    const started = new SelfMeasuring<Answer>(program, child);
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    started.answers = (await Promise.race([started.#read<{ answers: Answer[] }>(), failed])).answers;
    return started;
  }

  contender(mode: string): Contender {
    return {
      sample: async (milliseconds) => {
        this.#child.stdin.write(`${mode} ${Math.ceil(milliseconds)}\n`);
        return (await this.#read<{ nanoseconds: number }>()).nanoseconds;
      },
    };
  }

  stop(): void {
    this.#child.stdin.end();
  }

  async #read<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.#name} ended early`);
    return JSON.parse(value) as T;
  }
}
