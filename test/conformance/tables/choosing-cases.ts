/** How cases of ranking are written: hosts, candidates, and their order with the steps that decided. */
import type { DecidedBy, Platform } from "../../../bindings/js/types.ts";
import {
  host,
  native,
  requirements,
  T,
  type TableCandidate,
  type TableDocument,
  type Want,
} from "./table.ts";

export const FLAGS = { flags: { "s.flags": { elements: { t: {} } } } };

export const ARM = { os: "linux", architecture: "arm" };

export function on(...platforms: readonly object[]): string {
  return host(FLAGS, { platforms });
}

export const AMD64: Platform = { os: "linux", architecture: "amd64" };

export const V2: Platform = { ...AMD64, variant: "v2" };

export const V3: Platform = { ...AMD64, variant: "v3" };

export const V4: Platform = { ...AMD64, variant: "v4" };

export const I386: Platform = { os: "linux", architecture: "386" };

export function candidate(id: string, members: Omit<TableCandidate, "id"> = {}): TableCandidate {
  return { id, platform: AMD64, ...members };
}

/** A document whose preferences sum to `score`, and what it requires. */
export function scoring(score: number, condition: object = T): TableDocument[] {
  const prefers = score === 0 ? {} : { prefers: [{ weight: score, when: T }] };
  return [requirements({ requires: condition, ...prefers })];
}

export function nfd(weight: number): TableDocument[] {
  const text = JSON.stringify({ version: "v1alpha1", compatibilities: [{ weight, rules: [] }] });
  return [{ ...native(text, "nfd"), dialect: "nfd" }];
}

/** The order as `id:step` pairs, and the chosen one's id. */
export function ranking(candidates: readonly TableCandidate[], order: string, chosen: string | null): Want {
  const place = (id: string | undefined) => candidates.findIndex((candidate) => candidate.id === id);
  return {
    answer: {
      chosen: chosen === null ? null : place(chosen),
      candidates: order
        .split(" ")
        .filter((pair) => pair !== "")
        .map((pair) => {
          const [id, decidedBy] = pair.split(":") as [string, DecidedBy];
          return { id, index: place(id), decidedBy };
        }),
    },
  };
}

export interface Row {
  readonly name: string;
  readonly facts: string;
  readonly candidates: readonly TableCandidate[];
  readonly order: string;
  readonly chosen: string | null;
  readonly policy?: object;
  readonly allowUndetermined?: boolean;
}

export const HOST_V4 = on({ ...AMD64, variant: "v4" });
