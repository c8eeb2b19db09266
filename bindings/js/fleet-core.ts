import { Core, type CoreExports } from "./core.ts";
import { notHostfit } from "./load.ts";

/** The exports that hostfit-fleet.wasm has beside those of hostfit.wasm: docs/abi.md, "Fleets". */
export interface FleetExports extends CoreExports {
  hf_fleet(): number;
  hf_fleet_put(fleet: number, slot: number, facts: number, length: number): number;
  hf_fleet_remove(fleet: number, slot: number): number;
  hf_fleet_size(fleet: number, what: number): number;
  hf_fleet_trim(fleet: number): number;
  hf_fleet_row(
    fleet: number,
    requirements: number,
    policy: number,
    length: number,
    parts: number,
    best: number,
  ): number;
  hf_fleet_rows(fleet: number, count: number): number;
  hf_fleet_evaluate(
    fleet: number,
    slot: number,
    requirements: number,
    policy: number,
    length: number,
  ): number;
}

/** What one row is asked for. */
export interface RowCall {
  readonly requirements: number;
  readonly policy: number;
  readonly candidate: Uint8Array | null;
  readonly parts: number;
  readonly best: number;
}

const CACHE_SETTING = 2;

/** An instance of the core that holds fleets. */
export class FleetCore extends Core {
  constructor(exports: CoreExports, seed: readonly [number, number]) {
    super(exports, seed);
    if (typeof (exports as FleetExports).hf_fleet !== "function") throw notHostfit();
  }

  /** Sets how many bytes of evaluated tests each fleet keeps. */
  setCache(bytes: number): void {
    this.ask((core) => core.hf_set(CACHE_SETTING, bytes));
  }

  createFleet(): number {
    return this.ask((core) => (core as FleetExports).hf_fleet());
  }

  /** Puts a host, a handle or JSON, into a slot; -1: into a free one. The slot. */
  put(fleet: number, slot: number, host: number | Uint8Array): number {
    if (typeof host === "number")
      return this.ask((core) => (core as FleetExports).hf_fleet_put(fleet, slot, host, 0));
    return this.ask((core, length) => (core as FleetExports).hf_fleet_put(fleet, slot, 0, length), host);
  }

  remove(fleet: number, slot: number): void {
    this.ask((core) => (core as FleetExports).hf_fleet_remove(fleet, slot));
  }

  /** Forgets the evaluated tests of a fleet. */
  trim(fleet: number): void {
    this.ask((core) => (core as FleetExports).hf_fleet_trim(fleet));
  }

  /** The bytes of a row. */
  row(fleet: number, { requirements, policy, candidate, parts, best }: RowCall): Uint8Array<ArrayBuffer> {
    this.ask(
      (core, length) => (core as FleetExports).hf_fleet_row(fleet, requirements, policy, length, parts, best),
      candidate ?? undefined,
    );
    return this.answerBytes();
  }

  /** The bytes of a row for each document. */
  rows(fleet: number, requirements: readonly number[]): Uint8Array<ArrayBuffer> {
    const handles = new Uint8Array(requirements.length * 4);
    const view = new DataView(handles.buffer);
    for (const [i, handle] of requirements.entries()) view.setUint32(4 * i, handle, true);
    this.ask((core) => (core as FleetExports).hf_fleet_rows(fleet, requirements.length), handles);
    return this.answerBytes();
  }

  /** The verdict of a cell as JSON text. */
  evaluateCell(
    fleet: number,
    slot: number,
    requirements: number,
    policy: number,
    candidate: Uint8Array | null,
  ): string {
    this.ask(
      (core, length) => (core as FleetExports).hf_fleet_evaluate(fleet, slot, requirements, policy, length),
      candidate ?? undefined,
    );
    return this.answerText();
  }
}
