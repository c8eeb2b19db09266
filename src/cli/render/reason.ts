/** One reason in one line: what was wanted, what was found. */
import type { Found, Platform, Reason } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";
import { platformWords } from "./platform-words.ts";
import { instancesWords, testWords } from "./test-words.ts";

export interface ReasonWords {
  /** What the author calls it, or the feature. */
  readonly label: string;
  /** What is the matter. */
  readonly text: string;
  /** The author's explanation and where to read on. */
  readonly notes: readonly string[];
}

/** The words for a reason. They state what the core found; nothing is decided here. */
export function reasonWords(reason: Reason): ReasonWords {
  const subject = [reason.feature, reason.kind === "attribute" || reason.kind === "flag" ? reason.name : null]
    .filter((part) => part !== null)
    .map(printable)
    .join(" ");
  const notes: string[] = [];
  if (reason.description !== null) notes.push(printable(reason.description));
  if (reason.documentation !== null) notes.push(printable(reason.documentation));
  if (reason.origin !== null) notes.push(`included from ${printable(reason.origin)}`);
  return {
    label: reason.title === null ? reason.kind : printable(reason.title),
    text: sentence(reason, subject),
    notes,
  };
}

function sentence(reason: Reason, subject: string): string {
  switch (reason.kind) {
    case "flag":
      return `${subject}: ${flagFound(reason)}`;
    case "attribute":
      return `${subject}: found ${foundText(reason.found)}, ${wantedWord(reason)} ${testWords(reason.wanted)}`;
    case "instances":
      return `${subject}: found ${foundInstances(reason.found)}, ${wantedWord(reason)} ${instancesWords(reason.wanted)}`;
    case "count":
      return `${subject}: found ${foundInstances(reason.found)}, ${wantedWord(reason)} ${instancesWords(reason.wanted)}`;
    case "platform":
      return `for ${platformText(reason.wanted)}, the host runs ${foundText(reason.found)}`;
    case "runtime":
      return `runtime ${reason.name === null ? testWords(reason.wanted) : printable(reason.name)}: the host has ${foundText(reason.found)}`;
    case "nfd":
      return `${subject}: found ${foundText(reason.found)}, ${wantedWord(reason)} ${testWords(reason.wanted)}`;
  }
}

/** A true test among the reasons stands under a `not`. */
function wantedWord(reason: Reason): string {
  return reason.value === "true" ? "not wanted is" : "wanted is";
}

function flagFound(reason: Reason): string {
  if (reason.found === "present") return reason.value === "true" ? "present" : "present, but is not wanted";
  if (reason.found === "absent") return "missing";
  return "not known whether it is present";
}

function foundInstances(found: Found): string {
  if (!isMap(found) || !("instances" in found)) return foundText(found);
  const more = found.partial ? " or more" : "";
  const unsure = found.unknown > 0 ? `, ${found.unknown} unsure` : "";
  return `${found.matching} of ${found.instances}${more}${unsure}`;
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
  if (!isMap(found)) return "nothing known";
  if ("absent" in found) return "nothing";
  if ("unknown" in found && found.unknown === true) return "nothing known";
  if ("unreadable" in found) return `${printable(found.unreadable)} (can't be read)`;
  return foundInstances(found);
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
