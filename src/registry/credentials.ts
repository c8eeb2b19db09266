/**
 * Logins from the files that docker, podman and skopeo write. Node only.
 *
 * Credential helpers that the files name are programs: they are run only where the caller gives {@link runHelper}.
 */
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials, CredentialsProvider } from "./auth.ts";
import type { AskHelper } from "./credential-helper.ts";
import { RegistryError } from "./errors.ts";
import { isObject, type JsonObject } from "./json.ts";
import { MAX_CREDENTIALS_FILE_BYTES } from "./limits.ts";

/** What Docker calls docker.io when it asks a helper. */
const DOCKER_HUB_SERVER = "https://index.docker.io/v1/";
/** The keys under which Docker keeps the login for docker.io. */
const DOCKER_HUB_KEYS = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/**
 * The files that are read by default, first found first used: what `REGISTRY_AUTH_FILE` names, podman's
 * `$XDG_RUNTIME_DIR/containers/auth.json`, Docker's `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`.
 */
export function defaultCredentialFiles(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): readonly string[] {
  const { REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, DOCKER_CONFIG } = environment;
  return [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "containers", "auth.json")] : []),
    join(DOCKER_CONFIG || join(home, ".docker"), "config.json"),
  ];
}

/** A provider that reads login files, each time it is asked. */
export class CredentialFiles implements CredentialsProvider {
  readonly #files: readonly string[];
  readonly #askHelper: AskHelper | null;

  constructor(files: readonly string[] = defaultCredentialFiles(), askHelper: AskHelper | null = null) {
    this.#files = files;
    this.#askHelper = askHelper;
  }

  /** @throws RegistryError `credentials-invalid` for a file that can't be read as one; its content is never quoted */
  async credentialsFor(host: string, repository: string, signal?: AbortSignal): Promise<Credentials> {
    let helper: string | null = null;
    for (const file of this.#files) {
      const config = await readConfig(file);
      if (config === null) continue;
      const found = findLogin(config, host, repository, file);
      if (found !== null) return found;
      helper ??= helperFor(config, host);
    }
    if (helper === null) return { kind: "anonymous" };
    return this.#askHelper === null
      ? {
          kind: "anonymous",
          because: `The login for ${host} is kept by the credential helper ${JSON.stringify(helper)}, which is a program and isn't run.`,
        }
      : ask(this.#askHelper, helper, host, signal);
  }
}

/** The helper's login. One that doesn't work must not keep anybody from public images: it is told when access is denied. */
async function ask(
  askHelper: AskHelper,
  helper: string,
  host: string,
  signal: AbortSignal | undefined,
): Promise<Credentials> {
  const server = host === "docker.io" ? DOCKER_HUB_SERVER : host;
  try {
    return (await askHelper(helper, server, signal)) ?? { kind: "anonymous" };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { kind: "anonymous", because: `No login was found: ${error.message}.` };
  }
}

async function readConfig(file: string): Promise<JsonObject | null> {
  let text: string;
  try {
    const status = await stat(file);
    if (!status.isFile()) return null;
    if (status.size > MAX_CREDENTIALS_FILE_BYTES) throw invalid(file, "is too large");
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw invalid(file, `can't be read (${code})`);
  }
  if (text.trim() === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // The parser's message quotes the text around the fault, which may be a password: it is dropped.
  }
  throw invalid(file, "is not a JSON object");
}

/** The login for `host/repository`: that of the longest path that holds it, as podman keeps them, else the host's. */
function findLogin(config: JsonObject, host: string, repository: string, file: string): Credentials | null {
  const { auths } = config;
  if (!isObject(auths)) return null;
  const hosts = host === "docker.io" ? DOCKER_HUB_KEYS : [host];
  const byKey = new Map<string, unknown>();
  // An exact key wins over one in Docker's older forms (https://host/v1/).
  for (const [key, login] of Object.entries(auths))
    byKey.set(normalKey(key), byKey.get(normalKey(key)) ?? login);
  for (const [key, login] of Object.entries(auths)) if (key === normalKey(key)) byKey.set(key, login);

  const components = repository.split("/");
  for (let length = components.length; length >= 0; length--) {
    for (const name of hosts) {
      const login = byKey.get([name, ...components.slice(0, length)].join("/"));
      const credentials = isObject(login) ? readLogin(login, name, file) : null;
      if (credentials !== null) return credentials;
    }
  }
  return null;
}

function normalKey(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
}

function readLogin(login: JsonObject, host: string, file: string): Credentials | null {
  const { identitytoken, registrytoken, auth, username, password } = login;
  if (typeof registrytoken === "string" && registrytoken !== "")
    return { kind: "registry-token", token: registrytoken };
  if (typeof identitytoken === "string" && identitytoken !== "")
    return { kind: "identity-token", token: identitytoken };
  if (typeof auth === "string" && auth !== "") {
    const text = Buffer.from(auth, "base64")
      .toString("utf8")
      .replace(/\u0000+$/, "");
    const colon = text.indexOf(":");
    if (colon < 1) throw invalid(file, `has a login for ${host} that is not base64 of name:password`);
    return { kind: "password", username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  if (typeof username === "string" && username !== "" && typeof password === "string") {
    return { kind: "password", username, password };
  }
  return null;
}

function helperFor(config: JsonObject, host: string): string | null {
  const { credHelpers, credsStore } = config;
  const hosts = host === "docker.io" ? [DOCKER_HUB_SERVER, ...DOCKER_HUB_KEYS] : [host];
  const own = isObject(credHelpers) ? hosts.map((name) => credHelpers[name]).find(Boolean) : undefined;
  if (typeof own === "string" && own !== "") return own;
  return typeof credsStore === "string" && credsStore !== "" ? credsStore : null;
}

function invalid(file: string, what: string): RegistryError {
  return new RegistryError("credentials-invalid", `the login file ${file} ${what}`, {
    help: "Mend it, or log in again. DOCKER_CONFIG or REGISTRY_AUTH_FILE name another.",
    details: { file },
  });
}
