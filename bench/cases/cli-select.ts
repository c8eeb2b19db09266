import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type BenchCase,
  type Bound,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Settings,
} from "../bench-case.ts";
import { outputOf, type ProcessCost, runTogether } from "../measure/processes.ts";
import { ratioOf } from "../measure/timing.ts";

/** The command line, as a person at a shell waits for it, against Node that does nothing. */
export const cliSelect: BenchCase = {
  name: "cli-select",
  title: "The command line",
  async run({ root, effort }: Settings): Promise<CaseResult> {
    const cli = join(root, "dist/cli.js");
    if (!existsSync(cli)) return { comparisons: [], missing: ["the command line: run `npm run build`"] };
    const layout = `oci:${join(root, "examples/lammps")}`;
    const select = { args: [cli, "select", layout] };
    const probe = { args: [cli, "probe", "-o", "json"] };
    const nothing = { args: ["-e", "0"] };
    expectEqual("select names a digest", /sha256:[0-9a-f]{64}/.test(outputOf(select)), true);
    expectEqual("probe gives a host", (JSON.parse(outputOf(probe)) as { kind?: unknown }).kind, "Host");
    const [node, selected, probed] = runTogether([nothing, select, probe], effort.rounds);
    const names = ["node -e 0", "hostfit select oci:examples/lammps (with a probe)", "hostfit probe"];
    const costs = [node!, selected!, probed!];
    const part = (
      id: string,
      title: string,
      unit: Comparison["unit"],
      of: keyof ProcessCost,
    ): Comparison => ({
      id: `cli-select/${id}`,
      title,
      unit,
      rows: costs.map((cost, i) => ({ name: names[i]!, timing: cost[of], ...aimOf(cost, node!, of, i) })),
    });
    return {
      comparisons: [
        part("wall", "from start to end", "time", "wall"),
        part("cpu", "processor time", "time", "cpu"),
        part("peak", "most memory", "bytes", "peak"),
      ],
      bounds: [
        boundOf("select's time against Node's", selected!, node!, "wall", 3),
        boundOf("probe's time against Node's", probed!, node!, "wall", 3),
        boundOf("probe's memory against Node's", probed!, node!, "peak", 2),
      ],
    };
  },
};

function aimOf(
  cost: ProcessCost,
  node: ProcessCost,
  of: keyof ProcessCost,
  i: number,
): { aim?: { text: string; met: boolean } } {
  if (i === 0 || of === "cpu" || (of === "peak" && i === 1)) return {};
  const limit = of === "wall" ? 3 : 2;
  return { aim: { text: `under ${limit} times Node's`, met: ratioOf(cost[of], node[of]) < limit } };
}

function boundOf(
  what: string,
  cost: ProcessCost,
  node: ProcessCost,
  of: keyof ProcessCost,
  atMost: number,
): Bound {
  return { what, value: ratioOf(cost[of], node[of]), atMost };
}
