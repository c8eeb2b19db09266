import type { CredentialsProvider } from "./auth.ts";
import type { ContentStore } from "./content-store.ts";
import type { HttpOptions } from "./http.ts";
import type { RegistryReference } from "./reference.ts";
import type { ReferrersMode } from "./referrers.ts";

/** Places that stand for a name. */
export interface Locations {
  /** In the order in which they are to be asked. @throws RegistryError where the name may not be asked for at all */
  readonly of: (reference: RegistryReference) => readonly Location[];
  /** A `fetch` for a place whose certificates needn't be right, and which needn't speak TLS. */
  readonly insecureFetch: (host: string) => typeof globalThis.fetch;
}

/** A place where an image may be. */
export interface Location {
  readonly reference: RegistryReference;
  /** `allowed`: certificates needn't be right, and TLS needn't be there. */
  readonly insecure: "allowed" | "refused";
  readonly role: "mirror" | "primary";
}

/** How a registry is asked. */
export interface RegistryOptions extends HttpOptions {
  /** `auto` (the default) is HTTPS, but plain HTTP for this machine's own names, as registries on localhost speak it. */
  readonly protocol?: "https" | "http" | "auto" | undefined;
  /** Where logins come from; nobody's by default. */
  readonly credentials?: CredentialsProvider | undefined;
  /** Where referrers are looked for; in both places by default. */
  readonly referrers?: ReferrersMode | undefined;
  /** What logins are asked for; reading by default. */
  readonly access?: "read" | "write" | "delete" | undefined;
  /** Keeps content by its digest for other sources and processes. */
  readonly store?: ContentStore | undefined;
  /** `offline` asks nobody: what the store has seen is all there is, and what it hasn't is an error. */
  readonly network?: "online" | "offline" | undefined;
  /** Docker's socket, for images of its daemon; by default what the process's environment says. */
  readonly daemonSocket?: string | undefined;
  /** Where images are really asked for, if not under their names: `openSource` heeds it, for reading. */
  readonly locations?: Locations | undefined;
  /** Bytes of verified content kept in memory; 0 keeps none. */
  readonly cacheBytes?: number | undefined;
}
