import type { Observations } from "../observations.ts";
import type { LinuxSources } from "./sources.ts";

/** Something that the probe can look at: the features that it may give, and how. */
export interface Subject {
  /** Full names of the features; what isn't asked for isn't read. */
  readonly features: readonly string[];
  /** Reads and records. Never throws: what can't be read becomes a note. */
  readonly observe: (sources: LinuxSources, observations: Observations) => void;
}
