import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeFeatures } from "../generate/node-feature.ts";
import { SelfMeasuring } from "../measure/self-measuring.ts";
import type { Contender } from "../measure/timing.ts";

/** NFD's rule engine in Go, as a process that measures itself when it is told to (bench/peers/nfd/main.go). */
export class NfdEngine {
  readonly #process: SelfMeasuring<boolean>;

  private constructor(process: SelfMeasuring<boolean>) {
    this.#process = process;
  }

  /** Whether the document matches, host by host. */
  get answers(): readonly boolean[] {
    return this.#process.answers;
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
    return new NfdEngine(await SelfMeasuring.start(program, [files.document, files.hosts]));
  }

  /** `hot`: the first host again and again; `rotate`: all in turn. With `-fast` it stops at the first term that fails. */
  contender(mode: "hot" | "hot-fast" | "rotate" | "rotate-fast"): Contender {
    return this.#process.contender(mode);
  }

  stop(): void {
    this.#process.stop();
  }
}
