/** The heat map: a canvas as large as what is seen, over a field as large as the matrix. */
import type { Cells, ReportData } from "./data.ts";
import type { View } from "./view.ts";

/** Sides of a cell in CSS pixels, one for each step of the zoom; below 1, a pixel is the mix of several cells. */
const SIZES: readonly number[] = [1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 1, 2, 3, 5, 8, 12, 18, 26];
/** From here on cells have a gap and a mark, so that colour is not all that tells them apart. */
const MARKED = 8;
/** From here on rows have their names. */
const NAMED = 12;
const GUTTER = 260;

/** A cell of the view: positions, not indices into the report. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** Where the map is drawn, and who is told what the reader points at. */
export interface MapParts {
  readonly scroller: HTMLElement;
  readonly field: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly onSelect: (spot: Spot | null) => void;
}

/** Draws a view, and lets the reader move in it with pointer and keys. */
export class HeatMap {
  readonly #parts: MapParts;
  readonly #data: ReportData;
  readonly #cells: Cells;
  #view: View = { images: [], hosts: [] };
  #step = 0;
  #selected: Spot | null = null;
  #asked = false;

  constructor(parts: MapParts, data: ReportData, cells: Cells) {
    this.#parts = parts;
    this.#data = data;
    this.#cells = cells;
    const { scroller, canvas } = parts;
    scroller.addEventListener("scroll", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(scroller);
    canvas.addEventListener("pointermove", (event) => this.select(this.#spotAt(event)));
    canvas.addEventListener("click", (event) => this.select(this.#spotAt(event)));
    scroller.addEventListener("keydown", (event) => this.#key(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  /** Shows a view, as large as it fits. */
  show(view: View): void {
    this.#view = view;
    this.#selected = null;
    this.fit();
  }

  /** The largest cells with which the whole view is seen at once; the smallest where none are. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#parts.scroller;
    const { images, hosts } = this.#view;
    this.#step = Math.max(
      0,
      SIZES.findLastIndex((size) => {
        const gutter = size >= NAMED ? GUTTER : 0;
        return size * hosts.length + gutter <= clientWidth && size * images.length <= clientHeight;
      }),
    );
    this.#resize();
  }

  /** Larger or smaller cells. */
  zoom(by: 1 | -1): void {
    this.#step = Math.min(SIZES.length - 1, Math.max(0, this.#step + by));
    this.#resize();
  }

  /** Marks a cell, and tells of it. */
  select(spot: Spot | null): void {
    if (spot?.row === this.#selected?.row && spot?.column === this.#selected?.column) return;
    this.#selected = spot;
    this.#parts.onSelect(spot);
    this.#draw();
  }

  get #size(): number {
    return SIZES[this.#step] ?? 1;
  }

  get #gutter(): number {
    return this.#size >= NAMED ? GUTTER : 0;
  }

  #resize(): void {
    const { images, hosts } = this.#view;
    const { style } = this.#parts.field;
    style.width = `${this.#gutter + hosts.length * this.#size}px`;
    style.height = `${images.length * this.#size}px`;
    this.#draw();
  }

  #key(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const move = moves[event.key];
    if (event.key === "+") this.zoom(1);
    else if (event.key === "-") this.zoom(-1);
    else if (event.key === "0") this.fit();
    else if (move !== undefined) {
      const { images, hosts } = this.#view;
      const from = this.#selected ?? { row: 0, column: 0 };
      const row = Math.min(images.length - 1, Math.max(0, from.row + move[0]));
      const column = Math.min(hosts.length - 1, Math.max(0, from.column + move[1]));
      if (row >= 0 && column >= 0) {
        this.#reveal({ row, column });
        this.select({ row, column });
      }
    } else return;
    event.preventDefault();
  }

  #reveal({ row, column }: Spot): void {
    const { scroller } = this.#parts;
    const size = this.#size;
    const top = row * size;
    const left = this.#gutter + column * size;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (top + size > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + size - scroller.clientHeight;
    }
    if (left - this.#gutter < scroller.scrollLeft) scroller.scrollLeft = left - this.#gutter;
    if (left + size > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = left + size - scroller.clientWidth;
    }
  }

  #spotAt(event: MouseEvent): Spot | null {
    const { canvas, scroller } = this.#parts;
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left - this.#gutter;
    const row = Math.floor((event.clientY - box.top + scroller.scrollTop) / this.#size);
    const column = Math.floor((x + scroller.scrollLeft) / this.#size);
    const { images, hosts } = this.#view;
    return x < 0 || row < 0 || row >= images.length || column < 0 || column >= hosts.length
      ? null
      : { row, column };
  }

  /** Draws what is seen, once a frame. */
  #draw(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#paint();
    });
  }

  #paint(): void {
    const { canvas, scroller } = this.#parts;
    const { clientWidth: width, clientHeight: height, scrollLeft, scrollTop } = scroller;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.scale(ratio, ratio);
    const style = getComputedStyle(scroller);
    const colours = ["--incompatible", "--undetermined", "--compatible"].map((name) =>
      style.getPropertyValue(name),
    );
    const size = this.#size;
    const gutter = this.#gutter;
    const { images, hosts } = this.#view;
    const firstRow = Math.floor(scrollTop / size);
    const lastRow = Math.min(images.length, Math.ceil((scrollTop + height) / size));
    const firstColumn = Math.floor(scrollLeft / size);
    const lastColumn = Math.min(hosts.length, Math.ceil((scrollLeft + width - gutter) / size));
    if (size < 1) {
      this.#mix(context, colours, Math.round(1 / size), { row: firstRow, column: firstColumn });
      this.#frame(context, style.color);
      return;
    }
    const gap = size >= MARKED ? 1 : 0;
    for (let row = firstRow; row < lastRow; row++) {
      const image = images[row] ?? 0;
      const y = row * size - scrollTop;
      // Neighbours of one colour are one rectangle where there is no gap between them.
      for (let column = firstColumn; column < lastColumn; ) {
        const verdict = this.#cells.at(image, this.#data.hosts[hosts[column] ?? 0]?.profile ?? 0);
        let end = column + 1;
        while (
          gap === 0 &&
          end < lastColumn &&
          this.#cells.at(image, this.#data.hosts[hosts[end] ?? 0]?.profile ?? 0) === verdict
        )
          end++;
        const x = gutter + column * size - scrollLeft;
        context.fillStyle = colours[verdict] ?? "";
        context.fillRect(x, y, (end - column) * size - gap, size - gap);
        if (gap > 0 && verdict !== 2) mark(context, verdict, x, y, size - gap, style.color);
        column = end;
      }
    }
    if (gutter > 0) this.#names(context, style, firstRow, lastRow);
    this.#frame(context, style.color);
  }

  /** Each pixel is the mix of `side` x `side` cells. */
  #mix(context: CanvasRenderingContext2D, colours: readonly string[], side: number, from: Spot): void {
    const { images, hosts } = this.#view;
    const width = Math.min(context.canvas.clientWidth, Math.ceil((hosts.length - from.column) / side));
    const height = Math.min(context.canvas.clientHeight, Math.ceil((images.length - from.row) / side));
    if (width < 1 || height < 1) return;
    const mixed = new OffscreenCanvas(width, height);
    const into = mixed.getContext("2d");
    if (into === null) return;
    const picture = into.createImageData(width, height);
    const shades = colours.map(redGreenBlue);
    for (let y = 0; y < height; y++) {
      const rows = images.slice(from.row + y * side, from.row + (y + 1) * side);
      for (let x = 0; x < width; x++) {
        const columns = hosts.slice(from.column + x * side, from.column + (x + 1) * side);
        const sum = [0, 0, 0];
        for (const image of rows) {
          for (const host of columns) {
            const shade = shades[this.#cells.at(image, this.#data.hosts[host]?.profile ?? 0)];
            for (let part = 0; part < 3; part++) sum[part] = (sum[part] ?? 0) + (shade?.[part] ?? 0);
          }
        }
        const at = (y * width + x) * 4;
        picture.data.set([...sum.map((part) => part / (rows.length * columns.length)), 255], at);
      }
    }
    into.putImageData(picture, 0, 0);
    context.drawImage(mixed, 0, 0);
  }

  #names(context: CanvasRenderingContext2D, style: CSSStyleDeclaration, first: number, last: number): void {
    const { scrollTop, clientHeight } = this.#parts.scroller;
    const size = this.#size;
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, GUTTER, clientHeight);
    context.fillStyle = style.color;
    context.font = `${Math.min(13, size - 1)}px ${style.fontFamily}`;
    context.textBaseline = "middle";
    for (let row = first; row < last; row++) {
      const name = this.#data.images[this.#view.images[row] ?? 0]?.name ?? "";
      const y = row * size - scrollTop + size / 2;
      context.fillText(shortened(context, name, GUTTER - 12), 4, y);
    }
  }

  #frame(context: CanvasRenderingContext2D, colour: string): void {
    if (this.#selected === null) return;
    const { scrollLeft, scrollTop } = this.#parts.scroller;
    const size = this.#size;
    const x = this.#gutter + this.#selected.column * size - scrollLeft;
    const y = this.#selected.row * size - scrollTop;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    const around = Math.max(size, 6) + 2;
    context.strokeRect(x + size / 2 - around / 2, y + size / 2 - around / 2, around, around);
  }
}

/** The parts of `#rrggbb`. */
function redGreenBlue(colour: string): readonly number[] {
  const hex = colour.trim().slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** A cross for what doesn't fit, a dot for what isn't known. */
function mark(
  context: CanvasRenderingContext2D,
  verdict: number,
  x: number,
  y: number,
  side: number,
  colour: string,
): void {
  const inset = side / 3;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  if (verdict === 0) {
    context.moveTo(x + inset, y + inset);
    context.lineTo(x + side - inset, y + side - inset);
    context.moveTo(x + side - inset, y + inset);
    context.lineTo(x + inset, y + side - inset);
  } else {
    context.arc(x + side / 2, y + side / 2, side / 8, 0, 2 * Math.PI);
  }
  context.stroke();
}

/** The end of a name tells images apart: the front is what is left out. */
function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name;
  let from = 1;
  while (from < name.length && context.measureText(`…${name.slice(from)}`).width > width) from++;
  return `…${name.slice(from)}`;
}
