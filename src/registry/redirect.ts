import { printable, RegistryError } from "./errors.ts";
import { isLoopback } from "./reference.ts";

/**
 * Where a redirect may lead. Registries send blobs through object stores on other hosts, so another host is fine (without
 * credentials); what is refused: too many, other schemes, from TLS to plain HTTP, names and passwords in the URL, and
 * from the network to this machine or its link (cloud metadata services live there).
 *
 * @param hop redirects followed before this one
 * @throws RegistryError `redirect-refused`
 */
export function admitRedirect(from: URL, location: string, hop: number, limit: number, subject: string): URL {
  if (hop >= limit) throw refused(from, `more than ${limit} redirects`, subject);
  let target: URL;
  try {
    target = new URL(location, from);
  } catch {
    throw refused(from, `a redirect to "${printable(location, 80)}"`, subject);
  }
  admitTarget(from, target, "a redirect", subject);
  return target;
}

/**
 * Refuses a URL that a server names and that must not be asked on its word.
 *
 * @throws RegistryError `redirect-refused`
 */
export function admitTarget(from: URL, target: URL, what: string, subject: string): void {
  const place = `${what} to ${printable(target.protocol)}//${printable(target.host)}`;
  if (target.protocol !== "https:" && target.protocol !== "http:") throw refused(from, place, subject);
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw refused(from, `${place}, from TLS to plain HTTP`, subject);
  }
  if (target.username !== "" || target.password !== "") {
    throw refused(from, `${place} with a name or password in it`, subject);
  }
  if (isLocal(target.host) && !isLocal(from.host)) {
    throw refused(from, `${place}, which is this machine or its link`, subject);
  }
}

function isLocal(host: string): boolean {
  return (
    isLoopback(host) ||
    /^(?:0\.0\.0\.0|169\.254\.\d+\.\d+|\[::\]|\[fe[89ab][0-9a-f]:.*\]|\[::ffff:(?:7f|a9fe).*\])(?::\d+)?$/i.test(
      host,
    )
  );
}

function refused(from: URL, what: string, subject: string): RegistryError {
  return new RegistryError(
    "redirect-refused",
    `${subject}: ${from.host} answers with ${what}, which is not followed`,
    {
      help: "Check the registry's configuration, or ask the final host directly.",
      details: { host: from.host },
    },
  );
}
