import type { Observations } from "../observations.ts";
import type { LinuxSources } from "./sources.ts";

/** Something that the probe can look at and no recipe could say. Which features it gives stands in the vocabularies that name it. */
export interface Subject {
  /** Its name in a vocabulary's recipe. */
  readonly builtin: string;
  /** Reads and records. Never throws: what can't be read becomes a note. */
  readonly observe: (sources: LinuxSources, observations: Observations) => void;
}
