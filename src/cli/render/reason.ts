/** One reason in one line: what was wanted, what was found. */
import type { Found, Platform, Reason, ReasonKind, VerdictValue } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";
import { platformWords } from "./platform-words.ts";
import { overWords, testWords } from "./test-words.ts";

export interface ReasonWords {
  /** What the author calls it; null where only the feature names it. */
  readonly label: string | null;
  /** What is the matter. */
  readonly text: string;
  /** The author's explanation and where to read on. */
  readonly notes: readonly string[];
}

/** Labels of reasons that no feature names. */
const LABELS: Readonly<Record<ReasonKind, string | null>> = {
  flag: null,
  attribute: null,
  instances: null,
  count: null,
  platform: "platform",
  runtime: "runtime",
  nfd: null,
};

/** The words for a reason of a verdict. They state what the core found; nothing is decided here. */
export function reasonWords(reason: Reason, verdict: VerdictValue): ReasonWords {
  const notes: string[] = [];
  if (reason.description !== null) notes.push(printable(reason.description));
  if (reason.documentation !== null) notes.push(printable(reason.documentation));
  if (reason.origin !== null) notes.push(`included from ${printable(reason.origin)}`);
  return {
    label: reason.title === null ? LABELS[reason.kind] : printable(reason.title),
    text: sentence(reason, verdict),
    notes,
  };
}

function sentence(reason: Reason, verdict: VerdictValue): string {
  switch (reason.kind) {
    case "flag":
      return `${subjectOf(reason)} ${flagWords(reason, verdict)}`;
    case "attribute":
    case "nfd":
      return `${subjectOf(reason)}: found ${foundText(reason.found)}, ${wantedWords(reason, verdict, testWords(reason.wanted))}`;
    case "instances":
    case "count":
      return `${subjectOf(reason)}: ${instancesFound(reason)}${instancesWanted(reason, verdict)}`;
    case "platform":
      return `for ${platformText(reason.wanted)}, the host runs ${foundText(reason.found)}`;
    case "runtime":
      return `${reason.name === null ? testWords(reason.wanted) : printable(reason.name)}: the host has ${foundText(reason.found)}`;
  }
}

function subjectOf({ feature, name }: Reason): string {
  return [feature, name]
    .filter((part) => part !== null)
    .map(printable)
    .join(" ");
}

/** A test that holds in spite of an incompatible verdict stands under a `not`, and likewise the other way round. */
function wantedWords({ value }: Reason, verdict: VerdictValue, test: string): string {
  if (value === "true") return verdict === "compatible" ? `which is ${test}` : `wanted: not ${test}`;
  if (value === "false") return verdict === "compatible" ? `which is not ${test}` : `wanted: ${test}`;
  return `wanted: ${test}`;
}

function flagWords({ found, value }: Reason, verdict: VerdictValue): string {
  const unwanted = value === "true" && verdict !== "compatible";
  if (found === "present") return unwanted ? "is there and may not be" : "is there";
  if (found === "absent") return verdict === "compatible" ? "is not there" : "is missing";
  return "may be there or not";
}

/** `0 of 6 have vendor 10de`. */
function instancesFound({ found, kind, wanted }: Reason): string {
  if (!isMap(found) || !("instances" in found)) return foundText(found);
  const more = found.partial ? " or more" : "";
  const unsure = found.unknown > 0 ? ` (and ${found.unknown} may)` : "";
  const of = kind === "count" ? countOf(wanted) : wanted;
  if (of === undefined) return `${found.instances}${more} ${found.instances === 1 ? "is" : "are"} there`;
  return `${found.matching} of ${found.instances}${more} ${found.matching === 1 ? "has" : "have"} ${overWords(of)}${unsure}`;
}

/** How many there should be: the quantifier stands at the end of the reason's pointer. */
function instancesWanted({ pointer, kind, value, wanted }: Reason, verdict: VerdictValue): string {
  if (verdict === "compatible") return "";
  const quantifier = pointer.slice(pointer.lastIndexOf("/") + 1);
  const words =
    kind === "count" ? countRange(wanted) : { some: "at least one", every: "all", none: "none" }[quantifier];
  if (words === undefined) return "";
  return `, wanted: ${value === "true" ? "not " : ""}${words}`;
}

function countOf(wanted: unknown): unknown {
  return (wanted as { readonly of?: unknown }).of;
}

function countRange(wanted: unknown): string {
  return testWords((wanted as { readonly is?: unknown }).is);
}

function foundText(found: Found): string {
  if (found === null) return "nothing known";
  if (typeof found === "string") return found === "" ? '""' : printable(found);
  if (Array.isArray(found)) {
    const list = (found as readonly (string | Platform)[]).map((one) =>
      typeof one === "string" ? printable(one) : platformWords(one),
    );
    return list.length === 0 ? "none" : list.join(", ");
  }
  if (!isMap(found) || "instances" in found) return "nothing known";
  if ("absent" in found) return "nothing";
  if ("unreadable" in found) return `${printable(found.unreadable)} (can't be read)`;
  return "nothing known";
}

function platformText(wanted: unknown): string {
  return isPlatform(wanted) ? platformWords(wanted) : testWords(wanted);
}

function isMap<T>(value: T): value is Exclude<T, string | null | readonly unknown[]> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlatform(wanted: unknown): wanted is Platform {
  return typeof wanted === "object" && wanted !== null && "os" in wanted && "architecture" in wanted;
}
