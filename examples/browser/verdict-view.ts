/** Shows a verdict with its reasons, or why there is none. Text only: nothing that people drop in becomes markup. */
import { HostfitError, type Reason, type Verdict } from "hostfit";
import { DocumentError } from "../../src/author/diagnostics.ts";
import type { SourceDocument } from "../../src/author/document.ts";
import { reasonWords } from "../../src/cli/render/reason.ts";

const MEANING: Readonly<Record<Verdict["verdict"], string>> = {
  compatible: "It fits, whatever the facts are that nobody has observed.",
  incompatible: "It doesn't fit, whatever the facts are that nobody has observed.",
  undetermined: "That depends on facts that nobody has observed.",
};

/** Shapes of their own, so that nothing depends on seeing colours. */
const ICONS: Readonly<Record<Verdict["verdict"] | "error", string>> = {
  compatible: "M5 12.5l4.5 4.5L19 7.5",
  incompatible: "M6 6l12 12M18 6L6 18",
  undetermined: "M9 9a3 3 0 1 1 4.2 2.8c-.9.4-1.2 1-1.2 2.2M12 17.5v.5",
  error: "M12 6v8M12 17.5v.5",
};

export function showEmpty(panel: HTMLElement): void {
  fill(panel, "empty", [element("p", "empty", "It appears here once both are there.")]);
}

export function showVerdict(panel: HTMLElement, verdict: Verdict, source: SourceDocument): void {
  const parts: Node[] = [
    heading(verdict.verdict, `${verdict.verdict[0]!.toUpperCase()}${verdict.verdict.slice(1)}`),
    element("p", "meaning", MEANING[verdict.verdict]),
    summary(verdict),
  ];
  if (verdict.reasons.length > 0) {
    parts.push(element("h3", "", verdict.verdict === "compatible" ? "By these alternatives" : "Because"));
    const list = element("ul", "reasons");
    for (const reason of verdict.reasons) list.append(reasonItem(reason, verdict, source));
    parts.push(list);
  }
  if (verdict.omitted > 0) parts.push(element("p", "note", `and ${verdict.omitted} more`));
  fill(panel, verdict.verdict, parts);
}

function reasonItem(reason: Reason, { verdict, reasons }: Verdict, source: SourceDocument): HTMLElement {
  const [words] = reasonWords([reason], verdict, null);
  const item = element("li", "");
  if (words === undefined) return item;
  const sentence = element("p", "");
  if (words.label !== null) sentence.append(element("strong", "", words.label));
  sentence.append(words.text);
  item.append(sentence, ...words.notes.map((note) => element("p", "note", note)));
  const alternatives =
    reason.within === null ? 0 : reasons.filter(({ within }) => within === reason.within).length;
  if (alternatives > 1 && verdict !== "compatible")
    item.append(element("p", "note", `one of ${alternatives} alternatives or parts of them`));
  // A platform is no term of the document.
  if (reason.pointer !== "") item.append(element("p", "place", placeOf(source, reason.pointer)));
  return item;
}

/** Why there is no verdict: every finding with its place. */
export function showFailure(panel: HTMLElement, error: unknown): void {
  const items =
    error instanceof DocumentError
      ? error.diagnostics.map(({ file, line, column, code, message, help }) => ({
          text: `${file}:${line}:${column}: ${message}`,
          code,
          help,
        }))
      : [
          error instanceof HostfitError
            ? { text: error.message, code: error.code, help: error.help }
            : { text: String(error), code: "unexpected", help: undefined },
        ];
  const list = element("ul", "reasons");
  for (const { text, code, help } of items) {
    const item = element("li", "");
    item.append(element("p", "", text));
    if (help) item.append(element("p", "note", help));
    item.append(element("p", "place", code));
    list.append(item);
  }
  fill(panel, "error", [heading("error", "No verdict"), list]);
}

function fill(panel: HTMLElement, state: string, parts: readonly Node[]): void {
  panel.dataset["state"] = state;
  panel.replaceChildren(panel.querySelector("h2")!, ...parts);
}

function heading(icon: keyof typeof ICONS, text: string): HTMLElement {
  const line = element("p", "value");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", "28");
  svg.setAttribute("aria-hidden", "true");
  for (const [shape, attributes] of [
    ["circle", { cx: "12", cy: "12", r: "11", "stroke-width": "1.5" }],
    [
      "path",
      { d: ICONS[icon], "stroke-width": "2.25", "stroke-linecap": "round", "stroke-linejoin": "round" },
    ],
  ] as const) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", shape);
    for (const [name, value] of Object.entries({ ...attributes, fill: "none", stroke: "currentColor" }))
      drawn.setAttribute(name, value);
    svg.append(drawn);
  }
  line.append(svg, element("span", "", text));
  return line;
}

function summary({ score, maxScore, runtime }: Verdict): HTMLElement {
  const list = element("dl", "facts");
  const add = (term: string, text: string) => {
    const row = element("div", "");
    row.append(element("dt", "", term), element("dd", "", text));
    list.append(row);
  };
  if (maxScore > 0) add("Score", `${score} of ${maxScore}`);
  if (runtime !== null)
    add("Runtime", runtime.handler === null ? runtime.type : `${runtime.type} (${runtime.handler})`);
  return list;
}

function placeOf(source: SourceDocument, pointer: string): string {
  return `${source.file}:${source.positions(pointer).line}  ${pointer}`;
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}
