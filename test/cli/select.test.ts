import { describe, expect, test } from "vitest";
import { hostfit } from "./harness.ts";

const IMAGE = "oci:examples/lammps";
const facts = (host: string): string[] => ["--facts", `examples/hosts/${host}.yaml`];

interface Candidate {
  readonly digest: string;
  readonly annotations: Record<string, string>;
  readonly verdict: string;
  readonly decidedBy: string;
  readonly score: number;
  readonly documents: readonly { origin: string }[];
}

interface Selection {
  readonly digest: string | null;
  readonly reference: string | null;
  readonly platform: unknown;
  readonly runtime: unknown;
  readonly candidates: readonly Candidate[];
}

async function selection(...argv: string[]): Promise<Selection> {
  return JSON.parse((await hostfit(["select", IMAGE, ...argv, "-o", "json"])).stdout) as Selection;
}

const title = (candidate: Candidate | undefined): string =>
  candidate?.annotations["org.opencontainers.image.title"]?.replace("lammps ", "") ?? "";

describe("select", () => {
  test.each([
    ["gpu", "amd64-cuda", ["amd64-cuda", "amd64-v3", "amd64-v2", "amd64", "amd64-v4", "arm64"]],
    ["arm", "arm64", ["arm64", "amd64", "amd64-v2", "amd64-v3", "amd64-v4", "amd64-cuda"]],
  ])("on the host %s chooses %s", async (host, chosen, order) => {
    const answer = await selection(...facts(host));
    expect(answer.candidates.map(title)).toEqual(order);
    const found = answer.candidates.find(({ digest }) => digest === answer.digest);
    expect(title(found)).toBe(chosen);
    expect(answer.reference).toBe(`${IMAGE}@${answer.digest}`);
  });

  test("gives the runtime that the author prefers and the host has", async () => {
    expect((await selection(...facts("gpu"))).runtime).toEqual({ type: "nvidia", handler: "nvidia" });
  });

  test("on this machine chooses something that fits, from facts that it probed", async () => {
    const { status, stdout } = await hostfit(["select", IMAGE]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^chosen {2}oci:examples\/lammps@sha256:[a-f0-9]{64}$/m);
    expect(stdout).toMatch(/^host {3}this machine/m);
    expect(stdout).toContain("gpu: pci.device: 0 of");
  });

  test("--quiet prints repo@digest and nothing else", async () => {
    const { digest } = await selection(...facts("gpu"));
    const outcome = await hostfit(["select", "-q", IMAGE, ...facts("gpu")]);
    expect(outcome).toEqual({ status: 0, stdout: `${IMAGE}@${digest}\n`, stderr: "" });
  });

  test("--quiet prints no undetermined candidate, unless that is allowed", async () => {
    expect(await hostfit(["select", "-q", IMAGE, ...facts("unseen")])).toEqual({
      status: 2,
      stdout: "",
      stderr: "",
    });
    const allowed = await hostfit(["select", "-q", IMAGE, ...facts("unseen"), "--allow-undetermined"]);
    expect(allowed.status).toBe(0);
    expect(allowed.stdout).toMatch(/^oci:examples\/lammps@sha256:[a-f0-9]{64}\n$/);
  });

  test("what it prints can be selected from, checked and inspected again", async () => {
    const reference = (await hostfit(["select", "-q", IMAGE, ...facts("gpu")])).stdout.trim();
    for (const command of ["select", "check", "inspect"]) {
      const { status } = await hostfit([command, reference, ...(command === "inspect" ? [] : facts("gpu"))]);
      expect([command, status]).toEqual([command, 0]);
    }
  });

  test("says when nothing fits, and gives each candidate's reasons", async () => {
    const { status, stdout } = await hostfit(["select", IMAGE, ...facts("old")]);
    expect(status).toBe(1);
    expect(stdout).toContain("nothing in this image fits this host");
    expect(stdout).toContain("kernel.version full: found 3.10.0-1160.el7.x86_64, wanted: version >=4.18");
    expect(stdout).toContain("the C library in the image needs Linux 4.18 or newer");
  });

  test("asks for no document of a candidate that its platform rules out", async () => {
    const { candidates } = await selection(...facts("arm"));
    expect(candidates.map(({ documents }) => documents.length)).toEqual([1, 0, 0, 0, 0, 0]);
  });

  test("reads documents from the index and from referrers", async () => {
    const { candidates } = await selection(...facts("gpu"));
    expect(candidates.map((one) => [title(one), one.documents.map(({ origin }) => origin).join()])).toEqual([
      ["amd64-cuda", "inline"],
      ["amd64-v3", "inline"],
      ["amd64-v2", "attached"],
      ["amd64", "attached"],
      ["amd64-v4", ""],
      ["arm64", ""],
    ]);
  });
});

describe("--platform", () => {
  test.each([
    ["linux/amd64", ["amd64-cuda", "amd64-v3", "amd64-v2", "amd64", "amd64-v4"]],
    ["linux/amd64/v3", ["amd64-v3"]],
    ["linux/amd64/v1", ["amd64-cuda", "amd64"]],
    ["Linux/x86_64/v2", ["amd64-v2"]],
    ["linux/arm64", ["arm64"]],
    ["linux/aarch64/v8", ["arm64"]],
  ])("%s leaves %j", async (platform, order) => {
    const outcome = await hostfit(["rank", IMAGE, ...facts("gpu"), "--platform", platform, "-o", "json"]);
    expect((JSON.parse(outcome.stdout) as Selection).candidates.map(title)).toEqual(order);
  });

  test.each([
    ["linux/s390x", 1, "no-candidate"],
    ["linux", 3, "bad-platform"],
    ["linux/amd64/v1/x", 3, "bad-platform"],
  ])("%s ends with %i and %s", async (platform, status, code) => {
    const outcome = await hostfit(["select", IMAGE, ...facts("gpu"), "--platform", platform]);
    expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({ status, stdout: "" });
    expect(outcome.stderr).toContain(`error ${code}:`);
  });
});

describe("check", () => {
  test.each([
    [["--platform", "linux/arm64"], 1, "the best of that platform", "incompatible"],
    [[], 0, "the one that would be chosen", "compatible"],
  ])("of an image with %j says which candidate it judged", async (argv, status, why, verdict) => {
    const outcome = await hostfit(["check", IMAGE, ...facts("gpu"), ...argv]);
    expect(outcome.status).toBe(status);
    expect(outcome.stdout).toContain(why);
    expect(outcome.stdout).toMatch(new RegExp(`^${verdict}`, "m"));
  });

  test("of a document alone needs no image", async () => {
    const document = ["--requirements", "examples/lammps-src/amd64-cuda.yaml"];
    expect((await hostfit(["check", ...document, ...facts("gpu")])).status).toBe(0);
    expect((await hostfit(["check", ...document, ...facts("old")])).status).toBe(1);
    expect((await hostfit(["check", ...document, ...facts("unseen")])).status).toBe(2);
  });

  test("--quiet prints nothing", async () => {
    expect(await hostfit(["check", "-q", IMAGE, ...facts("old")])).toEqual({
      status: 1,
      stdout: "",
      stderr: "",
    });
  });

  test("--requirements takes the place of the image's own documents", async () => {
    const outcome = await hostfit(["rank", IMAGE, ...facts("gpu"), "--requirements", "-", "-o", "json"], {
      stdin:
        'apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { candidate.platform: { variant: "v2" } }\n',
    });
    const { candidates } = JSON.parse(outcome.stdout) as Selection;
    expect(candidates.filter(({ verdict }) => verdict === "compatible").map(title)).toEqual(["amd64-v2"]);
  });
});

describe("--policy", () => {
  const policy = (text: string): Promise<{ stdout: string; status: number; stderr: string }> =>
    hostfit(["rank", IMAGE, ...facts("gpu"), "--policy", "-", "-o", "json"], {
      stdin: `apiVersion: hostfit/v1.0\nkind: Policy\n${text}\n`,
    });

  test("orders candidates by the administrator's preferences before the author's", async () => {
    const { stdout } = await policy(
      "prefers: [{ weight: 1, when: { candidate.platform: { variant: v2 } } }]",
    );
    const { candidates } = JSON.parse(stdout) as Selection;
    expect(title(candidates[0])).toBe("amd64-v2");
    expect(candidates[0]?.decidedBy).toBe("policy");
  });

  test("excludes what it does not allow", async () => {
    const { stdout } = await policy("requires: { candidate.platform: { variant: { exists: true } } }");
    const { candidates } = JSON.parse(stdout) as Selection;
    const fitting = candidates.filter(({ verdict }) => verdict === "compatible").map(title);
    expect(fitting).toEqual(["amd64-v3", "amd64-v2"]);
  });

  test("with a mistake is an error with its place", async () => {
    const { status, stderr } = await policy("prefres: []");
    expect(status).toBe(4);
    expect(stderr).toContain('"code":"unknown-key"');
  });
});

describe("text for people", () => {
  const sequence = "\u001b[";

  test.each([
    ["in a pipe", {}, "none", false],
    ["on a terminal", {}, "both", true],
    ["on a dumb terminal", { TERM: "dumb" }, "both", false],
    ["on a terminal with NO_COLOR", { NO_COLOR: "1" }, "both", false],
    ["in a pipe with FORCE_COLOR", { FORCE_COLOR: "1" }, "none", true],
    ["on a terminal with FORCE_COLOR=0", { FORCE_COLOR: "0" }, "both", false],
  ] as const)("%s has the colour that belongs there", async (_where, env, tty, coloured) => {
    const text = await hostfit(["select", IMAGE, ...facts("gpu")], { env, tty });
    const error = await hostfit(["select", "oci:nowhere"], { env, tty });
    expect(text.stdout.includes(sequence)).toBe(coloured);
    expect(error.stderr.includes(sequence)).toBe(coloured);
  });

  test("is the same with and without colour", async () => {
    const plain = await hostfit(["rank", IMAGE, ...facts("gpu")]);
    const coloured = await hostfit(["rank", IMAGE, ...facts("gpu")], { tty: "both", columns: 200 });
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, "")).toBe(plain.stdout);
  });

  test("a document that is given in place of the image's own is named", async () => {
    const argv = [IMAGE, ...facts("gpu"), "--requirements", "examples/lammps-src/arm64.yaml"];
    for (const command of ["select", "rank", "check"]) {
      expect((await hostfit([command, ...argv])).stdout).toMatch(
        /^document +examples\/lammps-src\/arm64.yaml +in place of the image's own$/m,
      );
      expect((await hostfit([command, IMAGE, ...facts("gpu")])).stdout).not.toMatch(/^document/m);
    }
  });

  test.each([
    ["rank"],
    ["select"],
    ["check"],
    ["lint"],
    ["list"],
    ["--help"],
    ["check --help"],
    ["embed --help"],
  ])("%s fits a terminal of 60 columns", async (command) => {
    const host = command === "list" ? [] : facts("old");
    const argv = command.includes("help") ? command.split(" ") : [command, IMAGE, ...host];
    const { stdout } = await hostfit(argv, { tty: "both", columns: 60, env: { NO_COLOR: "1" } });
    expect(stdout).not.toBe("");
    // Words that are longer than that (digests, references, an example's command) can't be broken.
    const long = stdout.split("\n").filter((line) => line.length > 60 && !/^ *(?:\$ .*|\S+)$/.test(line));
    expect(long).toEqual([]);
  });
});
