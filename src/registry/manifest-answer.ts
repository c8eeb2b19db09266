/** What a registry answers for a manifest, checked. */
import { algorithmOf, type Digest, digestOf, isDigest, verifyContent } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { type Manifest, readManifest } from "./manifest.ts";

/**
 * The digest of a manifest answer, after everything that can be checked was.
 *
 * @param known the digest that was asked for; null for a tag
 * @throws RegistryError `digest-mismatch`, `size-mismatch`, `digest-invalid`
 */
export async function verifiedDigest(
  answer: HttpAnswer,
  known: Digest | null,
  size: number | undefined,
  subject: string,
): Promise<Digest> {
  const header = answer.headers.get("docker-content-digest");
  if (known !== null) {
    await verifyContent(answer.body, { digest: known, size }, subject);
    if (isDigest(header) && algorithmOf(header) === algorithmOf(known) && header !== known) {
      throw headerMismatch(subject, known, header);
    }
    return known;
  }
  if (header === null || header === "") return digestOf(answer.body);
  if (!isDigest(header)) {
    throw new RegistryError(
      "digest-invalid",
      `${subject}: the registry's digest header is "${printable(header, 140)}"`,
      {
        help: "The registry is broken, or a proxy changed its answer.",
      },
    );
  }
  await verifyContent(answer.body, { digest: header }, subject);
  return header;
}

/**
 * Reads what a registry gave for a name. What is no JSON was not sent by a registry: nothing is known about the image.
 * (By digest it would be the image's own fault, and rarely gets here.)
 */
export function readTagged(bytes: Uint8Array, mediaType: string | null, where: string): Manifest {
  try {
    return readManifest(bytes, mediaType, where);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== "not-json") throw error;
    const help = error.help === undefined ? {} : { help: error.help };
    throw new RegistryError("not-a-registry", error.message, { ...help, cause: error });
  }
}

/** The error for a digest header that names other content than was asked for. */
export function headerMismatch(subject: string, expected: Digest, found: string): RegistryError {
  return new RegistryError(
    "digest-mismatch",
    `${subject}: the registry says that ${expected} is ${printable(found, 140)}`,
    {
      help: "The registry is broken, or a proxy changed its answer.",
      details: { digest: expected, found },
    },
  );
}

/** Refuses content whose size is not what its descriptor says. @throws RegistryError `size-mismatch` */
export async function sameSize(
  bytes: Uint8Array,
  expected: { readonly digest: Digest; readonly size?: number | undefined },
  where: string,
): Promise<void> {
  if (expected.size !== undefined && bytes.length !== expected.size)
    await verifyContent(bytes, expected, where);
}
