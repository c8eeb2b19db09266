import { printable, RegistryError } from "./errors.ts";

/**
 * A content digest in its one spelling: `sha256:` with 64, or `sha512:` with 128 lowercase hexadecimal digits
 * (image-spec, "Digests"). Safe as part of a path or a URL once it is of this type.
 */
export type Digest = `sha256:${string}` | `sha512:${string}`;

/** The algorithms that are read: those which image-spec registers and Web Crypto offers. */
export type DigestAlgorithm = "sha256" | "sha512";

const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Whether `text` is a digest that can be verified here. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && text.length <= 135 && DIGEST.test(text);
}

/**
 * `text` as a digest.
 *
 * @throws RegistryError `digest-invalid` for another algorithm, length or letter case.
 */
export function parseDigest(text: string, where = "digest"): Digest {
  if (isDigest(text)) return text;
  throw new RegistryError("digest-invalid", `${where}: "${printable(text, 140)}" is not a digest`, {
    help: "A digest is sha256: and 64, or sha512: and 128 lowercase hexadecimal digits.",
  });
}

/** `sha256` or `sha512`. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** The digest's hexadecimal part. */
export function hexOf(digest: Digest): string {
  return digest.slice(7);
}

/** The digest of `bytes`, by Web Crypto (which browsers offer in secure contexts only). */
export async function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = "sha256"): Promise<Digest> {
  const name = algorithm === "sha512" ? "SHA-512" : "SHA-256";
  const hash = new Uint8Array(await crypto.subtle.digest(name, bytes as Uint8Array<ArrayBuffer>));
  let hex = "";
  for (const byte of hash) hex += byte.toString(16).padStart(2, "0");
  return `${algorithm}:${hex}`;
}

/**
 * Checks content before anybody parses it: first its size (where it is known), then its digest.
 *
 * @param where names the content and its source in the error
 * @throws RegistryError `size-mismatch` or `digest-mismatch`
 */
export async function verifyContent(
  bytes: Uint8Array,
  expected: { readonly digest: Digest; readonly size?: number | undefined },
  where: string,
): Promise<void> {
  if (expected.size !== undefined && bytes.length !== expected.size) {
    throw new RegistryError(
      "size-mismatch",
      `${where}: ${expected.digest} has ${bytes.length} bytes where its descriptor says ${expected.size}`,
      {
        help: "The source is damaged or lies. Copy the image again, or ask another source.",
        details: { digest: expected.digest, expected: expected.size, found: bytes.length },
      },
    );
  }
  const found = await digestOf(bytes, algorithmOf(expected.digest));
  if (found !== expected.digest) {
    throw new RegistryError(
      "digest-mismatch",
      `${where}: the content of ${expected.digest} has the digest ${found}`,
      {
        help: "The source is damaged or lies. Copy the image again, or ask another source.",
        details: { digest: expected.digest, found },
      },
    );
  }
}
