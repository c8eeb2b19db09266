/** A host's facts for people: not every fact, but what usually decides. */
import { printable } from "../../author/diagnostics.ts";
import type { HostFacts } from "../../probe/facts.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";
import { platformWords } from "./platform-words.ts";

/** Longest list that is written out. */
const LISTED = 12;

export function factsText(facts: HostFacts, paint: Paint): string {
  const rows: Cell[][] = [
    row("host", printable(facts.name)),
    row("platforms", facts.platforms.map(platformWords).join(", ")),
  ];
  if (facts.runtimes !== undefined) {
    const runtimes = Object.entries(facts.runtimes).map(
      ([type, handler]) => `${printable(type)} (${printable(handler)})`,
    );
    rows.push(row("runtimes", runtimes.length === 0 ? "none" : runtimes.join(", ")));
  }
  const { flags, attributes, instances } = facts.features;
  rows.push([{ text: "" }]);
  for (const [feature, { elements }] of Object.entries(attributes)) {
    const texts = Object.entries(elements).map(([name, value]) => `${printable(name)}=${printable(value)}`);
    rows.push(row(feature, listed(texts, " ")));
  }
  for (const [feature, { elements }] of Object.entries(flags)) {
    rows.push(row(feature, listed(Object.keys(elements).map(printable), " ")));
  }
  for (const [feature, { elements, partial }] of Object.entries(instances)) {
    rows.push(row(feature, `${elements.length}${partial === true ? " or more" : ""}`));
  }
  return `${columns(rows, paint).join("\n")}\n\nAll facts: hostfit probe -o yaml\n`;
}

function row(name: string, text: string): Cell[] {
  return [{ text: name, tone: "strong" }, { text }];
}

function listed(texts: readonly string[], separator: string): string {
  if (texts.length === 0) return "none";
  const shown = texts.slice(0, LISTED).join(separator);
  return texts.length > LISTED ? `${shown} and ${texts.length - LISTED} more` : shown;
}
