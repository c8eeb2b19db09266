/** The report's page: reads its data, and wires the filters, the map and the panel. */
import { Cells, type ReportData } from "./data.ts";
import { HeatMap } from "./map.ts";
import { answerOf, type View, type ViewOptions, viewOf } from "./view.ts";

const data = JSON.parse(byId("data").textContent ?? "") as ReportData;
const cells = new Cells(data);
let view: View = { images: [], hosts: [] };

const map = new HeatMap(
  {
    scroller: byId("scroller"),
    field: byId("field"),
    canvas: byId("map") as HTMLCanvasElement,
    onSelect: (spot) => {
      const image = spot === null ? undefined : view.images[spot.row];
      const host = spot === null ? undefined : view.hosts[spot.column];
      if (image !== undefined && host !== undefined) tellCell(image, host);
    },
  },
  data,
  cells,
);

document.title = data.title;
byId("title").textContent = data.title;
tellSummary();
byId("filters").addEventListener("input", update);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("larger").addEventListener("click", () => map.zoom(1));
byId("smaller").addEventListener("click", () => map.zoom(-1));
byId("whole").addEventListener("click", () => map.fit());
update();

function update(): void {
  const options: ViewOptions = {
    image: inputOf("image"),
    host: inputOf("host"),
    show: inputOf("show") as ViewOptions["show"],
    order: inputOf("order") as ViewOptions["order"],
  };
  view = viewOf(data, cells, options);
  byId("count").textContent =
    `${amount(view.images.length, data.images.length, "images")}, ${amount(view.hosts.length, data.hosts.length, "hosts")}`;
  map.show(view);
}

function tellSummary(): void {
  const everywhere = data.images.filter((row) => row.compatible === data.hosts.length).length;
  const nowhere = data.images.filter((row) => row.compatible + row.undetermined === 0).length;
  const lines = [
    `${data.images.length} images on ${data.hosts.length} hosts`,
    `${everywhere} fit every host`,
    `${data.images.length - everywhere - nowhere} fit some, or it isn't known`,
    `${nowhere} fit no host`,
    ...(data.whatIf === null ? [] : [`as if every host had ${data.whatIf}`]),
    ...(data.leftOut.length === 0 ? [] : [`${data.leftOut.length} left out`]),
  ];
  byId("summary").replaceChildren(...lines.map((line) => element("li", line)));
}

function tellCell(image: number, host: number): void {
  const row = data.images[image];
  const { verdict, variant, lines, alike } = answerOf(data, cells, image, host);
  const heading = element("h2", row?.name ?? "");
  const parts = [
    heading,
    element("p", `on ${data.hosts[host]?.name ?? ""}`),
    element("p", verdict, `verdict ${verdict}`),
    ...(lines.length === 0 ? [] : [list(lines)]),
    ...(variant === "" ? [] : [element("p", `closest variant: ${variant}`, "faint")]),
    ...(alike > 1 ? [element("p", `${alike} hosts lack the same`, "faint")] : []),
    element(
      "p",
      `${row?.compatible ?? 0} hosts fit, ${row?.incompatible ?? 0} don't, ${row?.undetermined ?? 0} not known`,
      "faint",
    ),
    ...(row?.digest == null ? [] : [element("p", row.digest, "faint digest")]),
    ...(row?.pods == null ? [] : [element("p", `${row.pods} pods run it`, "faint")]),
  ];
  byId("cell").replaceChildren(...parts);
}

function list(lines: readonly string[]): HTMLElement {
  const found = element("pre", lines.join("\n"));
  found.tabIndex = 0;
  return found;
}

function amount(shown: number, all: number, what: string): string {
  return shown === all ? `${all} ${what}` : `${shown} of ${all} ${what}`;
}

function element(name: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

function inputOf(id: string): string {
  return (byId(id) as HTMLInputElement | HTMLSelectElement).value;
}
