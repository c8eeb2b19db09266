/** An administrator's policy: the core has it for judging; what bears on fetching is read here. */
import type { Matcher, Policy } from "../../bindings/js/matcher.ts";
import type { SourceDocument } from "../author/document.ts";
import { withPlaces } from "./core-input.ts";

/** What to do where a document that is demanded, or pinned, can't be had. */
export type OnMissing = "accept" | "undetermined" | "refuse";

/** A policy inside the core, with what is needed of it outside. */
export interface LoadedPolicy {
  readonly handle: Policy;
  readonly file: string;
  readonly json: Uint8Array;
  /** What its administrator calls it; null where it has no name. */
  readonly name: string | null;
  /** The types of `runtimes.allow`; null where the policy doesn't restrict them. */
  readonly allowedRuntimes: readonly string[] | null;
  /** Null where the policy doesn't say: a missing document is an error then. */
  readonly onMissing: OnMissing | null;
  /** The repositories of `bases.allow`; none where the policy doesn't list any. */
  readonly allowedBases: readonly string[];
}

/** What of a policy is shown beside an answer. */
export type ShownPolicy = Pick<LoadedPolicy, "file" | "name" | "allowedRuntimes">;

/** Loads a policy into the core. Throws DocumentError for what the core refuses. */
export function loadPolicy(matcher: Matcher, source: SourceDocument): LoadedPolicy {
  const handle = withPlaces(source, "policy", () => matcher.policy(source.json));
  // INVARIANT: the core has accepted it, so every part has the type that docs/language.md gives it.
  const { name, runtimes, onMissing, bases } = JSON.parse(new TextDecoder().decode(source.json)) as {
    readonly name?: string;
    readonly runtimes?: { readonly allow: readonly string[] };
    readonly onMissing?: OnMissing;
    readonly bases?: { readonly allow: readonly string[] };
  };
  return {
    handle,
    file: source.file,
    json: source.json,
    name: name ?? null,
    allowedRuntimes: runtimes?.allow ?? null,
    onMissing: onMissing ?? null,
    allowedBases: bases?.allow ?? [],
  };
}
