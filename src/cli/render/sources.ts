/** Where facts come from, for people. */
import { printable } from "../../author/diagnostics.ts";
import type { FactSource } from "../../probe/administrator.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";

/** A line a file; what lies above others stands below them. */
export function sourcesText(sources: readonly FactSource[], paint: Paint): string {
  const rows: Cell[][] = sources.flatMap(({ feature, name, files }) =>
    (files.length === 0 ? ["(no file)"] : files).map((file, index): Cell[] => [
      { text: index === 0 ? printable(feature) : "", tone: "strong" },
      { text: index === 0 && name !== null ? printable(name) : "" },
      { text: printable(file) },
    ]),
  );
  return `${columns(rows, paint).join("\n")}\n`;
}
