import { HostfitError } from "../errors.ts";

/**
 * What can go wrong between a reference and verified bytes, and on which side the fault lies.
 *
 * - `unreachable`: the source could not be asked, or did not give a whole answer. Asking again later, with another
 *   network or with a login may help. Nothing is known about the image.
 * - `bad-input`: the source answered, but what was asked for is not there or is not what it claims to be. Asking again
 *   gives the same.
 */
export const REGISTRY_ERRORS = {
  "reference-invalid": "bad-input",
  "digest-invalid": "bad-input",
  "digest-mismatch": "bad-input",
  "size-mismatch": "bad-input",
  "too-large": "bad-input",
  "too-many": "bad-input",
  "not-json": "bad-input",
  "descriptor-invalid": "bad-input",
  "manifest-invalid": "bad-input",
  "manifest-unsupported": "bad-input",
  "manifest-unknown": "bad-input",
  "blob-unknown": "bad-input",
  "layer-refused": "bad-input",
  "layout-invalid": "bad-input",
  "tag-ambiguous": "bad-input",
  "layout-unreadable": "unreachable",
  "credentials-invalid": "bad-input",
  "proxy-invalid": "bad-input",
  "registries-conf-invalid": "bad-input",
  "certificates-invalid": "bad-input",
  "registry-blocked": "unreachable",
  "daemon-invalid": "bad-input",
  "daemon-unreachable": "unreachable",
  "mirror-incomplete": "unreachable",
  "registry-unreachable": "unreachable",
  "registry-error": "unreachable",
  "not-a-registry": "unreachable",
  "rate-limited": "unreachable",
  unauthorized: "unreachable",
  "redirect-refused": "unreachable",
  "page-limit": "unreachable",
  offline: "unreachable",
  "write-refused": "unreachable",
  "write-lost": "unreachable",
  "layout-locked": "unreachable",
  timeout: "unreachable",
} as const satisfies Readonly<Record<string, "unreachable" | "bad-input">>;

/** The stable codes of {@link RegistryError}. */
export type RegistryErrorCode = keyof typeof REGISTRY_ERRORS;

/** Every error that fetching throws on purpose. Never carries credentials, and no control characters of a stranger's. */
export class RegistryError extends HostfitError {
  override readonly name: string = "RegistryError";
  declare readonly code: RegistryErrorCode;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: { help?: string; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(code, message, options);
  }
}

/** Whether `error` means that the source could not be asked, as against that it answered and the answer is no use. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof RegistryError && REGISTRY_ERRORS[error.code] === "unreachable";
}

/** Whether `error` means that what was asked for is missing, malformed or not what it claims to be. */
export function isBadInput(error: unknown): boolean {
  return error instanceof RegistryError && REGISTRY_ERRORS[error.code] === "bad-input";
}

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A stranger's text, fit for a message: no control or direction characters (a registry's answer must not move the
 * cursor of a terminal), at most `limit` UTF-16 units.
 */
export function printable(text: string, limit = 200): string {
  const clean = text.slice(0, limit + 1).replace(UNPRINTABLE, "?");
  return clean.length > limit ? `${clean.slice(0, limit)}...` : clean;
}
