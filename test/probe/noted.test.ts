import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { withNotes } from "../../src/probe/noted.ts";
import { hostfit } from "../cli/harness.ts";

const folder = mkdtempSync(join(tmpdir(), "hostfit-noted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOST = {
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  name: "n",
  features: { flags: {}, attributes: {}, instances: {} },
} as const;

describe("the facts carry their notes", () => {
  test("by feature, with the file and the errno", () => {
    const notes = [
      { feature: "system.dmiid", file: "/sys/b", code: "EACCES", message: "permission denied" },
      { feature: "", file: "", code: "too-many-notes", message: "3 further notes are not shown" },
      { feature: "system.dmiid", file: "/sys/a", code: "EIO", message: "input/output error" },
    ];
    expect(withNotes(HOST, notes)).toEqual({
      ...HOST,
      annotations: {
        "io.hostfit.note": "too-many-notes: 3 further notes are not shown",
        "io.hostfit.note.system.dmiid": "/sys/b: EACCES: permission denied\n/sys/a: EIO: input/output error",
      },
    });
  });

  test("facts without notes are as they are", () => {
    expect(withNotes(HOST, [])).toBe(HOST);
  });

  test("a probe's JSON and YAML have them, the core reads them, and --quiet leaves them out", async () => {
    mkdirSync(join(folder, "proc/sys/kernel"), { recursive: true });
    mkdirSync(join(folder, "sys"));
    // A folder where a file is expected can be read by nobody, root included.
    mkdirSync(join(folder, "proc/sys/kernel/osrelease"));
    writeFileSync(join(folder, "proc/cpuinfo"), "");
    chmodSync(join(folder, "proc"), 0o755);
    const argv = ["probe", "--host-root", folder, "--only", "kernel.version"];
    const { stdout, stderr } = await hostfit([...argv, "-o", "json"]);
    const facts = JSON.parse(stdout) as { annotations: Record<string, string> };
    const note = facts.annotations["io.hostfit.note.kernel.version"] ?? "";
    expect(note).toMatch(/^\/proc\/sys\/kernel\/osrelease: [A-Za-z-]+: /);
    expect(stderr).toContain("/proc/sys/kernel/osrelease");
    using matcher = await createMatcher();
    matcher.facts(stdout).dispose();
    const linted = await hostfit(["lint", "-"], { stdin: (await hostfit([...argv, "-o", "yaml"])).stdout });
    expect(linted.stdout).toBe("(stdin): nothing wrong\n");
    expect((await hostfit([...argv, "-o", "json", "-q"])).stdout).not.toContain("io.hostfit.note");
  });
});
