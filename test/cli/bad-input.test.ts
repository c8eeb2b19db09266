import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Content, temporaryFolder } from "../registry/content.ts";
import { FakeRegistry } from "../registry/fake-registry.ts";
import { hostfit } from "./harness.ts";

const PLATFORM = { os: "linux", architecture: "amd64" };
const FACTS = ["--facts", "examples/hosts/gpu.yaml"];
const folder = temporaryFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A layout with one image, whose index entry has these annotations. */
function layout(
  name: string,
  annotations: Record<string, string>,
  damage?: (content: Content) => void,
): string {
  const content = new Content();
  const { index } = content.platforms([PLATFORM], () => ({ annotations }));
  content.tag("1", index);
  damage?.(content);
  return `oci:${content.writeLayout(join(folder, name))}`;
}

/** Adds a blob whose bytes are not those of its digest. */
function damagedBlob(content: Content): string {
  const { digest } = content.blob("the right bytes", "application/octet-stream");
  content.blobs.set(digest, new TextEncoder().encode("other bytes"));
  return digest;
}

const EMPTY_INDEX = ((): string => {
  const content = new Content();
  content.tag("1", content.index([]));
  return `oci:${content.writeLayout(join(folder, "empty-index"))}`;
})();

const ARTIFACT = ((): string => {
  const content = new Content();
  content.tag("1", content.artifact(content.image(PLATFORM)));
  return `oci:${content.writeLayout(join(folder, "artifact"))}:1`;
})();

const PINNED_WRONG = ((): string => {
  let digest = "";
  const content = new Content();
  digest = damagedBlob(content);
  const { index } = content.platforms([PLATFORM], () => ({
    annotations: { "io.hostfit.requirements.digest": digest },
  }));
  content.tag("1", index);
  return `oci:${content.writeLayout(join(folder, "pinned-wrong"))}`;
})();

const DAMAGED_INDEX = ((): string => {
  const content = new Content();
  const { index } = content.platforms([PLATFORM]);
  content.tag("1", index);
  content.blobs.set(index.digest, new Uint8Array(index.size).fill(32));
  return `oci:${content.writeLayout(join(folder, "damaged-index"))}`;
})();

const inline = (document: unknown): Record<string, string> => ({
  "io.hostfit.requirements": typeof document === "string" ? document : JSON.stringify(document),
});
const NATIVE = { apiVersion: "hostfit/v1.0", kind: "Requirements" };

const CASES: [what: string, argv: string[], status: number, code: string, says: string][] = [
  [
    "a file that is not there",
    ["check", "--requirements", join(folder, "no.yaml"), ...FACTS],
    4,
    "file-not-found",
    "no.yaml",
  ],
  [
    "facts that are not there",
    ["select", "oci:examples/lammps", "--facts", join(folder, "no.yaml")],
    4,
    "file-not-found",
    "no.yaml",
  ],
  [
    "a folder in place of a file",
    ["check", "--requirements", folder, ...FACTS],
    4,
    "file-unreadable",
    "is a folder",
  ],
  [
    "a YAML error",
    ["check", "--requirements", file("syntax.yaml", "a: [1,\nb"), ...FACTS],
    4,
    "yaml-syntax",
    "syntax.yaml:",
  ],
  [
    "an unknown key",
    [
      "check",
      "--requirements",
      file("key.yaml", "apiVersion: hostfit/v1.0\nkind: Requirements\nrequire: {}\n"),
      ...FACTS,
    ],
    4,
    "unknown-key",
    "key.yaml:3:1:",
  ],
  [
    "a wrong type",
    [
      "check",
      "--requirements",
      file("type.yaml", "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: 3\n"),
      ...FACTS,
    ],
    4,
    "wrong-type",
    "type.yaml:3:11:",
  ],
  [
    "an unknown key in JSON",
    [
      "check",
      "--requirements",
      file("key.json", '{"apiVersion":"hostfit/v1.0",\n "kind":"Requirements",\n "nonsense":1}'),
      ...FACTS,
    ],
    4,
    "unknown-key",
    "key.json:3:2:",
  ],
  [
    "an unsupported version",
    [
      "check",
      "--requirements",
      file("version.yaml", "apiVersion: hostfit/v1.7\nkind: Requirements\n"),
      ...FACTS,
    ],
    7,
    "unsupported-version",
    "version.yaml:1:13:",
  ],
  [
    "facts with a mistake",
    [
      "select",
      "oci:examples/lammps",
      "--facts",
      file("facts.yaml", "apiVersion: hostfit/v1.0\nkind: Host\nplatform: []\n"),
    ],
    4,
    "unknown-key",
    "facts.yaml:3:1:",
  ],
  [
    "a layout that is not there",
    ["select", `oci:${join(folder, "nowhere")}`, ...FACTS],
    4,
    "layout-invalid",
    "nowhere",
  ],
  [
    "a tag that is not there",
    ["select", "oci:examples/lammps:nope", ...FACTS],
    4,
    "manifest-unknown",
    "29Aug2024",
  ],
  [
    "an index with no manifests",
    ["select", EMPTY_INDEX, ...FACTS],
    4,
    "no-image",
    "the index lists no image",
  ],
  ["an artifact", ["inspect", ARTIFACT], 4, "no-image", "an artifact of type"],
  ["an index whose digest is wrong", ["select", DAMAGED_INDEX, ...FACTS], 4, "digest-mismatch", "sha256:"],
  ["a document whose digest is wrong", ["check", PINNED_WRONG, ...FACTS], 4, "digest-mismatch", "sha256:"],
  ["a document whose digest is wrong", ["select", PINNED_WRONG, ...FACTS], 4, "digest-mismatch", "sha256:"],
  [
    "a document that is no JSON",
    ["check", layout("no-json", inline("{")), ...FACTS],
    4,
    "invalid-json",
    "sha256:",
  ],
  [
    "a document with a mistake",
    ["select", layout("mistake", inline({ ...NATIVE, requires: 3 })), ...FACTS],
    4,
    "wrong-type",
    "sha256:",
  ],
  [
    "a document of an unsupported version",
    ["select", layout("newer", inline({ ...NATIVE, apiVersion: "hostfit/v1.9" })), ...FACTS],
    7,
    "unsupported-version",
    "v1.9",
  ],
  [
    "a document that is demanded and missing",
    ["select", layout("consult", { "io.hostfit.requirements.consult": "true" }), ...FACTS],
    4,
    "document-missing",
    "sha256:",
  ],
  [
    "a reference with capital letters",
    ["select", "example.org/Image", ...FACTS],
    4,
    "reference-invalid",
    "capital letters",
  ],
  [
    "a registry that is down",
    ["select", "127.0.0.1:1/image:1", ...FACTS],
    5,
    "registry-unreachable",
    "127.0.0.1:1",
  ],
  [
    "a host root that is not there",
    ["probe", "--host-root", join(folder, "nowhere")],
    4,
    "bad-host-root",
    "nowhere",
  ],
  [
    "two files from stdin",
    ["select", "oci:examples/lammps", "--facts", "-", "--policy", "-"],
    3,
    "usage",
    "once",
  ],
  [
    "contradicting hosts",
    ["select", "oci:examples/lammps", "--facts", "x", "--host-root", "/"],
    3,
    "usage",
    "contradict",
  ],
  ["nothing to check", ["check"], 3, "usage", "--requirements"],
];

describe("bad input", () => {
  test.each(CASES)("%s: hostfit %j exits with %i and says %s", async (_what, argv, status, code, says) => {
    const before = readdirSync(folder, { recursive: true });
    const outcome = await hostfit(argv);
    expect(outcome.stderr).toContain(`error ${code}:`);
    expect(outcome.stderr).toContain(says);
    expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({ status, stdout: "" });
    expect(outcome.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  test.each(CASES.slice(0, 3))("%s: --debug adds where it happened", async (_what, argv) => {
    expect((await hostfit([...argv, "--debug"])).stderr).toMatch(/\n\s+at .*:\d+:\d+/);
  });

  test("an unreadable document of one variant leaves the others, and is told", async () => {
    const content = new Content();
    const { index } = content.platforms([PLATFORM, { os: "linux", architecture: "386" }], (position) => ({
      annotations: position === 0 ? inline({ ...NATIVE, requires: 3 }) : inline(NATIVE),
    }));
    content.tag("1", index);
    const image = `oci:${content.writeLayout(join(folder, "one-bad"))}`;
    const outcome = await hostfit(["select", image, ...FACTS]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toMatch(/1 {2}linux\/386 .* compatible/);
    expect(outcome.stdout).toMatch(/2 {2}linux\/amd64 .* undetermined/);
    expect(outcome.stdout).toContain("document: it can't be read, or be had: what it demands is not known\n");
    expect(outcome.stdout).toMatch(/^note: oci:.*: the document of linux\/amd64 \(sha256:/m);
  });

  test.each([
    ["accept", 0, "compatible", null],
    ["undetermined", 2, "undetermined", null],
    ["refuse", 6, null, "refused-by-policy"],
  ])(
    "a demanded document that is missing, with the policy onMissing: %s, ends with %i",
    async (onMissing, status, verdict, code) => {
      const image = layout(`missing-${onMissing}`, { "io.hostfit.requirements.consult": "true" });
      const policy = file(
        `${onMissing}.yaml`,
        `apiVersion: hostfit/v1.0\nkind: Policy\nonMissing: ${onMissing}\n`,
      );
      const outcome = await hostfit(["check", image, ...FACTS, "--policy", policy]);
      expect(outcome.status).toBe(status);
      if (verdict !== null) expect(outcome.stdout).toMatch(new RegExp(`^${verdict}`, "m"));
      if (code !== null) expect(outcome.stderr).toContain(`error ${code}:`);
    },
  );

  test("an image that a registry doesn't have, and one that it may not show", async () => {
    const registry = await FakeRegistry.start(new Content(), {
      fault: (_request, response, url) => {
        if (!url.pathname.includes("/secret/")) return false;
        response.writeHead(403).end();
        return true;
      },
    });
    try {
      const unknown = await hostfit(["select", `${registry.host}/image:1`, ...FACTS]);
      expect([unknown.status, unknown.stdout]).toEqual([4, ""]);
      expect(unknown.stderr).toContain("error manifest-unknown:");
      const secret = await hostfit(["select", `${registry.host}/secret/image:1`, ...FACTS]);
      expect([secret.status, secret.stdout]).toEqual([5, ""]);
      expect(secret.stderr).toContain("error unauthorized:");
    } finally {
      await registry.stop();
    }
  });

  test.each([
    ["a page", "text/html", "<html>log in</html>"],
    ["nothing", "application/vnd.oci.image.index.v1+json", ""],
  ])("a server that answers with %s is no registry", async (_what, type, body) => {
    const registry = await FakeRegistry.start(new Content(), {
      fault: (_request, response) => {
        response.writeHead(200, { "Content-Type": type }).end(body);
        return true;
      },
    });
    try {
      const outcome = await hostfit(["select", `${registry.host}/image:1`, ...FACTS]);
      expect([outcome.status, outcome.stdout]).toEqual([5, ""]);
      expect(outcome.stderr).toContain("error not-a-registry:");
    } finally {
      await registry.stop();
    }
  });

  test("an image with no document is judged by platform, and says so", async () => {
    const image = layout("plain", {});
    const outcome = await hostfit(["check", image, ...FACTS]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain("judged by platform alone");
    expect(JSON.parse((await hostfit(["check", image, ...FACTS, "-o", "json"])).stdout)).toMatchObject({
      verdict: "compatible",
      documented: false,
      notes: [{ code: "no-document" }],
    });
    expect(existsSync(join(folder, "plain"))).toBe(true);
  });
});
