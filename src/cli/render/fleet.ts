/** A fleet's survey for people: the summary first, then the images that don't fit everywhere, the worst first. */
import { printable } from "../../author/diagnostics.ts";
import type { FleetAnswer } from "../../fleet/answer.ts";
import type { Roster } from "../../fleet/roster.ts";
import { type Shortfall, shortfallsOf } from "../../fleet/shortfalls.ts";
import { type FleetSummary, reachOf, SummaryCounter } from "../../fleet/summary.ts";
import type { SurveyRow } from "../../fleet/survey.ts";
import type { ShownPolicy } from "../../select/policy.ts";
import type { Paint, Tone } from "../paint.ts";
import { reasonLines } from "./verdict.ts";

/** Images that are shown unless all are asked for. */
const MAX_IMAGES = 20;
/** Shortfalls of one image that are shown, unless all are asked for. */
const MAX_SHORTFALLS = 5;
/** Hosts that are named where several lack the same. */
const MAX_NAMES = 4;

/** How much is shown. */
export interface FleetTextOptions {
  readonly paint: Paint;
  readonly policy: ShownPolicy | null;
  readonly all: boolean;
}

/** The text, and the summary that it starts with. Only the rows that are shown are held. */
export async function fleetText(
  answer: FleetAnswer,
  { paint, policy, all }: FleetTextOptions,
): Promise<{ text: string; summary: FleetSummary }> {
  const { roster } = answer;
  const counter = new SummaryCounter(roster.fleet.size);
  const shown: SurveyRow[] = [];
  const limit = all ? Number.POSITIVE_INFINITY : MAX_IMAGES;
  let more = 0;
  for await (const row of answer.rows) {
    counter.add(row);
    if (reachOf(row) === "everywhere") continue;
    shown.push(row);
    if (shown.length > limit * 2) more += keepWorst(shown, limit);
  }
  more += keepWorst(shown, limit);
  const { summary } = counter;
  const lines = [
    ...summaryLines(summary, answer, paint),
    ...shown.flatMap((row) => ["", ...imageLines(row, roster, policy, paint, all)]),
    ...(more > 0 ? ["", `${count(more, "more image")} that don't fit everywhere: --all shows them`] : []),
    ...leftOutLines(answer, paint),
  ];
  return { text: lines.map((line) => `${line}\n`).join(""), summary };
}

/** Sorts, and cuts what is past the limit; gives how many those were. */
function keepWorst(rows: SurveyRow[], limit: number): number {
  rows.sort(
    (a, b) =>
      a.compatible - b.compatible ||
      a.undetermined - b.undetermined ||
      (b.subject.pods ?? 0) - (a.subject.pods ?? 0) ||
      (a.subject.name < b.subject.name ? -1 : 1),
  );
  return rows.splice(Math.min(limit, rows.length)).length;
}

function summaryLines(summary: FleetSummary, { whatIf }: FleetAnswer, paint: Paint): string[] {
  const { images, hosts, everywhere, somewhere, unknown, nowhere } = summary;
  const lines = [paint("strong", `${count(images, "image")} on ${count(hosts, "host")}`)];
  if (whatIf !== null)
    lines.push(paint("faint", `as if every host had ${printable(JSON.stringify(whatIf))}`));
  const part = (amount: number, says: string, tone: Tone): void => {
    if (amount > 0) lines.push(`${paint(tone, String(amount).padStart(6))}  ${says}`);
  };
  part(everywhere, hosts === 1 ? "fit" : "fit every host", "good");
  part(somewhere, "fit some hosts, not all", "unsure");
  part(unknown, "not known to fit any host: facts are missing", "unsure");
  part(nowhere, "fit no host", "bad");
  return lines;
}

function imageLines(
  row: SurveyRow,
  roster: Roster,
  policy: ShownPolicy | null,
  paint: Paint,
  all: boolean,
): string[] {
  const { subject, compatible, undetermined, incompatible } = row;
  const parts = [
    paint(compatible > 0 ? "good" : "plain", `fits ${compatible}`),
    ...(incompatible > 0 ? [paint("bad", `doesn't fit ${incompatible}`)] : []),
    ...(undetermined > 0 ? [paint("unsure", `not known for ${undetermined}`)] : []),
  ];
  const pods = subject.pods === null ? "" : paint("faint", `  (in ${count(subject.pods, "pod")})`);
  const { list, unexplained } = shortfallsOf(row, roster);
  const kept = all ? list : list.slice(0, MAX_SHORTFALLS);
  const rest = list.slice(kept.length).reduce((hosts, { slots }) => hosts + slots.length, unexplained);
  return [
    `${paint("strong", printable(subject.name))}: ${parts.join(", ")}${pods}`,
    ...kept.flatMap((shortfall) => shortfallLines(shortfall, roster, policy, paint)),
    ...(rest > 0 ? [`  ${count(rest, "more host")} for other reasons`] : []),
  ];
}

function shortfallLines(
  { verdict, reasons, omitted, slots, variant }: Shortfall,
  { names }: Roster,
  policy: ShownPolicy | null,
  paint: Paint,
): string[] {
  const named = slots.slice(0, MAX_NAMES).map((slot) => printable(names[slot] ?? ""));
  const others = slots.length > named.length ? ", ..." : "";
  const what = variant.label === "" ? "" : paint("faint", `  ${variant.label}`);
  const tone: Tone = verdict === "incompatible" ? "bad" : "unsure";
  return [
    `  ${paint(tone, count(slots.length, "host"))} ${paint("faint", `${named.join(", ")}${others}`)}${what}`,
    ...reasonLines({ verdict, reasons, omitted }, paint, "    ", policy),
  ];
}

function leftOutLines(answer: FleetAnswer, paint: Paint): string[] {
  const list = answer.leftOut();
  if (list.length === 0) return [];
  return [
    "",
    paint("unsure", `left out: ${list.length}`),
    ...list
      .slice(0, MAX_IMAGES)
      .map(({ item, message }) => `  ${printable(message.includes(item) ? message : `${item}: ${message}`)}`),
    ...(list.length > MAX_IMAGES
      ? [`  and ${list.length - MAX_IMAGES} more (--output json names them)`]
      : []),
  ];
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? "" : "s"}`;
}
