/** The parts of a markdown page that tests read: headings with their anchors, fenced blocks, tables, links. */

/** A fenced block. `info` are the words after the fence: the language, then what the block is. */
export interface Fence {
  readonly info: readonly string[];
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** A row of a table, by the column's title. */
export type Row = Readonly<Record<string, string>>;

/** What stands under one heading, up to the next one of any level. */
export interface Section {
  readonly title: string;
  /** As GitHub makes it: `#three-values` without the `#`. */
  readonly anchor: string;
  readonly level: number;
  readonly line: number;
  readonly fences: readonly Fence[];
  readonly rows: readonly Row[];
}

export interface Page {
  readonly sections: readonly Section[];
  /** Targets of all links outside of fenced blocks, as written. */
  readonly links: readonly string[];
}

interface OpenSection {
  title: string;
  anchor: string;
  level: number;
  line: number;
  fences: Fence[];
  rows: Row[];
}

/** Reads a page. Throws for a fence that isn't closed. */
export function readPage(text: string): Page {
  const lines = text.split("\n");
  const sections: OpenSection[] = [newSection("", "", 0, 1)];
  const links: string[] = [];
  const anchors = new Map<string, number>();
  let columns: readonly string[] | null = null;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const section = sections[sections.length - 1]!;
    const fence = /^(`{3,})([^`]*)$/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf(fence[1]!, at + 1);
      if (end < 0) throw new Error(`line ${at + 1}: the fence is not closed`);
      const info = fence[2]!.trim().split(/\s+/).filter(Boolean);
      section.fences.push({ info, text: `${lines.slice(at + 1, end).join("\n")}\n`, line: at + 1 });
      at = end;
      continue;
    }
    const heading = /^(#{1,6}) (.+)$/.exec(line);
    if (heading !== null) {
      const title = heading[2]!.trim();
      sections.push(newSection(title, uniqueAnchor(title, anchors), heading[1]!.length, at + 1));
    }
    links.push(...linksOf(line));
    if (!line.startsWith("|")) {
      columns = null;
      continue;
    }
    const cells = cellsOf(line);
    if (columns === null) columns = cells;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      section.rows.push(Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""])));
    }
  }
  return { sections, links };
}

function newSection(title: string, anchor: string, level: number, line: number): OpenSection {
  return { title, anchor, level, line, fences: [], rows: [] };
}

/** GitHub's rule: lower case, punctuation away, spaces to hyphens; a second one of a kind gets a number. */
function uniqueAnchor(title: string, seen: Map<string, number>): string {
  const base = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
  const count = seen.get(base) ?? 0;
  seen.set(base, count + 1);
  return count === 0 ? base : `${base}-${count}`;
}

function linksOf(line: string): string[] {
  return [...line.replaceAll(/`[^`]*`/g, "`").matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
}

/** The cells of a table's row; `\|` is a bar within one. */
function cellsOf(line: string): string[] {
  return line
    .replace(/^\|/, "")
    .replace(/\|\s*$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
