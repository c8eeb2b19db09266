/** What a term means, for people. */
import { printable } from "../../author/diagnostics.ts";
import type { Explanation } from "../../author/vocabulary/explain.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";

/** Names of a feature that are listed; more are counted. */
const MAX_NAMES = 40;

/** One block a meaning, an empty line between them. */
export function explanationsText(explanations: readonly Explanation[], paint: Paint): string {
  return `${explanations.map((one) => block(one, paint)).join("\n\n")}\n`;
}

function block(one: Explanation, paint: Paint): string {
  const title = one.name === null ? one.feature : `${one.feature} ${one.name}`;
  const kind = one.what === "feature" ? `feature with ${one.kind}` : one.what;
  const unit = one.unit === null ? "" : ` (${printable(one.unit)})`;
  const rows: Cell[][] = [];
  const row = (name: string, text: string): number => rows.push([{ text: `  ${name}` }, { text }]);
  if (one.description !== null) row("means", printable(one.description));
  if (one.type !== null) row("type", `${one.type}${unit}`);
  if (one.values !== null) row("values", one.values.map(printable).join(", "));
  const described = one.names.filter((entry) => entry.description !== null);
  const bare = one.names.filter((entry) => entry.description === null).map((entry) => printable(entry.name));
  for (const [index, entry] of described.slice(0, MAX_NAMES).entries()) {
    row(
      index === 0 ? (one.kind === "flags" ? "flags" : "attributes") : "",
      `${printable(entry.name)}: ${printable(entry.description ?? "")}`,
    );
  }
  if (bare.length > 0) {
    const more = bare.length > MAX_NAMES ? ` and ${bare.length - MAX_NAMES} more` : "";
    row(described.length === 0 ? "flags" : "", `${bare.slice(0, MAX_NAMES).join(" ")}${more}`);
  }
  one.reads.forEach((path, index) => {
    row(index === 0 ? "read from" : "", printable(path));
  });
  if (one.documentation !== null) row("read on", printable(one.documentation));
  row("vocabulary", printable(one.vocabulary));
  return [`${paint("strong", printable(title))}: ${kind}`, ...columns(rows, paint)].join("\n");
}
