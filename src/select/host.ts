/** The host that candidates are judged for: this machine, or what a file says about one. */
import type { Host, Matcher } from "../../bindings/js/matcher.ts";
import type { Platform } from "../../bindings/js/types.ts";
import type { SourceDocument } from "../author/document.ts";
import type { ProbeNote } from "../probe/facts.ts";
import { withPlaces } from "./core-input.ts";

/** Where a host's facts come from. */
export type HostInput =
  /** Probing, under the folder `root` (`/` for this machine). */
  | { readonly kind: "probe"; readonly root: string }
  | { readonly kind: "file"; readonly source: SourceDocument };

/** A host inside the core, with what is shown of it. */
export interface LoadedHost {
  readonly handle: Host;
  /** Its name, where it has one. */
  readonly name: string | null;
  /** `probe`, or the file's name. */
  readonly origin: string;
  /** In the host's order; `PlatformAnswer.host` is an index into it. Empty where the facts give none. */
  readonly platforms: readonly Platform[];
  /** What could not be probed. */
  readonly notes: readonly ProbeNote[];
}

/** Probes or reads, and loads the facts into the core. Throws DocumentError for a file that the core refuses. */
export async function loadHost(matcher: Matcher, input: HostInput): Promise<LoadedHost> {
  if (input.kind === "file") {
    const { source } = input;
    const handle = withPlaces(source, () => matcher.facts(source.json));
    return {
      handle,
      origin: source.file,
      notes: [],
      ...shownFacts(JSON.parse(new TextDecoder().decode(source.json))),
    };
  }
  const { probe } = await import("../probe/probe.ts");
  const { host, notes } = await probe({ root: input.root });
  return { handle: matcher.facts({ ...host }), origin: "probe", notes, ...shownFacts(host) };
}

/** INVARIANT: the core has accepted the facts, so their shape is known. */
function shownFacts(facts: unknown): Pick<LoadedHost, "name" | "platforms"> {
  const { name, platforms } = facts as { readonly name?: string; readonly platforms?: readonly Platform[] };
  return { name: name ?? null, platforms: platforms ?? [] };
}
