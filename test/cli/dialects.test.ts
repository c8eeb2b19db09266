import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hostfit } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "hostfit-dialects-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const NFD = `version: v1alpha1
compatibilities:
  - rules:
      - name: vector instructions
        matchFeatures:
          - feature: cpu.cpuid
            matchExpressions: { AVX2: { op: Exists } }
`;

describe("a document of NFD's dialect in a file", () => {
  test.each([
    ["gpu", 0, "compatible"],
    ["old", 1, "incompatible"],
  ])("is judged by --requirements: %s", async (host, status, verdict) => {
    const facts = `examples/hosts/${host}.yaml`;
    const run = await hostfit([
      "check",
      "--requirements",
      file("nfd.yaml", NFD),
      "--facts",
      facts,
      "-o",
      "json",
    ]);
    expect(run.status).toBe(status);
    expect(JSON.parse(run.stdout)).toMatchObject({ verdict });
  });

  test("of a version that isn't known ends as any such document does", async () => {
    const later = file("later.yaml", NFD.replace("v1alpha1", "v1alpha2"));
    const run = await hostfit(["check", "--requirements", later, "--facts", "examples/hosts/gpu.yaml"]);
    expect(run.status).toBe(7);
  });
});
