/** How a command line's registries are reached, and as whom. */
import type { Credentials } from "../registry/auth.ts";
import type { Transport } from "../registry/node-fetch.ts";
import { apiHostOf, parseReference, type RegistryReference } from "../registry/reference.ts";
import type { RegistryOptions } from "../registry/registry.ts";
import { UsageError } from "./exit.ts";
import { readFile } from "./files.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";

/** Bytes of a file with certificates or a key. */
const MAX_PEM_BYTES = 1024 * 1024;
const MAX_PASSWORD_BYTES = 64 * 1024;

/**
 * The options of the registries that the arguments name. A login, a client certificate and `--insecure` are meant for these
 * alone, not for others that an image or a document leads to, nor for `others` that are read beside them.
 */
export async function registryOf(
  options: Options,
  io: Io,
  access: "read" | "write" | "delete",
  references: readonly string[],
  others: readonly string[] = [],
): Promise<RegistryOptions> {
  const all = [...references, ...others];
  const asksRegistry = registriesOf(all).length > 0 || asksDaemon(all);
  const [credentials, fetch, store, locations] = await Promise.all([
    credentialsOf(options, io, references),
    fetchOf(options, io, references),
    storeOf(options, io, all),
    asksRegistry ? locationsOf(io, access) : undefined,
  ]);
  return {
    access,
    ...protocolOf(options, asksRegistry && (await isCertified(io, all))),
    ...(credentials === undefined ? {} : { credentials }),
    fetch,
    ...(locations === undefined ? {} : { locations }),
    ...(store === undefined ? {} : { store }),
    ...(asksDaemon(all) ? { daemonSocket: await socketOf(io) } : {}),
    ...(options.offline ? { network: "offline" } : {}),
  };
}

/** The cache on disk. Folders need none. */
async function storeOf(
  options: Options,
  io: Io,
  references: readonly string[],
): Promise<RegistryOptions["store"]> {
  if (!options.offline && registriesOf(references).length === 0) return undefined;
  const { cacheFolder, DiskStore } = await import("../registry/disk-store.ts");
  const folder = cacheFolder(io.env);
  return folder === null ? undefined : new DiskStore(folder);
}

/** Who says something about certificates wants TLS, on this machine too. */
function protocolOf(
  { plainHttp, caFile, cert, insecure }: Options,
  certified: boolean,
): Pick<RegistryOptions, "protocol"> {
  const secure = caFile !== undefined || cert !== undefined || insecure;
  if (plainHttp && secure) {
    throw new UsageError("--plain-http and certificates contradict each other", "leave one of them out");
  }
  return plainHttp ? { protocol: "http" } : secure || certified ? { protocol: "https" } : {};
}

/** Whether the machine keeps certificates for one of the registries. */
async function isCertified(io: Io, references: readonly string[]): Promise<boolean> {
  const { certificateFolders, hostCertificates } = await import("../registry/host-certificates.ts");
  const folders = certificateFolders(io.env);
  return registriesOf(references).some((one) => hostCertificates(folders, hostInUrls(one)) !== null);
}

async function credentialsOf(
  options: Options,
  io: Io,
  references: readonly string[],
): Promise<RegistryOptions["credentials"]> {
  const login = await loginOf(options, io);
  if (login === null) return undefined;
  const [{ GivenLogin }, files, { runHelper }] = await Promise.all([
    import("../registry/given-login.ts"),
    import("../registry/credentials.ts"),
    import("../registry/credential-helper.ts"),
  ]);
  const domains = registriesOf(references).map(({ domain }) => domain);
  const others = new files.CredentialFiles(files.defaultCredentialFiles(io.env), runHelper);
  return new GivenLogin(domains, login, others);
}

/** The login of the options, or of `HOSTFIT_USERNAME` with `HOSTFIT_PASSWORD`, or of `HOSTFIT_TOKEN`. */
async function loginOf(options: Options, io: Io): Promise<Credentials | null> {
  const { username, passwordStdin } = options;
  if ((username !== undefined) !== passwordStdin) {
    throw new UsageError("--username and --password-stdin belong together", "give both or neither");
  }
  if (username !== undefined) {
    const bytes = await io.stdin(MAX_PASSWORD_BYTES);
    const password = new TextDecoder().decode(bytes).replace(/\r?\n$/, "");
    if (bytes.length > MAX_PASSWORD_BYTES || password === "") {
      throw new UsageError("standard input holds no password", "pipe it in: ... --password-stdin < FILE");
    }
    return { kind: "password", username, password };
  }
  const { HOSTFIT_USERNAME, HOSTFIT_PASSWORD, HOSTFIT_TOKEN } = io.env;
  if (HOSTFIT_USERNAME && HOSTFIT_PASSWORD) {
    return { kind: "password", username: HOSTFIT_USERNAME, password: HOSTFIT_PASSWORD };
  }
  return HOSTFIT_TOKEN ? { kind: "registry-token", token: HOSTFIT_TOKEN } : null;
}

/** How connections are made: with the options' certificates and the machine's, through the environment's proxies. */
async function fetchOf(
  options: Options,
  io: Io,
  references: readonly string[],
): Promise<typeof globalThis.fetch> {
  const { caFile, cert, key, insecure } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--cert and --key belong together", "give both or neither");
  }
  const hosts = new Set(registriesOf(references).map(hostInUrls));
  const pem = async (path: string): Promise<string> =>
    new TextDecoder().decode(await readFile(path, io.cwd, MAX_PEM_BYTES));
  const needed = hosts.size > 0;
  const [ca, client] = await Promise.all([
    caFile === undefined || !needed ? undefined : pem(caFile),
    cert === undefined || key === undefined || !needed
      ? undefined
      : Promise.all([pem(cert), pem(key)]).then((parts) => ({ cert: parts[0], key: parts[1] })),
  ]);
  return transported(io, { ca, client, check: insecure ? "skip" : "certificates", hosts });
}

/** Loaded when the first request is made: folders need none. */
function transported(
  io: Io,
  how: Pick<Transport, "ca" | "client" | "check" | "hosts">,
  plain: "never" | "fallback" = "never",
): typeof globalThis.fetch {
  let loaded: Promise<typeof globalThis.fetch> | undefined;
  const load = async (): Promise<typeof globalThis.fetch> => {
    const [{ nodeFetch, withPlainFallback }, { proxiesOf }, certificates] = await Promise.all([
      import("../registry/node-fetch.ts"),
      import("../registry/proxies.ts"),
      import("../registry/host-certificates.ts"),
    ]);
    const folders = certificates.certificateFolders(io.env);
    const fetch = nodeFetch({
      ...how,
      proxies: proxiesOf(io.env),
      roots: certificates.trustedAuthorities(io.env),
      certificatesOf: (host) => certificates.hostCertificates(folders, host),
    });
    return plain === "fallback" ? withPlainFallback(fetch) : fetch;
  };
  return async (input, init) => {
    loaded ??= load();
    return (await loaded)(input, init);
  };
}

/** The machine's mirrors, for what is read. */
async function locationsOf(
  io: Io,
  access: "read" | "write" | "delete",
): Promise<RegistryOptions["locations"]> {
  if (access !== "read") return undefined;
  const { readRegistriesConf } = await import("../registry/registries-conf.ts");
  const conf = await readRegistriesConf(io.env);
  if (conf === null) return undefined;
  return {
    of: (reference) => conf.locationsOf(reference),
    insecureFetch: (host) => transported(io, { check: "skip", hosts: new Set([host]) }, "fallback"),
  };
}

/** As a URL says it: without the port that TLS has anyway. */
function hostInUrls(reference: RegistryReference): string {
  return new URL(`https://${apiHostOf(reference)}`).host;
}

async function socketOf(io: Io): Promise<string> {
  const { daemonSocket } = await import("../registry/daemon-socket.ts");
  return daemonSocket(io.env);
}

function asksDaemon(references: readonly string[]): boolean {
  return references.some((text) => parseReference(text).kind === "daemon");
}

function registriesOf(references: readonly string[]) {
  return references.flatMap((text) => {
    const parsed = parseReference(text);
    return parsed.kind === "registry" ? [parsed] : [];
  });
}
