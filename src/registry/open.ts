/** Opens the source that a reference names. Node only; in a browser make a {@link RegistrySource} directly. */
import { CredentialFiles } from "./credentials.ts";
import { LayoutSource } from "./layout.ts";
import { parseReference, type Reference } from "./reference.ts";
import { type RegistryOptions, RegistrySource } from "./registry.ts";
import type { Source } from "./source.ts";

/**
 * The source for a reference, and the reference. Nothing is read or asked yet. Logins come from the files of docker and
 * podman unless `options.credentials` says otherwise.
 *
 * @throws RegistryError `reference-invalid`
 */
export function openSource(
  reference: string | Reference,
  options: RegistryOptions = {},
): { readonly source: Source; readonly reference: Reference } {
  const parsed = typeof reference === "string" ? parseReference(reference) : reference;
  const source =
    parsed.kind === "layout"
      ? new LayoutSource(parsed)
      : new RegistrySource(parsed, { ...options, credentials: options.credentials ?? new CredentialFiles() });
  return { source, reference: parsed };
}
