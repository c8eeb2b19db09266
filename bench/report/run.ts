import { cpus, totalmem } from "node:os";
import type { CaseResult } from "../bench-case.ts";
import type { Calibration } from "../measure/calibration.ts";

/** The machine that a run was on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly node: string;
  readonly v8: string;
  readonly system: string;
  readonly load: readonly number[];
}

/** Everything that a run of the program found. */
export interface Run {
  readonly date: string;
  readonly machine: Machine;
  readonly calibration: Calibration;
  readonly cases: readonly (CaseResult & { readonly name: string; readonly title: string })[];
}

export function thisMachine(load: readonly number[]): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: totalmem(),
    node: process.version,
    v8: process.versions.v8,
    system: `${process.platform} ${process.arch}`,
    load,
  };
}
