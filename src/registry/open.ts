/** Opens the source that a reference names. Node only; in a browser make a {@link RegistrySource} directly. */
import { runHelper } from "./credential-helper.ts";
import { CredentialFiles, defaultCredentialFiles } from "./credentials.ts";
import { DaemonSource } from "./daemon.ts";
import { askSocket, daemonSocket } from "./daemon-socket.ts";
import { RegistryError } from "./errors.ts";
import { LayoutSource } from "./layout.ts";
import { LayoutWriter } from "./layout-writer.ts";
import { MirroredSource, type Place } from "./mirrored.ts";
import {
  apiHostOf,
  formatReference,
  isLoopback,
  nameOf,
  parseReference,
  type Reference,
  type RegistryReference,
} from "./reference.ts";
import { type RegistryOptions, RegistrySource } from "./registry.ts";
import { RegistryWriter } from "./registry-writer.ts";
import type { Source } from "./source.ts";
import type { Writer } from "./writer.ts";

/**
 * The source for a reference, and the reference. Nothing is read or asked yet. Logins come from the files of docker and
 * podman unless `options.credentials` says otherwise.
 *
 * @throws RegistryError `reference-invalid`, `registry-blocked`
 */
export function openSource(
  reference: string | Reference,
  options: RegistryOptions = {},
): { readonly source: Source; readonly reference: Reference } {
  const parsed = typeof reference === "string" ? parseReference(reference) : reference;
  return { source: sourceOf(parsed, options), reference: parsed };
}

function sourceOf(reference: Reference, options: RegistryOptions): Source {
  switch (reference.kind) {
    case "layout":
      return new LayoutSource(reference);
    case "registry":
      return located(reference, options);
    case "daemon":
      return new DaemonSource(
        reference,
        askSocket(options.daemonSocket ?? daemonSocket(process.env)),
        (one) => located(one, options),
      );
  }
}

/** The same to write into. Its source asks for logins that may write. */
export function openWriter(
  reference: string | Reference,
  options: RegistryOptions = {},
): { readonly writer: Writer; readonly reference: Reference } {
  const parsed = typeof reference === "string" ? parseReference(reference) : reference;
  if (parsed.kind === "daemon") {
    throw new RegistryError("write-refused", `${formatReference(parsed)}: Docker's daemon can only be read`, {
      help: "Name the image in its registry, or in a layout (oci:DIR).",
    });
  }
  if (parsed.kind === "layout" && parsed.archive === true) {
    throw new RegistryError("write-refused", `${formatReference(parsed)}: archives can only be read`, {
      help: "Unpack it, and write into the folder (oci:DIR).",
    });
  }
  const writer =
    parsed.kind === "layout"
      ? new LayoutWriter(parsed)
      : new RegistryWriter(registrySource(parsed, { access: "write", ...options }), {
          sleep: options.sleep,
          random: options.random,
        });
  return { writer, reference: parsed };
}

/** The registry, or the places that stand for it. */
function located(reference: RegistryReference, options: RegistryOptions): Source {
  const { locations, ...plain } = options;
  const places = (locations?.of(reference) ?? []).map((one): Place => {
    const host = apiHostOf(one.reference);
    const insecure = one.insecure === "allowed" && !isLoopback(host);
    const named = formatReference(one.reference) === formatReference(reference);
    // What was said of the named registry (plain HTTP, say) is not said of its mirrors.
    const { protocol: _protocol, ...others } = plain;
    return {
      role: one.role,
      source: registrySource(one.reference, {
        ...(named ? plain : others),
        ...(insecure && locations !== undefined
          ? { protocol: "https", fetch: locations.insecureFetch(new URL(`https://${host}`).host) }
          : {}),
      }),
    };
  });
  const [first, ...more] = places;
  if (first === undefined) return registrySource(reference, plain);
  return more.length === 0 ? first.source : new MirroredSource(nameOf(reference), [first, ...more]);
}

function registrySource(reference: RegistryReference, options: RegistryOptions): RegistrySource {
  return new RegistrySource(reference, {
    ...options,
    credentials: options.credentials ?? new CredentialFiles(defaultCredentialFiles(), runHelper),
  });
}
