/** Which rows and columns are shown, and in what order: filters and sorting, without a page. */
import { type Cells, type ReportData, VERDICTS } from "./data.ts";

/** What the reader asked for. */
export interface ViewOptions {
  /** Part of an image's name, in any case. */
  readonly image: string;
  /** Part of a host's name, in any case. */
  readonly host: string;
  readonly show: "all" | "not-everywhere" | "nowhere" | "undetermined";
  readonly order: "fit" | "given" | "name";
}

/** Rows and columns as indices into the report. */
export interface View {
  readonly images: readonly number[];
  readonly hosts: readonly number[];
}

/** The view for what was asked; by fit the worst images come first, and the worst hosts. */
export function viewOf(data: ReportData, cells: Cells, options: ViewOptions): View {
  const image = options.image.toLowerCase();
  const host = options.host.toLowerCase();
  const images = [...data.images.keys()].filter((at) => {
    const row = data.images[at];
    return row?.name.toLowerCase().includes(image) && isShown(row, options.show);
  });
  const hosts = [...data.hosts.keys()].filter((at) => data.hosts[at]?.name.toLowerCase().includes(host));
  if (options.order === "name") {
    images.sort((a, b) => compare(data.images[a]?.name, data.images[b]?.name));
    hosts.sort((a, b) => compare(data.hosts[a]?.name, data.hosts[b]?.name));
  } else if (options.order === "fit") {
    const fits = fitOfProfiles(data, cells, images);
    const fitOf = (at: number): number => fits[data.hosts[at]?.profile ?? 0] ?? 0;
    images.sort((a, b) => fitOfImage(data, a) - fitOfImage(data, b) || a - b);
    hosts.sort((a, b) => fitOf(a) - fitOf(b) || compareProfiles(data, a, b) || a - b);
  }
  return { images, hosts };
}

/** Verdict and reasons of one cell. */
export interface CellAnswer {
  readonly verdict: (typeof VERDICTS)[number];
  readonly variant: string;
  readonly lines: readonly string[];
  /** Hosts that lack the same. */
  readonly alike: number;
}

/** What is told of a cell. */
export function answerOf(data: ReportData, cells: Cells, image: number, host: number): CellAnswer {
  const profile = data.hosts[host]?.profile ?? 0;
  const verdict = VERDICTS[cells.at(image, profile)] ?? "undetermined";
  const shortfall = data.images[image]?.shortfalls.find(({ profiles }) => profiles.includes(profile));
  if (verdict === "compatible" || shortfall === undefined)
    return { verdict, variant: "", lines: [], alike: 0 };
  const alike = data.hosts.filter((one) => shortfall.profiles.includes(one.profile)).length;
  return { verdict, variant: shortfall.variant, lines: shortfall.lines, alike };
}

function isShown(row: ReportData["images"][number], show: ViewOptions["show"]): boolean {
  switch (show) {
    case "all":
      return true;
    case "not-everywhere":
      return row.incompatible + row.undetermined > 0;
    case "nowhere":
      return row.compatible + row.undetermined === 0;
    case "undetermined":
      return row.undetermined > 0;
  }
}

function fitOfImage(data: ReportData, at: number): number {
  const row = data.images[at];
  return row === undefined ? 0 : row.compatible * 2 + row.undetermined;
}

function fitOfProfiles(data: ReportData, cells: Cells, images: readonly number[]): Float64Array {
  const fits = new Float64Array(data.profiles);
  for (const image of images) {
    for (let profile = 0; profile < data.profiles; profile++) {
      fits[profile] = (fits[profile] ?? 0) + cells.at(image, profile);
    }
  }
  return fits;
}

/** Hosts of one profile stand together. */
function compareProfiles(data: ReportData, a: number, b: number): number {
  return (data.hosts[a]?.profile ?? 0) - (data.hosts[b]?.profile ?? 0);
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
