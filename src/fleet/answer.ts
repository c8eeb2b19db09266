/** The whole answer about a fleet: rows as they are asked for, and what was left out. */
import type { LeftOut } from "./left-out.ts";
import type { Roster } from "./roster.ts";
import type { SurveyRow } from "./survey.ts";

/** What `hostfit fleet` shows in one form or another. */
export interface FleetAnswer {
  readonly roster: Roster;
  /** The patch that was laid over every host, or null. */
  readonly whatIf: unknown;
  /** Images to come. */
  readonly images: number;
  /** To be gone through once. */
  readonly rows: AsyncIterable<SurveyRow>;
  /** Complete once the rows are through. */
  readonly leftOut: () => readonly LeftOut[];
}
