/** The Go binding: its own tests, its answers byte for byte beside Node's, and its examples. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { hostfit } from "../cli/harness.ts";
import { loadPage } from "../documents/pages.ts";
import { describeIf, describeWith, endsWell } from "../tools.ts";
import { ROOT, runChild } from "./child.ts";
import { rawAnswers } from "./conformance/raw-answers.ts";
import { prove } from "./conformance/readme-table.ts";

const folder = mkdtempSync(join(tmpdir(), "hostfit-go-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The binding, and what is made with it. */
const MODULES = ["bindings/go", "examples/containerd-select", "examples/scheduler"];
const hasModules = MODULES.every((cwd) =>
  endsWell("go", ["list", "-deps", "-test", "./..."], { cwd, env: { GOPROXY: "off" } }),
);

describeIf(
  hasModules,
  `go, and \`go vet ./...\` once in ${MODULES.join(", ")}, which fetches modules`,
  "Go",
  () => {
    test("passes its own tests and answers the vectors as Node does, byte for byte", {
      timeout: 300_000,
    }, () => {
      const answers = join(folder, "answers");
      runChild("go", ["test", "-count=1", "./..."], {
        cwd: "bindings/go",
        env: { HOSTFIT_ANSWERS: answers },
      });
      const lines = readFileSync(answers, "utf8").trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(1500);
      expect(lines).toEqual(rawAnswers());
      const { length: total } = lines;
      prove({
        run: "Go",
        binding: "Go",
        where: "wazero",
        right: total,
        total,
        same: "every one, byte for byte",
      });
    });

    test.each(MODULES)("is vetted and formatted: %s", { timeout: 300_000 }, (where) => {
      expect(runChild("gofmt", ["-l", "."], { cwd: where })).toBe("");
      runChild("go", ["vet", "./..."], { cwd: where });
      runChild("go", ["mod", "verify"], { cwd: where });
    });

    test("prints what docs/bindings.md says that it prints", { timeout: 300_000 }, () => {
      const { text, prints } = documented();
      const here = join(folder, "documented");
      mkdirSync(here);
      writeFileSync(join(here, "main.go"), text);
      const binding = join(ROOT, "bindings/go");
      writeFileSync(
        join(here, "go.mod"),
        `module documented\n\ngo 1.25.0\n\nrequire github.com/hostfit/hostfit/bindings/go v0.0.0\n\nreplace github.com/hostfit/hostfit/bindings/go => ${binding}\n`,
      );
      cpSync(join(binding, "go.sum"), join(here, "go.sum"));
      expect(runChild("go", ["run", "-C", here, "-mod=mod", "."])).toBe(`${prints}\n`);
      expect(runChild("gofmt", ["-l", here])).toBe("");
    });

    describeWith("python3", "as a module that somebody gets (zipped by Python)", () => {
      test("is complete: it has the core, and works in an empty project", { timeout: 300_000 }, () => {
        const name = "github.com/hostfit/hostfit/bindings/go";
        // A proxy of modules in a folder, and a release in it as docs/decisions/0018-go.md says that one is made.
        const proxy = join(folder, "proxy");
        const versions = join(proxy, name, "@v");
        const release = join(folder, "release");
        const tree = `${name}@v0.1.0`;
        mkdirSync(versions, { recursive: true });
        cpSync(join(ROOT, "bindings/go"), join(release, tree), { recursive: true });
        runChild("python3", ["-c", ZIP_FILES, join(versions, "v0.1.0.zip"), tree], { cwd: release });
        cpSync(join(ROOT, "bindings/go/go.mod"), join(versions, "v0.1.0.mod"));
        writeFileSync(join(versions, "v0.1.0.info"), JSON.stringify({ Version: "v0.1.0" }));
        writeFileSync(join(versions, "list"), "v0.1.0\n");
        const project = join(folder, "project");
        mkdirSync(project);
        writeFileSync(join(project, "main.go"), documented().text);
        const fetched = runChild("go", ["env", "GOMODCACHE"]).trim();
        const env = {
          // What it needs itself has been fetched already.
          GOPROXY: `file://${proxy},file://${join(fetched, "cache/download")}`,
          GONOSUMDB: "*",
          GOFLAGS: "-mod=mod",
          GOMODCACHE: join(folder, "modules"),
        };
        runChild("go", ["mod", "init", "-C", project, "example.com/project"], { env });
        runChild("go", ["get", "-C", project, `${name}@v0.1.0`], { env });
        expect(runChild("go", ["run", "-C", project, "."], { env })).toBe(`${documented().prints}\n`);
        runChild("go", ["clean", "-modcache"], { env });
      });
    });

    describe("examples/containerd-select", () => {
      const program = join(folder, "containerd-select");
      const store = join(folder, "store");
      const INDEX = "sha256:b45b770af41d2922b473bd2a3f995cd11c824c170bbc4d87971939acbf69a3b2";
      beforeAll(() => {
        runChild("go", ["build", "-o", program, "."], { cwd: "examples/containerd-select" });
        // containerd writes into its store.
        cpSync(join(ROOT, "examples/lammps"), store, { recursive: true });
      }, 300_000);

      function select(...argv: string[]) {
        const { status, stdout, stderr } = spawnSync(program, argv, { cwd: folder, encoding: "utf8" });
        return { status, stdout, stderr };
      }

      test("chooses from containerd's store what hostfit chooses, where containerd would take another", async () => {
        const facts = factsFile("examples/hosts/gpu.yaml");
        const { status, stdout, stderr } = select("--store", store, "--index", INDEX, "--facts", facts);
        const ours = await hostfit(
          ["select", "-q", "oci:examples/lammps", "--facts", "examples/hosts/gpu.yaml"],
          {
            cwd: ROOT,
          },
        );
        expect({ status, stdout }).toEqual({
          status: 0,
          stdout: ours.stdout.replace("oci:examples/lammps@", ""),
        });
        expect(stderr).toContain("containerd alone would take lammps amd64-v3");
      });

      test("chooses nothing for a host that nothing is known of", () => {
        const facts = join(folder, "nothing.json");
        writeFileSync(facts, '{"kind":"Host"}');
        expect(select("--store", store, "--index", INDEX, "--facts", facts)).toMatchObject({
          status: 1,
          stdout: "",
        });
      });

      test.each([
        ["no arguments", []],
        ["no digest", ["--store", store, "--index", "latest", "--facts", "gpu.json"]],
        [
          "no such index",
          ["--store", store, "--index", INDEX.replace("b45b", "b45c"), "--facts", "gpu.json"],
        ],
        ["no facts", ["--store", store, "--index", INDEX, "--facts", "none.json"]],
      ])("says what is wrong: %s", (_, argv) => {
        const { status, stdout, stderr } = select(...argv);
        expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
        expect(stderr).not.toMatch(/panic|^$/);
      });
    });

    describe("examples/scheduler", () => {
      const program = join(folder, "scheduler");
      beforeAll(() => runChild("go", ["build", "-o", program, "."], { cwd: "examples/scheduler" }), 300_000);

      function schedule(document: string, ...hosts: readonly string[]) {
        const argv = [factsFile(document), ...hosts.map(factsFile)];
        const { status, stdout, stderr } = spawnSync(program, argv, { encoding: "utf8" });
        return { status, stdout, stderr };
      }

      test("puts nodes that fit first, and says what is the matter with the others", () => {
        const hosts = ["gpu-h100", "gpu-v100", "gpu-node-feature", "unprobed"];
        const { status, stdout } = schedule(
          "examples/documents/cuda.yaml",
          ...hosts.map((name) => `examples/documents/hosts/${name}.yaml`),
        );
        expect(stdout).toMatchInlineSnapshot(`
        "100 gpu-h100
          - gpu-node-feature: org.hostfit/gpu.nvidia: found {"instances":0,"matching":0,"unknown":0,"partial":true}, wanted {"is":">=1"}; org.hostfit/gpu.nvidia: found {"instances":0,"matching":0,"unknown":0,"partial":true}, wanted {"driver":{"version":">=535"}}
          - gpu-v100: org.hostfit/gpu.nvidia: found {"instances":2,"matching":0,"unknown":0,"partial":false}, wanted {"driver":{"version":">=535"}}
          - unprobed: pci.device: found {"instances":0,"matching":0,"unknown":0,"partial":true}, wanted {"vendor":"10de","class":["0300","0302"]}; org.hostfit/gpu.nvidia: found {"instances":0,"matching":0,"unknown":0,"partial":true}, wanted {"is":">=1"}; org.hostfit/gpu.nvidia: found {"instances":0,"matching":0,"unknown":0,"partial":true}, wanted {"driver":{"version":">=535"}}
        "
      `);
        expect(status).toBe(0);
      });

      test("has no node where none fits for certain", () => {
        const { status, stdout } = schedule(
          "examples/documents/cuda.yaml",
          "examples/documents/hosts/unprobed.yaml",
        );
        expect(stdout).toMatch(/^ {2}- unprobed: /);
        expect(status).toBe(1);
      });

      test("tells a document that is refused", () => {
        expect(schedule("examples/hosts/gpu.yaml", "examples/hosts/gpu.yaml")).toMatchObject({
          status: 2,
          stderr: expect.stringContaining("the image can't be scheduled: hostfit: "),
        });
      });
    });
  },
);

/** As Go wants a module's archive: files alone, each with its path from where it runs. */
const ZIP_FILES = `
import pathlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for path in pathlib.Path(sys.argv[2]).rglob("*"):
        if path.is_file():
            archive.write(path, path.as_posix())
`;

/** The program in docs/bindings.md, and what it says that it prints. */
function documented(): { readonly text: string; readonly prints: string | undefined } {
  const blocks = loadPage("docs/bindings.md").sections.flatMap(({ fences }) => fences);
  const { text } = blocks.find(({ info }) => info[0] === "go")!;
  return { text, prints: /fmt\.Println\(.*\) \/\/ (.*)$/m.exec(text)?.[1] };
}

/** A YAML file of the project as the JSON that programs take; the file's name is kept. */
function factsFile(path: string): string {
  const file = join(folder, `${path.slice(path.lastIndexOf("/") + 1).replace(".yaml", "")}.json`);
  writeFileSync(file, JSON.stringify(parse(readFileSync(join(ROOT, path), "utf8"))));
  return file;
}
