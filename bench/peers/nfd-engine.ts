import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { NodeFeatures } from "../generate/node-feature.ts";
import type { Contender } from "../measure/timing.ts";

type Engine = ChildProcessByStdio<Writable, Readable, null>;

/** NFD's rule engine in Go, as a process that measures itself when it is told to (bench/peers/nfd/main.go). */
export class NfdEngine {
  readonly #child: Engine;
  readonly #lines: AsyncIterator<string>;
  /** Whether the document matches, host by host. */
  answers: readonly boolean[] = [];

  private constructor(child: Engine) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Builds and starts it; throws with the reason if Go or the modules are not to be had. */
  static async start(root: string, document: unknown, hosts: readonly NodeFeatures[]): Promise<NfdEngine> {
    const cache = join(root, ".cache/bench");
    mkdirSync(cache, { recursive: true });
    const program = join(cache, "nfd-engine");
    execFileSync("go", ["build", "-o", program, "."], {
      cwd: join(root, "bench/peers/nfd"),
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    const files = { document: join(cache, "nfd-document.json"), hosts: join(cache, "nfd-hosts.jsonl") };
    writeFileSync(files.document, JSON.stringify(document));
    writeFileSync(files.hosts, hosts.map((host) => JSON.stringify(host)).join("\n"));
    // One thread beside the collector's, as the other contenders have.
    const child = spawn(program, [files.document, files.hosts], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const engine = new NfdEngine(child);
    engine.answers = (await engine.#read<{ answers: boolean[] }>()).answers;
    return engine;
  }

  /** `hot`: the first host again and again; `rotate`: all in turn. With `-fast` it stops at the first term that fails. */
  contender(mode: "hot" | "hot-fast" | "rotate" | "rotate-fast"): Contender {
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
    if (done === true) throw new Error("bench/peers/nfd ended early");
    return JSON.parse(value) as T;
  }
}
