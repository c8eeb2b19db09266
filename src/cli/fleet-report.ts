/** The data of a fleet's HTML report. */
import type { FleetAnswer } from "../fleet/answer.ts";
import { shortfallsOf } from "../fleet/shortfalls.ts";
import { type FleetSummary, SummaryCounter } from "../fleet/summary.ts";
import type { SurveyRow } from "../fleet/survey.ts";
import type { ShownPolicy } from "../select/policy.ts";
import { CellPacker, type ReportData, type ReportImage } from "../ui/fleet-report/data.ts";
import { plain } from "./paint.ts";
import { reasonLines } from "./render/verdict.ts";

/** Characters of reasons in one report; further ones are left out, verdicts never. */
const MAX_REASONS = 32 * 1024 * 1024;

/** Goes through the rows. */
export async function reportData(
  answer: FleetAnswer,
  policy: ShownPolicy | null,
): Promise<{ data: ReportData; summary: FleetSummary }> {
  const { roster, whatIf } = answer;
  const { names, profiles, members } = roster;
  const counter = new SummaryCounter(roster.fleet.size);
  const packer = new CellPacker(answer.images * members.length);
  const images: ReportImage[] = [];
  let room = MAX_REASONS;
  for await (const row of answer.rows) {
    counter.add(row);
    for (const [first] of members) packer.add(row.cells[first ?? 0] ?? 0);
    const image = reportImage(row, answer, policy, room > 0);
    for (const { lines } of image.shortfalls) room -= lines.join("").length;
    images.push(image);
  }
  const { summary } = counter;
  const data: ReportData = {
    title: `${summary.images} images on ${summary.hosts} hosts`,
    whatIf: whatIf === null ? null : JSON.stringify(whatIf),
    hosts: names.flatMap((name, slot) =>
      name === undefined ? [] : [{ name, profile: profiles[slot] ?? 0 }],
    ),
    profiles: members.length,
    images,
    cells: Buffer.from(packer.bytes).toString("base64"),
    leftOut: answer.leftOut().map(({ item, message }) => ({ item, message })),
  };
  return { data, summary };
}

function reportImage(
  row: SurveyRow,
  { roster }: FleetAnswer,
  policy: ShownPolicy | null,
  explain: boolean,
): ReportImage {
  const { subject, compatible, undetermined, incompatible } = row;
  const fits = compatible === roster.fleet.size;
  const shortfalls = fits || !explain ? [] : shortfallsOf(row, roster).list;
  return {
    name: subject.name,
    digest: subject.digest,
    pods: subject.pods,
    compatible,
    undetermined,
    incompatible,
    shortfalls: shortfalls.map(({ verdict, variant, reasons, omitted, slots }) => ({
      verdict,
      variant: variant.label,
      lines: reasonLines({ verdict, reasons, omitted }, plain, "", policy),
      profiles: [...new Set(slots.map((slot) => roster.profiles[slot] ?? 0))],
    })),
  };
}
