/** Logins in what others say: a registry that repeats what it was sent must not bring it onto a screen or into a log. */

const HIDDEN = "***";

/**
 * A stranger's text without the login that it was sent.
 *
 * @param authorization the value of the request's `Authorization` (RFC 9110, section 11.6.2); null if it had none
 */
export function withoutLogin(text: string, authorization: string | null): string {
  let clean = text;
  for (const secret of secretsIn(authorization)) clean = clean.replaceAll(secret, HIDDEN);
  return clean;
}

/** What must not be shown of a login, the longest first. */
function secretsIn(authorization: string | null): readonly string[] {
  const [scheme = "", sent = ""] = (authorization ?? "").split(" ");
  const secrets = [sent];
  if (scheme.toLowerCase() === "basic") {
    const pair = new TextDecoder().decode(Uint8Array.from(atob(sent), (unit) => unit.charCodeAt(0)));
    secrets.push(pair, pair.slice(pair.indexOf(":") + 1));
  }
  return secrets.filter((secret) => secret !== "");
}
