import type { Comparison, Figure } from "../bench-case.ts";
import type { Calibration } from "../measure/calibration.ts";
import { ratioOf } from "../measure/timing.ts";

/** A row of a comparison in words. */
export interface Line {
  readonly name: string;
  /** Against the comparison's first row, in the direction that reads well: how many times as much time or memory it takes. */
  readonly ratio: string;
  /** In steps of the arithmetic calibration loop; empty for memory. */
  readonly steps: string;
  readonly amount: string;
  /** The same of the best round. */
  readonly best: string;
  readonly aim: string;
  readonly lacks: string;
}

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export function linesOf(comparison: Comparison, calibration: Calibration): Line[] {
  const [first] = comparison.rows;
  return comparison.rows.map((row, i) => ({
    name: row.name,
    ratio: i === 0 ? "1" : significant(ratioOf(row.timing, first!.timing)),
    steps:
      comparison.unit === "bytes" ? "" : COMPACT.format(row.timing.median / calibration.arithmetic.median),
    amount: amountOf(comparison, row.timing.median),
    best: amountOf(comparison, row.timing.best),
    aim: row.aim === undefined ? "" : `${row.aim.text}: ${row.aim.met ? "met" : "missed"}`,
    lacks: row.lacks ?? "",
  }));
}

/** Nanoseconds or bytes of one operation as the comparison tells them. */
export function amountOf(comparison: Comparison, value: number): string {
  if (comparison.unit === "bytes") return bytesText(value);
  if (comparison.unit === "rate") return `${significant((comparison.bytes! / value) * 1000)} MB/s`;
  return timeText(value);
}

export function figureText({ value, unit }: Figure): string {
  if (unit === "bytes") return bytesText(value);
  return unit === "time" ? timeText(value) : value.toLocaleString("en");
}

/** Three digits that count. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

export function timeText(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${significant(nanoseconds)} ns`;
  if (nanoseconds < 1e6) return `${significant(nanoseconds / 1000)} us`;
  return `${significant(nanoseconds / 1e6)} ms`;
}

export function bytesText(bytes: number): string {
  if (Math.abs(bytes) < 1024) return `${Math.round(bytes)} B`;
  if (Math.abs(bytes) < 1 << 20) return `${significant(bytes / 1024)} KiB`;
  return `${significant(bytes / (1 << 20))} MiB`;
}
