/** The socket of Docker's daemon. Node only. */
import { existsSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { printable, RegistryError } from "./errors.ts";
import { DEFAULT_TIMEOUT_MS, MAX_MANIFEST_BYTES } from "./limits.ts";
import { type CallOptions, tooLarge } from "./source.ts";

/** Asks the daemon for what is at a path (GET). */
export type DaemonAsk = (
  path: string,
  subject: string,
  options: CallOptions,
) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

const SYSTEM_SOCKET = "/var/run/docker.sock";

/**
 * The socket that the environment names (`DOCKER_HOST`), else the system's, or that of a daemon without privileges.
 *
 * @throws RegistryError `daemon-invalid` for a daemon that isn't on this machine
 */
export function daemonSocket(environment: Readonly<Record<string, string | undefined>>): string {
  const { DOCKER_HOST, XDG_RUNTIME_DIR } = environment;
  if (DOCKER_HOST) {
    if (DOCKER_HOST.startsWith("unix:///")) return DOCKER_HOST.slice("unix://".length);
    throw new RegistryError(
      "daemon-invalid",
      `DOCKER_HOST is ${printable(DOCKER_HOST, 100)}, no socket of this machine`,
      {
        help: "Write it as unix:///PATH. A daemon elsewhere can't be asked; name the image in its registry.",
      },
    );
  }
  const own = XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, "docker.sock") : null;
  return own !== null && !existsSync(SYSTEM_SOCKET) && existsSync(own) ? own : SYSTEM_SOCKET;
}

/** Asks by this socket. Answers have at most {@link MAX_MANIFEST_BYTES}. */
export function askSocket(socketPath: string, timeoutMs: number = DEFAULT_TIMEOUT_MS): DaemonAsk {
  return (path, subject, { signal }) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const ended = signal === undefined ? [] : [signal];
      const request = httpRequest({
        socketPath,
        path,
        method: "GET",
        headers: { Host: "docker" },
        signal: AbortSignal.any([...ended, AbortSignal.timeout(timeoutMs)]),
      });
      const failed = (error: Error): void => {
        if (signal?.aborted === true) reject(signal.reason);
        else reject(unreachable(socketPath, subject, error, timeoutMs));
      };
      request.on("error", failed);
      request.on("response", (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length <= MAX_MANIFEST_BYTES) return;
          reject(tooLarge("the daemon's answer", MAX_MANIFEST_BYTES, subject));
          request.destroy();
        });
        answer.on("error", failed);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
      });
      request.end();
    });
}

function unreachable(socket: string, subject: string, error: Error, timeoutMs: number): RegistryError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const why =
    error.name === "TimeoutError" || error.name === "AbortError"
      ? `no whole answer within ${timeoutMs / 1000} s`
      : code || error.message;
  return new RegistryError(
    "daemon-unreachable",
    `${subject}: Docker's daemon at ${socket} can't be asked: ${printable(why)}`,
    {
      help:
        code === "EACCES"
          ? "Only root and the group docker may ask it."
          : "Is it running? DOCKER_HOST=unix:///PATH names another socket.",
      details: { socket, ...(code === "" ? {} : { code }) },
      cause: error,
    },
  );
}
