/** One reason in one line: what was wanted, what was found. */
import type { Found, Platform, Reason, VerdictValue } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";
import { UNREADABLE } from "../../select/stand-in.ts";
import { platformWords } from "../../select/variant-words.ts";
import { type Branch, branchesOf, isCondition, sameBranches } from "./branches.ts";
import { overWords, testWords } from "./test-words.ts";

/** What the core calls the policy in reasons and preferences (docs/language.md, "Policy"). */
export const POLICY_ID = "policy";

/** One reason in words. */
export interface ReasonWords {
  /** Who asks for it: the image's documents, or the administrator's policy. */
  readonly by: "image" | "policy";
  readonly branches: readonly Branch[];
  /** What the author calls it; null where only the feature names it. */
  readonly label: string | null;
  /** What is the matter. */
  readonly text: string;
  /** The author's explanation and where to read on. */
  readonly notes: readonly string[];
}

/**
 * The words for reasons of a verdict, in their order: one each, but flags of one feature that are told of together are one.
 * They state what the core found; nothing is decided here.
 */
export function reasonWords(
  reasons: readonly Reason[],
  verdict: VerdictValue,
  allowedRuntimes: readonly string[] | null,
): ReasonWords[] {
  const said: ReasonWords[] = [];
  for (let at = 0; at < reasons.length; ) {
    const reason = reasons[at] as Reason;
    let end = at + 1;
    while (end < reasons.length && isOneFlagMore(reason, reasons[end] as Reason)) end++;
    const names = reasons.slice(at, end).map(({ name }) => printable(name ?? ""));
    const condition = isCondition(reason);
    const lead = !condition ? "" : reason.value === "unknown" ? "it depends on " : "as ";
    // Nothing is wanted of a condition: it is told as what holds is told.
    const tone = condition && reason.value !== "unknown" ? "compatible" : verdict;
    const words =
      reason.kind === "flag" ? flagWords(reason, names, tone) : sentence(reason, tone, allowedRuntimes);
    said.push({
      by: reason.document === POLICY_ID ? "policy" : "image",
      branches: branchesOf(reason),
      label: labelOf(reason),
      text: `${lead}${words}`,
      notes: notesOf(reason),
    });
    at = end;
  }
  return said;
}

function isOneFlagMore(a: Reason, b: Reason): boolean {
  return (
    a.kind === "flag" &&
    b.kind === "flag" &&
    a.document === b.document &&
    a.feature === b.feature &&
    a.found === b.found &&
    a.value === b.value &&
    a.title === b.title &&
    isCondition(a) === isCondition(b) &&
    // Alternatives are told one by one: to mend one of them is enough.
    sameBranches(branchesOf(a), branchesOf(b))
  );
}

function labelOf({ kind, title }: Reason): string | null {
  if (kind === "platform" || kind === "runtime") return kind;
  return title === null ? null : printable(title);
}

function notesOf({ description, documentation, origin, kind }: Reason): string[] {
  if (kind === "platform") return [];
  return [description, documentation, origin === null ? null : `included from ${origin}`]
    .filter((note) => note !== null)
    .map(printable);
}

function sentence(reason: Reason, verdict: VerdictValue, allowedRuntimes: readonly string[] | null): string {
  if (reason.feature === UNREADABLE) return "it can't be read, or be had: what it demands is not known";
  const subject = subjectOf(reason);
  switch (reason.kind) {
    case "instances":
    case "count":
      return `${subject}: ${instancesFound(reason, verdict)}`;
    case "platform":
      return platformSentence(reason);
    case "runtime":
      return runtimeSentence(reason, allowedRuntimes);
    default:
      return `${subject}: ${found(reason)}, ${wantedWords(reason, verdict, testWords(reason.wanted))}`;
  }
}

function platformSentence({ wanted, found: hosts, value }: Reason): string {
  const wish = isPlatform(wanted) ? platformWords(wanted) : "a platform that is not known";
  const runs = foundText(hosts);
  if (value !== "unknown") return `it is for ${wish}, the host runs ${runs}`;
  return `it is for ${wish}, and whether the host runs that is not known (${runs})`;
}

function runtimeSentence(
  { name, wanted, found: handlers, value, pointer }: Reason,
  allowed: readonly string[] | null,
): string {
  const type = name === null ? testWords(wanted) : printable(name);
  // What was found is then the other document's list of runtimes, or the policy's (docs/language.md, "Answers").
  if (pointer === "/runtimes") return `${type}: another document of the image takes ${foundText(handlers)}`;
  if (value === "false" && allowed !== null && !allowed.includes(name ?? String(wanted))) {
    return `${type}: the administrator's policy allows ${foundText(handlers)}`;
  }
  if (value === "unknown") return `${type}: what runtimes the host has is not known`;
  return `${type}: the host has ${foundText(handlers)}`;
}

/** A test that holds in spite of an incompatible verdict stands under a `not`, and likewise the other way round. */
function wantedWords({ value }: Reason, verdict: VerdictValue, test: string): string {
  if (value === "true") return verdict === "compatible" ? `which is ${test}` : `wanted: not ${test}`;
  if (value === "false") return verdict === "compatible" ? `which is not ${test}` : `wanted: ${test}`;
  return `wanted: ${test}`;
}

function flagWords(
  { feature, found: state, value }: Reason,
  names: readonly string[],
  verdict: VerdictValue,
): string {
  const subject = `${printable(feature ?? "")} ${names.join(", ")}`;
  const be = names.length === 1 ? "is" : "are";
  if (state === "present") {
    return value === "true" && verdict !== "compatible"
      ? `${subject} ${be} there and may not be`
      : `${subject} ${be} there`;
  }
  if (state === "absent") return `${subject} ${be} ${verdict === "compatible" ? "not there" : "missing"}`;
  return `${subject}: not known whether ${names.length === 1 ? "it is" : "they are"} there`;
}

function found(reason: Reason): string {
  const text = foundText(reason.found);
  return text === UNKNOWN ? UNKNOWN : `found ${text}`;
}

function subjectOf({ feature, name }: Reason): string {
  return [feature, name]
    .filter((part) => part !== null)
    .map(printable)
    .join(" ");
}

/** `0 of 6 have vendor 10de, wanted: at least one`; where there are none, `there is none, wanted: at least one with ...`. */
function instancesFound(
  { found: state, kind, wanted, pointer, value }: Reason,
  verdict: VerdictValue,
): string {
  if (!isMap(state) || !("instances" in state)) return foundText(state);
  const { instances, matching, unknown, partial } = state;
  const of = kind === "count" ? countOf(wanted) : wanted;
  // How many there should be: the quantifier stands at the end of the reason's pointer.
  const quantifier = pointer.slice(pointer.lastIndexOf("/") + 1);
  const wish = kind === "count" ? countRange(wanted) : QUANTIFIERS[quantifier];
  const hidden = verdict === "compatible" || wish === undefined;
  const target = hidden ? "" : `, wanted: ${value === "true" ? "not " : ""}${wish}`;
  const which = of === undefined ? "" : ` with ${overWords(of)}`;
  if (instances === 0)
    return `${partial ? "not known how many there are" : "there is none"}${target}${hidden ? "" : which}`;
  if (of === undefined)
    return `${matching}${partial ? " or more" : ""} ${matching === 1 ? "is" : "are"} there${target}`;
  const unsure = unknown > 0 ? ` (and ${unknown} may)` : "";
  const have = matching === 1 ? "has" : "have";
  return `${matching} of ${instances}${partial ? " or more" : ""} ${have} ${overWords(of)}${unsure}${target}`;
}

const QUANTIFIERS: Readonly<Record<string, string>> = { some: "at least one", every: "all", none: "none" };

function countOf(wanted: unknown): unknown {
  return (wanted as { readonly of?: unknown }).of;
}

function countRange(wanted: unknown): string {
  return testWords((wanted as { readonly is?: unknown }).is);
}

const UNKNOWN = "not known";

function foundText(found: Found): string {
  if (found === null) return UNKNOWN;
  if (typeof found === "string") return found === "" ? '""' : printable(found);
  if (Array.isArray(found)) {
    const list = (found as readonly (string | Platform)[]).map((one) =>
      typeof one === "string" ? printable(one) : platformWords(one),
    );
    return list.length === 0 ? "none" : list.join(", ");
  }
  if (!isMap(found) || "instances" in found) return UNKNOWN;
  if ("absent" in found) return "nothing";
  if ("unreadable" in found) return `${printable(found.unreadable)} (can't be read)`;
  return UNKNOWN;
}

function isMap<T>(value: T): value is Exclude<T, string | null | readonly unknown[]> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlatform(wanted: unknown): wanted is Platform {
  return typeof wanted === "object" && wanted !== null && "os" in wanted && "architecture" in wanted;
}
