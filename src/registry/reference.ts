/**
 * Image references.
 *
 * ```
 * reference        ::= layout-reference | daemon-reference | registry-reference
 *
 * registry-reference ::= [ domain "/" ] path [ ":" tag ] [ "@" digest ]
 * domain           ::= host [ ":" port ]
 * host             ::= domain-component ( "." domain-component )* | "[" IPv6 address "]"
 * domain-component ::= letter-or-digit ( ( letter-or-digit | "-" )* letter-or-digit )?
 * port             ::= 1 .. 65535
 * path             ::= path-component ( "/" path-component )*            ; at most 255 characters
 * path-component   ::= [a-z0-9]+ ( separator [a-z0-9]+ )*
 * separator        ::= "." | "_" | "__" | "-"+
 * tag              ::= [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127}
 * digest           ::= "sha256:" [a-f0-9]{64} | "sha512:" [a-f0-9]{128}
 *
 * layout-reference ::= ( "oci:" directory | "oci-archive:" file ) [ ":" ref-name ] [ "@" digest ]
 * directory        ::= a path without ":" (but for a Windows drive letter)
 * ref-name         ::= what org.opencontainers.image.ref.name says; may contain "/", ":" and "@"
 *
 * daemon-reference ::= "docker-daemon:" ( registry-reference | "sha256:" [a-f0-9]{64} )    ; a name or an image's id
 * ```
 *
 * The first form is that of the distribution project (github.com/distribution/reference v0.6.0), with its rules for what
 * is left out: the first component is a domain only if it is `localhost`, contains `.`, `:` or a capital letter;
 * otherwise the domain is `docker.io`, whose one-component paths get `library/`; without tag and digest the tag is
 * `latest`. The second form splits at the first `:`, as skopeo and podman do.
 */
import { type Digest, isDigest, parseDigest } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";

/** An image in a registry. */
export interface RegistryReference {
  readonly kind: "registry";
  /** The canonical domain with its port, such as `docker.io` or `[::1]:5000`. */
  readonly domain: string;
  /** The path below the domain, such as `library/alpine`. */
  readonly repository: string;
  /** The tag; `latest` where neither tag nor digest was given. With a digest beside it, the digest alone decides. */
  readonly tag: string | null;
  readonly digest: Digest | null;
}

/** An image in an OCI image layout: a folder, or a tar archive of one. */
export interface LayoutReference {
  readonly kind: "layout";
  /** The folder or the archive, as it was written. */
  readonly directory: string;
  /** Set for an archive, which can only be read. */
  readonly archive?: true;
  /** The `org.opencontainers.image.ref.name`, or null for the layout's only image. */
  readonly tag: string | null;
  readonly digest: Digest | null;
}

/** An image that Docker's daemon has. */
export interface DaemonReference {
  readonly kind: "daemon";
  /** A name as Docker takes it, with its tag, or an image's id. */
  readonly image: string;
  readonly tag: null;
  /** The image's id, or its digest in its registry; null if the name says it all. */
  readonly digest: Digest | null;
}

/** Where an image is. */
export type Reference = RegistryReference | LayoutReference | DaemonReference;

/** Characters of a reference. */
export const MAX_REFERENCE_LENGTH = 4096;
const MAX_PATH_LENGTH = 255;
const DEFAULT_DOMAIN = "docker.io";
const LEGACY_DOMAIN = "index.docker.io";
const DOCKER_HUB_API = "registry-1.docker.io";

const DOMAIN_COMPONENT = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = new RegExp(
  `^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::([0-9]+))?$`,
);
const PATH_COMPONENT = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${PATH_COMPONENT}(?:/${PATH_COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;

/** Whether a text can be a tag (distribution-spec v1.1, "Pulling manifests"). */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

const LAYOUT_DIGEST = /@(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/**
 * Parses a reference of either kind.
 *
 * @throws RegistryError `reference-invalid`
 */
export function parseReference(text: string): Reference {
  if (text.length > MAX_REFERENCE_LENGTH) {
    throw invalid(text, `is longer than ${MAX_REFERENCE_LENGTH} characters`, "Shorten it.");
  }
  if (text === "") throw invalid(text, "is empty", EXAMPLES);
  if (text.startsWith("docker-daemon:")) return parseDaemon(text);
  const isLayout = /^oci(?:-archive)?:/.test(text);
  if (/[\s\u0000-\u001f\u007f]/.test(text) && !isLayout) {
    throw invalid(text, "contains a space or a control character", "Quote it, or remove the space.");
  }
  return isLayout ? parseLayout(text) : parseRegistry(text);
}

/** The reference in full: what was left out is filled in. Parses back to the same reference. */
export function formatReference(reference: Reference): string {
  if (reference.kind === "daemon" && reference.digest === null) return nameOf(reference);
  const tag = reference.tag === null ? "" : `:${reference.tag}`;
  const digest = reference.digest === null ? "" : `@${reference.digest}`;
  return `${nameOf(reference)}${tag}${digest}`;
}

/** The one manifest `digest` in the place that `reference` names: `repository@digest` or `oci:DIR@digest`. */
export function formatWithDigest(reference: Reference, digest: Digest): string {
  return `${nameOf(reference)}@${digest}`;
}

/** The reference without tag and digest: `docker.io/library/alpine` or `oci:DIR`. */
export function nameOf(reference: Reference): string {
  if (reference.kind === "daemon") return `docker-daemon:${reference.image}`;
  return reference.kind === "layout"
    ? `${reference.archive === true ? "oci-archive" : "oci"}:${reference.directory}`
    : `${reference.domain}/${reference.repository}`;
}

/** The host (and port) that serves the registry API for a domain: Docker Hub's is not its domain. */
export function apiHostOf(reference: RegistryReference): string {
  return reference.domain === DEFAULT_DOMAIN ? DOCKER_HUB_API : reference.domain;
}

/** Whether the domain is this machine itself, where registries speak plain HTTP by custom. */
export function isLoopback(hostAndPort: string): boolean {
  const host = hostAndPort.replace(/:[0-9]+$/, "").toLowerCase();
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(?:\.[0-9]{1,3}){3}$/.test(host)
  );
}

const EXAMPLES =
  "Examples: alpine, ghcr.io/org/app:1.2, localhost:5000/app@sha256:..., oci:folder, oci:folder:1.2.";

function invalid(text: string, what: string, help: string): RegistryError {
  // Somebody may have written a name and a password before the host.
  const shown = text.replace(/[^/@\s]+:[^/@\s]+@(?!sha(?:256|512):)/i, "***@");
  return new RegistryError("reference-invalid", `reference "${printable(shown)}" ${what}`, { help });
}

function parseRegistry(text: string): RegistryReference {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme !== null) {
    throw invalid(text, `begins with ${scheme[0]}`, `Leave the scheme out. ${EXAMPLES}`);
  }
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw invalid(text, "is a bare digest or image id", "Write REPOSITORY@sha256:DIGEST.");
  }

  const at = text.indexOf("@");
  const digest = at < 0 ? null : referenceDigest(text, text.slice(at + 1));
  const { domain, remainder } = splitDomain(at < 0 ? text : text.slice(0, at));

  const domainMatch = DOMAIN.exec(domain);
  if (domainMatch === null) {
    throw invalid(text, `has "${printable(domain)}" where a registry's host belongs`, EXAMPLES);
  }
  const port = domainMatch[1];
  if (port !== undefined && (port.length > 5 || Number(port) < 1 || Number(port) > 65535)) {
    throw invalid(text, `has the port ${printable(port, 20)}`, "Ports are 1 to 65535.");
  }

  const colon = remainder.indexOf(":");
  const repository = colon < 0 ? remainder : remainder.slice(0, colon);
  const tag = colon < 0 ? null : remainder.slice(colon + 1);
  if (repository !== repository.toLowerCase()) {
    throw invalid(text, "has capital letters in its path", `Write ${printable(repository.toLowerCase())}.`);
  }
  if (!PATH.test(repository)) {
    throw invalid(
      text,
      `has the path "${printable(repository)}"`,
      `Paths are [a-z0-9] with single . _ or __ or - between. ${EXAMPLES}`,
    );
  }
  if (repository.length > MAX_PATH_LENGTH) {
    throw invalid(text, `has a path of more than ${MAX_PATH_LENGTH} characters`, "Shorten it.");
  }
  if (tag !== null && !TAG.test(tag)) {
    throw invalid(
      text,
      `has the tag "${printable(tag)}"`,
      "A tag is a letter, digit or _, then at most 127 of these, . and -.",
    );
  }
  return { kind: "registry", domain, repository, tag: tag ?? (digest === null ? "latest" : null), digest };
}

function splitDomain(name: string): { domain: string; remainder: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isDomain =
    first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase() || first.startsWith("[");
  let domain = isDomain ? first : DEFAULT_DOMAIN;
  if (domain === LEGACY_DOMAIN) domain = DEFAULT_DOMAIN;
  let remainder = isDomain ? name.slice(slash + 1) : name;
  if (domain === DEFAULT_DOMAIN && !remainder.includes("/")) remainder = `library/${remainder}`;
  return { domain, remainder };
}

function referenceDigest(text: string, digest: string): Digest {
  if (isDigest(digest)) return digest;
  throw invalid(
    text,
    `has "${printable(digest, 140)}" after its @`,
    "A digest is sha256: and 64, or sha512: and 128 lowercase hexadecimal digits.",
  );
}

function parseDaemon(text: string): DaemonReference {
  const image = text.slice("docker-daemon:".length);
  if (/^sha256:[a-f0-9]{64}$/.test(image)) return { kind: "daemon", image, tag: null, digest: null };
  const parsed = image === "" || image.includes("docker-daemon:") ? null : parseReference(image);
  if (parsed?.kind !== "registry") {
    throw invalid(
      text,
      "names no image of the daemon",
      "Write docker-daemon:NAME[:TAG], or docker-daemon:sha256:ID.",
    );
  }
  const at = image.indexOf("@");
  return { kind: "daemon", image: at < 0 ? image : image.slice(0, at), tag: null, digest: parsed.digest };
}

function parseLayout(text: string): LayoutReference {
  const isArchive = text.startsWith("oci-archive:");
  let rest = text.slice(text.indexOf(":") + 1);
  if (rest.startsWith("//")) {
    throw invalid(
      text,
      "begins with oci://",
      "oci: names a folder (oci:path/to/layout). Write an image in a registry without a scheme.",
    );
  }
  const suffix = LAYOUT_DIGEST.exec(rest);
  const digest = suffix === null ? null : parseDigest(suffix[1] ?? "");
  if (suffix !== null) rest = rest.slice(0, suffix.index);
  else if (/@sha(?:256|512):[^/\\]*$/.test(rest)) {
    throw invalid(
      text,
      "ends in something that is almost a digest",
      "A digest is sha256: and 64, or sha512: and 128 lowercase hexadecimal digits.",
    );
  }

  const drive = /^[A-Za-z]:[\\/]/.test(rest) ? 2 : 0;
  const colon = rest.indexOf(":", drive);
  const directory = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? null : rest.slice(colon + 1);
  if (directory === "" || directory.includes("\u0000")) {
    throw invalid(
      text,
      isArchive ? "names no file" : "names no folder",
      isArchive ? "Write oci-archive:path/to/file.tar." : "Write oci:path/to/layout.",
    );
  }
  if (tag === "") throw invalid(text, "ends in a colon without a tag", "Write oci:DIR:TAG or oci:DIR.");
  return { kind: "layout", directory, ...(isArchive ? { archive: true as const } : {}), tag, digest };
}
