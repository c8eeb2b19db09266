/** A host's facts for people: not every fact, but what usually decides. */
import { printable } from "../../author/diagnostics.ts";
import type { HostFacts } from "../../probe/facts.ts";
import { platformWords } from "../../select/variant-words.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";

/** Longest line of a list, in characters. */
const WIDTH = 84;

export function factsText(facts: HostFacts, paint: Paint): string {
  const rows: Cell[][] = [
    row("host", printable(facts.name)),
    row("platforms", facts.platforms?.map(platformWords).join(", ") ?? "not known"),
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
    rows.push(row(feature, listed(texts)));
  }
  for (const [feature, { elements }] of Object.entries(flags)) {
    rows.push(row(feature, listed(Object.keys(elements).map(printable))));
  }
  for (const [feature, { elements, partial }] of Object.entries(instances)) {
    rows.push(row(feature, `${elements.length}${partial === true ? " or more" : ""}`));
  }
  return `${columns(rows, paint).join("\n")}\n\nAll facts: hostfit probe -o yaml\n`;
}

function row(name: string, text: string): Cell[] {
  return [{ text: name, tone: "strong" }, { text }];
}

/** As many as fit in a line, and how many there are besides. */
function listed(texts: readonly string[]): string {
  if (texts.length === 0) return "none";
  let line = cut(texts[0] ?? "");
  let shown = 1;
  for (const text of texts.slice(1)) {
    if (line.length + 1 + text.length > WIDTH) break;
    line += ` ${text}`;
    shown++;
  }
  return shown < texts.length ? `${line} and ${texts.length - shown} more` : line;
}

function cut(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text;
}
