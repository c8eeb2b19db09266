/** What a fleet's report holds: made by the command line, read by the page. */

/** Verdicts by their number in {@link ReportData.cells}. */
export const VERDICTS = ["incompatible", "undetermined", "compatible"] as const;

export type ReportVerdict = (typeof VERDICTS)[number];

/** Why some hosts don't fit. */
export interface ReportShortfall {
  readonly verdict: Exclude<ReportVerdict, "compatible">;
  /** The variant that comes closest; "" for a document alone. */
  readonly variant: string;
  /** Plain text, a line each. */
  readonly lines: readonly string[];
  /** Profiles of the hosts that lack it. */
  readonly profiles: readonly number[];
}

/** A row. */
export interface ReportImage {
  readonly name: string;
  readonly digest: string | null;
  readonly pods: number | null;
  readonly compatible: number;
  readonly undetermined: number;
  readonly incompatible: number;
  readonly shortfalls: readonly ReportShortfall[];
}

/** The whole report. */
export interface ReportData {
  readonly title: string;
  /** What the hosts were changed by, as JSON; null for hosts as they are. */
  readonly whatIf: string | null;
  readonly hosts: readonly { readonly name: string; readonly profile: number }[];
  /** Distinct hosts: hosts of one profile have one column's answers. */
  readonly profiles: number;
  readonly images: readonly ReportImage[];
  /** Base64 of two bits a cell, least significant first: image by image, profile by profile. */
  readonly cells: string;
  readonly leftOut: readonly { readonly item: string; readonly message: string }[];
}

/** Packs cells as {@link ReportData.cells} has them. */
export class CellPacker {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 4));
  }

  /** Adds the next cell. */
  add(verdict: number): void {
    const byte = this.#at >> 2;
    this.#bytes[byte] = (this.#bytes[byte] ?? 0) | (verdict << ((this.#at & 3) * 2));
    this.#at++;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
}

/** The cells of a report, for reading. */
export class Cells {
  readonly #bytes: Uint8Array;
  readonly #profiles: number;

  constructor({ cells, profiles }: Pick<ReportData, "cells" | "profiles">) {
    this.#bytes = Uint8Array.from(atob(cells), (char) => char.charCodeAt(0));
    this.#profiles = profiles;
  }

  /** The verdict's number. */
  at(image: number, profile: number): number {
    const cell = image * this.#profiles + profile;
    return ((this.#bytes[cell >> 2] ?? 0) >> ((cell & 3) * 2)) & 3;
  }
}
