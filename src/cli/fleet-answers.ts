/** The JSON and CSV answers of `hostfit fleet`, a row at a time: the product of images and hosts is never held. */
import type { FleetAnswer } from "../fleet/answer.ts";
import type { LeftOut } from "../fleet/left-out.ts";
import type { Roster } from "../fleet/roster.ts";
import { type Shortfalls, shortfallsOf } from "../fleet/shortfalls.ts";
import { SummaryCounter } from "../fleet/summary.ts";
import { CELLS, type SurveyRow } from "../fleet/survey.ts";

/** Hosts that a shortfall names; `hosts` says how many there are. */
const MAX_EXAMPLES = 20;

/** JSON text in pieces: one object, `images` a row a line, `summary` last. Its schema is fleet.schema.json. */
export async function* fleetJson(answer: FleetAnswer): AsyncGenerator<string> {
  const { roster, whatIf, leftOut } = answer;
  const counter = new SummaryCounter(roster.fleet.size);
  yield `{\n  "apiVersion": "hostfit/v1.0",\n  "kind": "Fleet",\n`;
  yield `  "whatIf": ${JSON.stringify(whatIf)},\n  "images": [`;
  let separator = "\n";
  for await (const row of answer.rows) {
    counter.add(row);
    yield `${separator}    ${JSON.stringify(imageJson(row, roster))}`;
    separator = ",\n";
  }
  yield `\n  ],\n  "leftOut": ${JSON.stringify(leftOut().map(leftOutJson))},\n`;
  yield `  "summary": ${JSON.stringify(counter.summary)}\n}\n`;
}

function imageJson(row: SurveyRow, roster: Roster) {
  const { subject, compatible, undetermined, incompatible, cells } = row;
  const { list, unexplained } = explained(row, roster);
  return {
    name: subject.name,
    digest: subject.digest,
    pods: subject.pods,
    documented: subject.variants.some(({ documented }) => documented),
    compatible,
    undetermined,
    incompatible,
    hosts: {
      undetermined: namesOf(roster, cells, 1),
      incompatible: namesOf(roster, cells, 0),
    },
    shortfalls: list.map(({ verdict, variant, reasons, omitted, slots }) => ({
      verdict,
      hosts: slots.length,
      examples: slots.slice(0, MAX_EXAMPLES).map((slot) => roster.names[slot] ?? ""),
      platform: variant.candidate?.platform ?? null,
      digest: variant.digest,
      reasons,
      omitted,
    })),
    unexplained,
  };
}

function explained(row: SurveyRow, roster: Roster): Shortfalls {
  return row.compatible === roster.fleet.size ? { list: [], unexplained: 0 } : shortfallsOf(row, roster);
}

function namesOf({ names }: Roster, cells: Uint8Array, verdict: number): string[] {
  return names.filter((name, slot) => name !== undefined && cells[slot] === verdict);
}

function leftOutJson({ item, code, message, help }: LeftOut) {
  return { item, code, message, help };
}

/** CSV (RFC 4180) in pieces: a line a cell, with a header. */
export async function* fleetCsv(answer: FleetAnswer): AsyncGenerator<string> {
  yield "image,digest,host,verdict\r\n";
  const { names } = answer.roster;
  for await (const { subject, cells } of answer.rows) {
    const image = `${field(subject.name)},${field(subject.digest ?? "")}`;
    yield names.map((name, slot) => `${image},${field(name)},${CELLS[cells[slot] ?? 0]}\r\n`).join("");
  }
}

/** Quoted where it must be. A spreadsheet must not take a name for a formula. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
