/** Certificates for one registry, as docker and podman keep them (containers-certs.d(5)). Node only. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { printable, RegistryError } from "./errors.ts";
import { userFolder } from "./registries-conf.ts";

const MAX_FILES = 64;
const MAX_PEM_BYTES = 1024 * 1024;

/** What a registry's folder holds, PEM. */
export interface HostCertificates {
  /** Authorities that it may be signed by, beside those that the system knows. */
  readonly ca: readonly string[];
  /** Who we are to it. */
  readonly client: { readonly cert: string; readonly key: string } | null;
}

/** The folders of the environment, the user's first. */
export function certificateFolders(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const user = userFolder(environment);
  return [
    ...(user === null ? [] : [join(user, "certs.d")]),
    "/etc/containers/certs.d",
    "/etc/docker/certs.d",
  ];
}

/**
 * Reads the first folder that there is for a host: `*.crt` are authorities, `NAME.cert` and `NAME.key` a client certificate.
 * Null where there is none.
 *
 * @param host with its port, as in a reference
 * @throws RegistryError `certificates-invalid` where a certificate has no key, or a file can't be read
 */
export function hostCertificates(folders: readonly string[], host: string): HostCertificates | null {
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(host)) return null;
  for (const folder of folders) {
    const below = join(folder, host);
    let names: string[];
    try {
      names = readdirSync(below).sort().slice(0, MAX_FILES);
    } catch {
      continue;
    }
    const pem = (name: string): string => readPem(join(below, name));
    const cert = names.find((name) => name.endsWith(".cert"));
    const key = cert?.replace(/\.cert$/, ".key");
    if (cert !== undefined && (key === undefined || !names.includes(key))) {
      throw invalid(`${join(below, cert)} has no key beside it`);
    }
    return {
      ca: names.filter((name) => name.endsWith(".crt")).map(pem),
      client: cert === undefined || key === undefined ? null : { cert: pem(cert), key: pem(key) },
    };
  }
  return null;
}

/** The authorities that Node trusts by itself: its own, and those of `NODE_EXTRA_CA_CERTS`, as far as that can be read. */
export function trustedAuthorities(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const extra = environment.NODE_EXTRA_CA_CERTS;
  if (!extra) return rootCertificates;
  try {
    return [...rootCertificates, readPem(extra)];
  } catch {
    // Node itself warns and goes on.
    return rootCertificates;
  }
}

function readPem(file: string): string {
  try {
    const status = statSync(file);
    if (status.isFile() && status.size <= MAX_PEM_BYTES) return readFileSync(file, "utf8");
  } catch {
    // Told below.
  }
  throw invalid(`${file} can't be read`);
}

function invalid(what: string): RegistryError {
  return new RegistryError("certificates-invalid", printable(what, 400), {
    help: "See containers-certs.d(5).",
  });
}
