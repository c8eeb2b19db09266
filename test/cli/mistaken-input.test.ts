import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Content, temporaryFolder } from "../registry/content.ts";
import { hostfit, ROOT } from "./harness.ts";

const FACTS = "examples/hosts/gpu.yaml";
const NEEDS = "examples/lammps-src/arm64.yaml";
const VOCABULARY = "examples/vocabularies/mpich.yaml";
const folder = temporaryFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const POLICY = file("policy.yaml", "apiVersion: hostfit/v1.0\nkind: Policy\n");
const NFD = file(
  "nfd.yaml",
  "version: v1alpha1\ncompatibilities:\n  - rules: [{ name: a, matchFeatures: [{ feature: cpu.cpuid, matchExpressions: { AVX2: { op: Exists } } }] }]\n",
);
const POD = file("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n");

const OTHERS: [option: string, given: string, says: string, help: string][] = [
  ["--facts", POLICY, '"Policy" stands where facts about a host are expected', "goes with --policy"],
  [
    "--facts",
    NEEDS,
    '"Requirements" stands where facts about a host are expected',
    "goes with --requirements",
  ],
  ["--facts", NFD, "NFD's document about an image stands where facts", "goes with --requirements"],
  ["--facts", VOCABULARY, '"Vocabulary" stands where facts', "goes with --vocabulary"],
  ["--facts", POD, '"Pod" stands where facts', "check the path"],
  [
    "--policy",
    FACTS,
    '"Host" stands where an administrator\'s policy is expected (kind: Policy)',
    "goes with --facts",
  ],
  ["--policy", NEEDS, '"Requirements" stands where an administrator\'s policy', "goes with --requirements"],
  [
    "--policy",
    NFD,
    "NFD's document about an image stands where an administrator's",
    "goes with --requirements",
  ],
  ["--requirements", FACTS, '"Host" stands where a document about what an image needs', "goes with --facts"],
  [
    "--requirements",
    POLICY,
    '"Policy" stands where a document about what an image needs',
    "goes with --policy",
  ],
  ["--requirements", POD, '"Pod" stands where a document about what an image needs', "check the path"],
];

describe("a document of another kind", () => {
  test.each(OTHERS)("%s %s: what stands there, and what is expected", async (option, given, says, help) => {
    const host = option === "--facts" ? [] : ["--facts", FACTS];
    const outcome = await hostfit(["check", "oci:examples/lammps", option, given, ...host]);
    expect([outcome.status, outcome.stdout]).toEqual([4, ""]);
    expect(outcome.stderr).toContain("error wrong-kind:");
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).toContain(help);
    expect(outcome.stderr).toMatch(/\.yaml:\d+:\d+: error/);
  });

  test("a mistake in a document of the right kind is told as that mistake, once, with its place", async () => {
    const path = file("mistake.yaml", "apiVersion: hostfit/v1.0\nkind: Policy\nallowUndetermined: perhaps\n");
    const { stderr } = await hostfit(["check", "oci:examples/lammps", "--facts", FACTS, "--policy", path]);
    expect(stderr.split("\n")[0]).toBe(`${path}:3:20: error wrong-type: wrong type: perhaps`);
  });
});

describe("a document that is nested too deeply", () => {
  const deep = (open: string, close: string, core: string): string =>
    open.repeat(140) + core + close.repeat(140);
  test.each([
    ["yaml", deep("{not: ", "}", "{cpu.cpuid: [A]}"), "yaml-depth"],
    ["json", deep('{"not":', "}", '{"cpu.cpuid":["A"]}'), "too-deep"],
  ])("%s: the place is told, by check as by lint", async (form, condition, code) => {
    const head =
      form === "yaml"
        ? "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires:\n  "
        : '{"apiVersion":"hostfit/v1.0",\n"kind":"Requirements",\n"requires":\n  ';
    const path = file(`deep.${form}`, `${head}${condition}${form === "yaml" ? "\n" : "}\n"}`);
    const check = await hostfit(["check", "--requirements", path, "--facts", FACTS]);
    const lint = await hostfit(["lint", path]);
    const column = 3 + (form === "yaml" ? 6 : 7) * 127;
    for (const text of [check.stderr, lint.stdout]) {
      const [place = "", line, found] = /^(.*?):(\d+):(\d+): error/.exec(text)?.slice(0) ?? [];
      expect(place).not.toBe("");
      expect([line, found]).toEqual([path, "4"]);
      expect(text).toContain(`${path}:4:`);
      expect(text).toContain(`error ${code}:`);
      expect(Math.abs(Number(/:4:(\d+):/.exec(text)?.[1]) - column)).toBeLessThanOrEqual(14);
      expect(text).toContain("flatter");
    }
    expect([check.status, lint.status]).toEqual([4, 4]);
  });
});

describe("a path where an image belongs", () => {
  const cwd = join(folder, "elsewhere");
  mkdirSync(join(cwd, "plain"), { recursive: true });
  cpSync(join(ROOT, "examples/lammps"), join(cwd, "lammps"), { recursive: true });
  cpSync(join(ROOT, NEEDS), join(cwd, "needs.yaml"));
  writeFileSync(join(cwd, "image.tar"), "");

  /** As on a machine without a network. */
  const run = (...argv: string[]) =>
    hostfit([...argv, "--offline"], { cwd, env: { HOSTFIT_CACHE: join(folder, "cache") } });

  test.each([
    ["select", "lammps", "did you mean oci:lammps?"],
    ["select", "./lammps", "did you mean oci:./lammps?"],
    ["check", "./lammps", "did you mean oci:./lammps?"],
    ["inspect", "./lammps/", "did you mean oci:./lammps/?"],
    ["lint", "lammps", "did you mean oci:lammps?"],
    ["lint", "./lammps", "did you mean oci:./lammps?"],
    ["lint", ".", '"." is a folder'],
    ["select", "./plain", "there is no image layout in the folder ./plain"],
    ["check", "./needs.yaml", "did you mean --requirements ./needs.yaml?"],
    ["check", "needs.yaml", "did you mean --requirements needs.yaml?"],
    ["inspect", "./needs.yaml", "hostfit lint ./needs.yaml looks at a document"],
    ["select", "./image.tar", "did you mean oci-archive:./image.tar?"],
  ])("hostfit %s %s: %s", async (command, argument, says) => {
    const outcome = await run(command, argument);
    expect(outcome.stderr).toContain(says);
    expect(outcome.stdout).toBe("");
    expect([4, 5]).toContain(outcome.status);
  });

  test("nothing is said of paths where there is none", async () => {
    const { stderr } = await run("select", "nowhere");
    expect(stderr).not.toContain("did you mean");
    expect(stderr).not.toMatch(/is a folder|in the folder|is a file/);
  });
});

describe("lint of a file, with facts and a policy beside it", () => {
  const BAD_POLICY = file("bad-policy.yaml", "apiVersion: hostfit/v1.0\nkind: Policy\nonMissing: maybe\n");
  const BAD_FACTS = file("bad-facts.yaml", "apiVersion: hostfit/v1.0\nkind: Host\nplatform: []\n");

  test.each([
    [["--policy", BAD_POLICY], "bad-policy.yaml:3:12: error bad-value:"],
    [["--facts", BAD_FACTS], "bad-facts.yaml:3:1: error unknown-key:"],
    [["--policy", join(folder, "nowhere.yaml")], "error file-not-found:"],
    [["--policy", FACTS], "error wrong-kind:"],
  ])("%j: what is wrong with them is an error", async (options, says) => {
    const outcome = await hostfit(["lint", NEEDS, ...options]);
    expect([outcome.status, outcome.stdout]).toEqual([4, ""]);
    expect(outcome.stderr).toContain(says);
  });

  test("good ones change nothing", async () => {
    const outcome = await hostfit(["lint", NEEDS, "--policy", POLICY, "--facts", FACTS]);
    expect(outcome).toEqual({ status: 0, stdout: `${NEEDS}: nothing wrong\n`, stderr: "" });
  });

  test("one of them alone can come from standard input", async () => {
    const outcome = await hostfit(["lint", "-", "--policy", "-"], { stdin: readFileSync(POLICY, "utf8") });
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain("once");
  });
});

describe("an error about a document in an index", () => {
  const layout = (name: string, annotations: Record<string, string>): string => {
    const content = new Content();
    const platforms = [
      { os: "linux", architecture: "arm64" },
      { os: "linux", architecture: "amd64" },
    ];
    const { index } = content.platforms(platforms, (position) =>
      position === 1 ? { annotations: { "org.opencontainers.image.title": "app", ...annotations } } : {},
    );
    content.tag("1", index);
    return `oci:${content.writeLayout(join(folder, name))}`;
  };
  const inline = (document: unknown) => ({ "io.hostfit.requirements": JSON.stringify(document) });
  const NATIVE = { apiVersion: "hostfit/v1.0", kind: "Requirements" };

  test.each([
    ["mistake", inline({ ...NATIVE, requires: 3 }), "wrong-type", "wrong type: 3 at /requires"],
    ["newer", inline({ ...NATIVE, apiVersion: "hostfit/v1.9" }), "unsupported-version", "at /apiVersion"],
  ])("%s: names the image, the variant and, once, the document", async (name, annotations, code, says) => {
    const image = layout(name, annotations);
    const { stderr } = await hostfit(["check", image, "--facts", FACTS]);
    const [message = ""] = stderr.split("\n");
    expect(message).toContain(`error ${code}: ${image}: the document of linux/amd64 "app" (sha256:`);
    expect(message).toContain(says);
    expect(message.match(/sha256:/g)).toHaveLength(1);
    const json = JSON.parse((await hostfit(["check", image, "--facts", FACTS, "-o", "json"])).stderr);
    expect(json.details.document).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("one that is demanded and missing: the image and the variant, by lint among its findings", async () => {
    const image = layout("missing", { "io.hostfit.requirements.consult": "true" });
    const check = await hostfit(["check", image, "--facts", FACTS]);
    expect(check.stderr).toContain(`${image}: the document of linux/amd64 "app" (sha256:`);
    const lint = await hostfit(["lint", image, "--facts", FACTS]);
    expect(lint.status).toBe(4);
    expect(lint.stdout).toContain('error document-missing: linux/amd64 "app" demands a document');
  });

  test("lint says whose document its findings are about", async () => {
    const image = layout("lint", inline({ ...NATIVE, requires: 3 }));
    const { stdout } = await hostfit(["lint", image, "--facts", FACTS]);
    expect(stdout).toMatch(
      /^the document of linux\/amd64 "app"\nsha256:[0-9a-f]{64}:1:\d+: error wrong-type:/m,
    );
  });

  test("a platform that the image hasn't got: those that it has", async () => {
    const outcome = await hostfit(["check", layout("offer", {}), "--platform", "linux/s390x"]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain("it has linux/arm64, linux/amd64;");
  });
});

describe("a file to write that can't be one", () => {
  test.each([
    ["a folder", folder, "is a folder, not a file"],
    ["a file in a folder that is not there", join(folder, "none", "x.json"), "its folder is not there"],
  ])("%s", async (_what, path, says) => {
    const argv = ["pull", "oci:examples/lammps", "--platform", "linux/arm64", "--file", path];
    const outcome = await hostfit(argv);
    expect([outcome.status, outcome.stdout]).toEqual([4, ""]);
    expect(outcome.stderr).toContain("error file-unwritable:");
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).toMatch(/\n {2}help: /);
  });
});
