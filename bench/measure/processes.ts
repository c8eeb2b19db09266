import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Timing, timingOf } from "./timing.ts";

/** A command of Node: `args` as after `node`. */
export interface NodeCommand {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a whole process took. */
export interface ProcessCost {
  /** From spawning to the end. */
  readonly wall: Timing;
  /** Processor time, user and system. */
  readonly cpu: Timing;
  /** The most memory that was resident, in bytes; in place of nanoseconds. */
  readonly peak: Timing;
}

/** Told at exit by the process itself: only runs that are not timed pay for it. */
const REPORT_AT_EXIT = `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require("node:fs").writeFileSync(process.env.HOSTFIT_BENCH_COST, JSON.stringify({ peak: maxRSS * 1024, cpu: (userCPUTime + systemCPUTime) * 1000 }));
});
`;

/** Runs commands in turns, `rounds` times; each must end with status 0. One round before is not counted. */
export function runTogether(commands: readonly NodeCommand[], rounds: number): ProcessCost[] {
  const walls: number[][] = commands.map(() => []);
  const costs = commands.map(() => ({ cpu: [] as number[], peak: [] as number[] }));
  const hook = join(tmpdir(), `hostfit-bench-${process.pid}.cjs`);
  const report = join(tmpdir(), `hostfit-bench-${process.pid}.json`);
  writeFileSync(hook, REPORT_AT_EXIT);
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [i, command] of commands.entries()) {
        const took = runOnce(command, [], {});
        runOnce(command, ["--require", hook], { HOSTFIT_BENCH_COST: report });
        if (round < 0) continue;
        const { cpu, peak } = JSON.parse(readFileSync(report, "utf8")) as { cpu: number; peak: number };
        walls[i]!.push(took);
        costs[i]!.cpu.push(cpu);
        costs[i]!.peak.push(peak);
      }
    }
  } finally {
    rmSync(hook, { force: true });
    rmSync(report, { force: true });
  }
  return walls.map((wall, i) => ({
    wall: timingOf(wall),
    cpu: timingOf(costs[i]!.cpu),
    peak: timingOf(costs[i]!.peak),
  }));
}

/** Output of a command that must work. */
export function outputOf(command: NodeCommand): string {
  const run = spawnSync(process.execPath, [...command.args], {
    encoding: "utf8",
    env: { ...process.env, ...command.env },
  });
  if (run.status !== 0)
    throw new Error(`node ${command.args.join(" ")} ended with ${run.status}:\n${run.stderr}`);
  return run.stdout;
}

function runOnce(
  command: NodeCommand,
  before: readonly string[],
  env: Readonly<Record<string, string>>,
): number {
  const begin = process.hrtime.bigint();
  const run = spawnSync(process.execPath, [...before, ...command.args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...command.env, ...env },
  });
  const took = Number(process.hrtime.bigint() - begin);
  if (run.status !== 0)
    throw new Error(`node ${command.args.join(" ")} ended with ${run.status}:\n${run.stderr}`);
  return took;
}
