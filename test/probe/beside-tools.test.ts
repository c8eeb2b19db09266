/** What other tools print on the machine of the tests, beside what a probe of it finds: where both say something it is the same. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { factsFrom } from "../../src/probe/elsewhere/facts-from.ts";
import type { HostFacts, InstanceSet } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { describeWith } from "../tools.ts";

async function both(program: string, ...argv: string[]): Promise<{ told: HostFacts; probed: HostFacts }> {
  const bytes = execFileSync(program, argv, { env: { PATH: process.env["PATH"], LC_ALL: "C" } });
  const { host: told } = await factsFrom([{ name: program, bytes }]);
  const { host: probed } = await probe({ surroundings: "host", env: {} });
  return { told, probed };
}

describeWith("lscpu", "lscpu -J beside a probe", () => {
  it("tells the same processor, and denies nothing that the probe finds", async () => {
    const { told, probed } = await both("lscpu", "-J");
    for (const [feature, { elements, scope }] of Object.entries(told.features.flags)) {
      const seen = probed.features.flags[feature]?.elements ?? {};
      expect(Object.keys(elements), feature).toEqual(Object.keys(seen));
      expect(scope, feature).toBeDefined();
    }
    for (const [feature, { elements }] of Object.entries(told.features.attributes)) {
      const seen = probed.features.attributes[feature]?.elements;
      if (seen !== undefined) expect(seen, feature).toMatchObject(elements);
    }
    const [platform] = told.platforms ?? [];
    expect(probed.platforms?.[0]).toMatchObject({ ...platform });
  });
});

describeWith("lspci", "lspci -nnmm beside a probe", () => {
  const identities = (set: InstanceSet | undefined): string[] =>
    (set?.elements ?? [])
      .map(({ attributes: { class: kind, vendor, device } }) => [kind, vendor, device].join(" "))
      .sort();

  it("tells the same devices", async () => {
    const { told, probed } = await both("lspci", "-nnmm");
    const seen = probed.features.instances["pci.device"];
    if (seen === undefined || seen.partial === true) return;
    expect(identities(told.features.instances["pci.device"])).toEqual(identities(seen));
  });
});
