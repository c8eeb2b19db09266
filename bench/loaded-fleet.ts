import type { FleetExports } from "../bindings/js/fleet-core.ts";
import { LoadedCore } from "./loaded-core.ts";

const HEADER = 20;
/** Documents of one call for rows. */
const SLICE = 1024;
const encoder = new TextEncoder();

/** An instance with a fleet, its exports at hand. */
export class LoadedFleet extends LoadedCore {
  readonly fleetExports: FleetExports;
  readonly fleet: number;

  constructor(wasm: string) {
    super(wasm);
    this.fleetExports = this.exports as FleetExports;
    this.exports.hf_set(0, 0x7fffffff);
    this.exports.hf_set(1, 0x7fffffff);
    this.fleet = this.checked(this.fleetExports.hf_fleet());
  }

  /** Puts a host, as JSON, into a slot (-1: a new one): the slot. */
  put(slot: number, host: string | Uint8Array): number {
    const bytes = typeof host === "string" ? encoder.encode(host) : host;
    return this.checked(this.fleetExports.hf_fleet_put(this.fleet, slot, 0, this.write(bytes)));
  }

  /** Asks for the rows of all documents, slice by slice; nothing is read of them. */
  allRows(documents: readonly number[]): void {
    for (let i = 0; i < documents.length; i += SLICE) {
      const part = documents.slice(i, i + SLICE);
      this.write(new Uint8Array(new Uint32Array(part).buffer));
      this.checked(this.fleetExports.hf_fleet_rows(this.fleet, part.length));
    }
  }

  /** The verdict that a row has for each of some slots: 2, 1 or 0. */
  verdicts(document: number, slots: readonly number[]): number[] {
    this.checked(this.fleetExports.hf_fleet_row(this.fleet, document, 0, 0, 0, 0));
    const view = new DataView(this.exports.memory.buffer as ArrayBuffer);
    const row = view.getUint32(this.exports.hf_result() + 4, true);
    const words = Math.ceil(view.getUint32(row, true) / 32);
    const bit = (plane: number, slot: number) =>
      (view.getUint32(row + HEADER + 4 * (plane * words + (slot >>> 5)), true) >>> (slot & 31)) & 1;
    return slots.map((slot) => bit(0, slot) + bit(1, slot));
  }

  /** A status that is no error. */
  checked(status: number): number {
    if (status < 0) throw new Error("a call for a fleet failed");
    return status;
  }
}
