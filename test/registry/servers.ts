import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A registry program that runs on loopback, with nothing in it. */
export interface RegistryServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Milliseconds within which a registry program must answer. */
const START_LIMIT_MS = 20_000;

/** `referrers-registry` beside this file: go-containerregistry's registry, in memory, with the referrers API. */
export function startReferrersRegistry(): Promise<RegistryServer> {
  return start((port) => ["referrers-registry", ["-address", `127.0.0.1:${port}`], {}]);
}

/** `crane registry serve`: the same registry as its authors ship it, without the referrers API (v0.22). */
export function startCrane(): Promise<RegistryServer> {
  return start((port) => ["crane", ["registry", "serve", "--address", `127.0.0.1:${port}`], {}]);
}

/** `zot-registry` beside this file: zot 1.4 in its minimal form, files in a temporary folder, with the referrers API. */
export function startZot(): Promise<RegistryServer> {
  return start((port, folder) => [
    "zot-registry",
    ["-address", `127.0.0.1:${port}`, "-folder", join(folder, "data")],
    {},
  ]);
}

/**
 * Debian's `docker-registry` (distribution 2.8): files in a temporary folder, no referrers API. It lets nobody delete unless
 * it is told to.
 */
export function startDockerRegistry(deletes = false): Promise<RegistryServer> {
  return start((port, folder) => [
    "docker-registry",
    ["serve", join(folder, "config.yml")],
    {
      "config.yml": [
        "version: 0.1",
        "log: { level: error, accesslog: { disabled: true } }",
        `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, "data"))} }, delete: { enabled: ${deletes} } }`,
        `http: { addr: "127.0.0.1:${port}" }`,
      ].join("\n"),
    },
  ]);
}

/** The same with TLS and a login, `me` with the password `s3cret`. The certificate and its key are PEM. */
export function startSecureRegistry(cert: string, key: string): Promise<RegistryServer> {
  return start(
    (port, folder) => [
      "docker-registry",
      ["serve", join(folder, "config.yml")],
      {
        "cert.pem": cert,
        "key.pem": key,
        htpasswd: "me:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n",
        "config.yml": [
          "version: 0.1",
          "log: { level: error, accesslog: { disabled: true } }",
          `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, "data"))} } }`,
          "http:",
          `  addr: "127.0.0.1:${port}"`,
          `  tls: { certificate: ${JSON.stringify(join(folder, "cert.pem"))}, key: ${JSON.stringify(join(folder, "key.pem"))} }`,
          `auth: { htpasswd: { realm: test, path: ${JSON.stringify(join(folder, "htpasswd"))} } }`,
        ].join("\n"),
      },
    ],
    "tls",
  );
}

/** The same behind a token server, whose tokens are signed with this certificate's key. */
export function startTokenRegistry(tokens: {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  readonly certificate: string;
}): Promise<RegistryServer> {
  const { realm, service, issuer, certificate } = tokens;
  return start(
    (port, folder) => [
      "docker-registry",
      ["serve", join(folder, "config.yml")],
      {
        "config.yml": [
          "version: 0.1",
          "log: { level: error, accesslog: { disabled: true } }",
          `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, "data"))} }, delete: { enabled: true } }`,
          `http: { addr: "127.0.0.1:${port}" }`,
          `auth: { token: { realm: "${realm}", service: "${service}", issuer: "${issuer}", rootcertbundle: ${JSON.stringify(certificate)} } }`,
        ].join("\n"),
      },
    ],
    "locked",
  );
}

type Command = [program: string, parameters: readonly string[], files: Readonly<Record<string, string>>];

async function start(
  command: (port: number, folder: string) => Command,
  speaks: "http" | "tls" | "locked" = "http",
): Promise<RegistryServer> {
  const folder = mkdtempSync(join(tmpdir(), "hostfit-server-"));
  const port = await freePort();
  const [program, parameters, files] = command(port, folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(program, parameters, { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const server: RegistryServer = {
    host: `127.0.0.1:${port}`,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    if (speaks === "http") await answering(`http://${server.host}/v2/`, child);
    else await listening(port, child);
  } catch (error) {
    await server.stop();
    throw new Error(`${program} did not start: ${output}`, { cause: error });
  }
  return server;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended");
    try {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch (error) {
      if (Date.now() > limit) throw error;
    }
    if (Date.now() > limit) throw new Error(`no answer from ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended");
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.unref();
    });
    if (open) return;
    if (Date.now() > limit) throw new Error(`nothing listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
