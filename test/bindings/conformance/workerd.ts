/** A worker in workerd: the program that runs where Cloudflare runs workers. */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { RUNTIMES } from "../../tools.ts";
import { bundleProgram } from "./programs.ts";

export interface Worker {
  readonly url: string;
  stop(): void;
}

/** Bundles the worker with hostfit as its condition `workerd` says, and serves it. */
export async function startWorker(folder: string): Promise<Worker> {
  await bundleProgram("worker-program", folder, {
    platform: "neutral",
    conditions: ["workerd", "worker"],
    external: ["hostfit/hostfit.wasm"],
  });
  copyFileSync(join(folder, "node_modules/hostfit/dist/hostfit.wasm"), join(folder, "hostfit.wasm"));
  const port = await freePort();
  writeFileSync(
    join(folder, "worker.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "worker", esModule = embed "worker-program.js"),
    (name = "hostfit/hostfit.wasm", wasm = embed "hostfit.wasm"),
  ],
  compatibilityDate = "2025-01-01",
);
`,
  );
  const child = spawn(join(RUNTIMES, ".bin/workerd"), ["serve", "worker.capnp"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const url = `http://127.0.0.1:${port}/`;
  await reachable(url, child);
  return { url, stop: () => child.kill("SIGKILL") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function reachable(url: string, child: ChildProcess): Promise<void> {
  let told = "";
  child.stderr?.on("data", (part: Buffer) => {
    told += part.toString();
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) break;
    try {
      await fetch(`${url}refusals`, { method: "POST", body: new Uint8Array(1) });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill("SIGKILL");
  throw new Error(`workerd doesn't answer: ${told}`);
}
