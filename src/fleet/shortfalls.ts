/** Why images don't fit: the core's reasons, gathered over the hosts that share them. */
import type { Reason, Verdict } from "../../bindings/js/types.ts";
import type { Roster } from "./roster.ts";
import { CELLS, type SurveyRow } from "./survey.ts";
import type { Variant } from "./workload.ts";

/** What is missing, and where. */
export interface Shortfall {
  /** `incompatible` where it is missing, `undetermined` where it isn't known. */
  readonly verdict: Exclude<Verdict["verdict"], "compatible">;
  /** Reasons that go together: all of them stand in the way. Those of the first such host, found values included. */
  readonly reasons: readonly Reason[];
  /** Reasons that the core left out. */
  readonly omitted: number;
  /** The platform of the variant that comes closest; null where it has none. */
  readonly variant: Variant;
  /** Hosts that lack the same, ascending slots. */
  readonly slots: readonly number[];
}

/** Distinct hosts that are explained for one image; the rest is counted. */
const MAX_EXPLAINED = 1_000;

/** The shortfalls of a row, those of the most hosts first. */
export interface Shortfalls {
  readonly list: readonly Shortfall[];
  /** Hosts that don't fit and were not looked at. */
  readonly unexplained: number;
}

/** Gathers what an image lacks, asking the core once for each distinct host. */
export function shortfallsOf(row: SurveyRow, { fleet, members }: Roster): Shortfalls {
  const groups = new Map<string, { first: Omit<Shortfall, "slots">; slots: number[] }>();
  let unexplained = 0;
  let explained = 0;
  for (const slots of members) {
    const [first] = slots;
    if (first === undefined || row.cells[first] === 2) continue;
    if (explained === MAX_EXPLAINED) {
      unexplained += slots.length;
      continue;
    }
    explained++;
    const found = closest(row, first, fleet);
    const key = JSON.stringify([found.verdict, found.reasons.map(whatIsWanted), found.variant.label]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: found, slots: [...slots] });
    else group.slots.push(...slots);
  }
  const list = [...groups.values()]
    .map(({ first, slots }) => ({ ...first, slots: slots.sort((a, b) => a - b) }))
    .sort((a, b) => b.slots.length - a.slots.length || (a.slots[0] ?? 0) - (b.slots[0] ?? 0));
  return { list, unexplained };
}

/**
 * Of the variants that have the cell's verdict, the one that lacks least: its platform runs there, then fewest reasons, then the image's
 * order. Which is shown changes no verdict.
 */
function closest(row: SurveyRow, slot: number, fleet: Roster["fleet"]): Omit<Shortfall, "slots"> {
  const wanted = CELLS[row.cells[slot] ?? 0];
  let best: { of: Omit<Shortfall, "slots">; rank: number } | null = null;
  for (const variant of row.subject.variants) {
    const { verdict, reasons, omitted } = fleet.explain(slot, variant.requirements, {
      ...(variant.candidate === null ? {} : { candidate: variant.candidate }),
      ...(row.policy === null ? {} : { policy: row.policy }),
    });
    if (verdict !== wanted || verdict === "compatible") continue;
    const otherPlatform = reasons.some(({ kind }) => kind === "platform");
    const rank = (otherPlatform ? 1_000_000 : 0) + reasons.length + omitted;
    if (best === null || rank < best.rank) best = { of: { verdict, reasons, omitted, variant }, rank };
  }
  if (best === null) throw new Error("no variant has the verdict of its image");
  return best.of;
}

/** A reason without what the host has: hosts that lack the same thing stand together, whatever they have instead. */
function whatIsWanted({ found: _, ...wanted }: Reason): Omit<Reason, "found"> {
  return wanted;
}
