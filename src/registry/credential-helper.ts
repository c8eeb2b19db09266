/**
 * Asks credential helpers, the programs `docker-credential-NAME` that keep logins for docker and podman
 * (github.com/docker/docker-credential-helpers, "get"). Node only.
 */
import { spawn } from "node:child_process";
import type { Credentials } from "./auth.ts";
import { printable, RegistryError } from "./errors.ts";
import { isObject } from "./json.ts";

/** Bytes of a helper's answer. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Milliseconds that a helper may take: it may ask a person. */
const HELPER_LIMIT_MS = 60_000;
/** What a helper calls the user whose secret is a refresh token. */
const TOKEN_USER = "<token>";

/** Asks one helper for one host. Null: it has no login for it. */
export type AskHelper = (helper: string, server: string, signal?: AbortSignal) => Promise<Credentials | null>;

/**
 * Runs `docker-credential-<helper> get`. Only a name is taken, never a path, and no shell is involved; what the program
 * writes on stderr is dropped, and nothing that it answers goes into a message.
 *
 * @throws RegistryError `credentials-invalid` if it can't be run or its answer can't be used
 */
export const runHelper: AskHelper = async (helper, server, signal) => {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(helper))
    throw invalid(helper, "has no name that a program could have");
  const program = `docker-credential-${helper}`;
  const { code, output } = await run(program, server, helper, signal);
  if (code !== 0) {
    if (/credentials not found/i.test(output)) return null;
    throw invalid(helper, `ends with ${code ?? "a signal"}`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw invalid(helper, "gives no JSON");
  }
  if (!isObject(answer) || typeof answer.Username !== "string" || typeof answer.Secret !== "string") {
    throw invalid(helper, "gives no user name and secret");
  }
  if (answer.Secret === "") return null;
  return answer.Username === TOKEN_USER
    ? { kind: "identity-token", token: answer.Secret }
    : { kind: "password", username: answer.Username, password: answer.Secret };
};

function run(
  program: string,
  server: string,
  helper: string,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], {
      stdio: ["pipe", "pipe", "ignore"],
      timeout: HELPER_LIMIT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
      else {
        child.kill("SIGKILL");
        ended(null);
      }
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (signal?.aborted === true) reject(signal.reason);
      else
        reject(
          invalid(
            helper,
            `can't be run: ${program} ${error.code === "ENOENT" ? "is not on the PATH" : (error.code ?? "")}`,
          ),
        );
    });
    const ended = (code: number | null): void => {
      // What the helper started may still hold the pipe: nobody waits for that.
      child.stdout.destroy();
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    };
    child.on("exit", (code) => {
      if (code === null) ended(null);
    });
    child.on("close", ended);
    // A helper that doesn't read has ended; its status says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${server}\n`);
  });
}

function invalid(helper: string, what: string): RegistryError {
  return new RegistryError(
    "credentials-invalid",
    `the credential helper ${printable(JSON.stringify(helper), 80)} ${what}`,
    {
      help: "Run docker login again, or give the login with --username and --password-stdin.",
      details: { helper: printable(helper, 64) },
    },
  );
}
