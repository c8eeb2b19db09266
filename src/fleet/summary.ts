/** What a survey comes to in a few numbers. */
import type { SurveyRow } from "./survey.ts";

/** Images by where they fit. Each is counted once. */
export interface FleetSummary {
  readonly images: number;
  readonly hosts: number;
  /** Compatible with every host. */
  readonly everywhere: number;
  /** Compatible with some hosts, not with all. */
  readonly somewhere: number;
  /** Compatible with none, but with some it isn't known. */
  readonly unknown: number;
  /** Incompatible with every host. */
  readonly nowhere: number;
}

/** Where one image fits. */
export type Reach = "everywhere" | "somewhere" | "unknown" | "nowhere";

/** Where the image of a row fits. */
export function reachOf({ compatible, undetermined, incompatible }: SurveyRow): Reach {
  if (undetermined + incompatible === 0) return "everywhere";
  if (compatible > 0) return "somewhere";
  return undetermined > 0 ? "unknown" : "nowhere";
}

/** Counts rows as they come. */
export class SummaryCounter {
  readonly #hosts: number;
  readonly #counts: Record<Reach, number> = { everywhere: 0, somewhere: 0, unknown: 0, nowhere: 0 };
  #images = 0;

  constructor(hosts: number) {
    this.#hosts = hosts;
  }

  add(row: SurveyRow): void {
    this.#images++;
    this.#counts[reachOf(row)]++;
  }

  get summary(): FleetSummary {
    return { images: this.#images, hosts: this.#hosts, ...this.#counts };
  }
}
