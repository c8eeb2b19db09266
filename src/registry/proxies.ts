/** Which proxy a request goes through, as the environment says. */
import { RegistryError } from "./errors.ts";
import { isLoopback } from "./reference.ts";

/** The environment's word on proxies. */
export interface ProxySettings {
  readonly http: URL | null;
  readonly https: URL | null;
  /** Hosts that are asked directly: entries of `NO_PROXY`. */
  readonly direct: readonly string[];
}

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case (the lower one wins, as in curl). Null
 * where there is no proxy.
 *
 * @throws RegistryError `proxy-invalid`; the value, which may hold a password, is never quoted
 */
export function proxiesOf(environment: Readonly<Record<string, string | undefined>>): ProxySettings | null {
  const value = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const proxy = (name: string): URL | null => {
    const text = value(name) ?? value("ALL_PROXY");
    if (text === undefined) return null;
    try {
      const url = new URL(text.includes("://") ? text : `http://${text}`);
      if (url.protocol === "http:" || url.protocol === "https:") return url;
    } catch {
      // Told below.
    }
    throw new RegistryError("proxy-invalid", `the environment's ${name} is no URL of an HTTP proxy`, {
      help: "Write it as http://HOST:PORT.",
    });
  };
  const settings = {
    http: proxy("HTTP_PROXY"),
    https: proxy("HTTPS_PROXY"),
    direct: (value("NO_PROXY") ?? "")
      .split(/[\s,]+/)
      .filter((entry) => entry !== "")
      .slice(0, 1024),
  };
  return settings.http === null && settings.https === null ? null : settings;
}

/**
 * The proxy for a URL, or null. Entries of `NO_PROXY` are `*`, a host (and those below it), `.domain`, or either with a
 * port. This machine itself is never asked through a proxy.
 */
export function proxyFor(url: URL, settings: ProxySettings): URL | null {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (proxy === null || isLoopback(url.host)) return null;
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  for (const entry of settings.direct) {
    if (entry === "*") return null;
    const [, name = "", only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (
      name !== "" &&
      (only === undefined || only === port) &&
      (host === name || host.endsWith(`.${name}`))
    ) {
      return null;
    }
  }
  return proxy;
}
