import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "./harness.ts";

const built = mkdtempSync(join(tmpdir(), "hostfit-lammps-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

function files(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    paths
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path).toString("base64")]),
  );
}

describe("examples/lammps", () => {
  test("is what its builder makes of examples/lammps-src, byte for byte", () => {
    execFileSync(process.execPath, [join(ROOT, "examples/build-lammps.mjs"), built]);
    expect(files(built)).toEqual(files(join(ROOT, "examples/lammps")));
  });

  test("has layers that tar and gzip read", () => {
    const blobs = join(ROOT, "examples/lammps/blobs/sha256");
    const archives = readdirSync(blobs).filter(
      (name) => readFileSync(join(blobs, name)).readUInt16BE(0) === 0x1f8b,
    );
    const contents = archives.map((name) =>
      execFileSync("tar", ["xzOf", join(blobs, name)], { encoding: "utf8" }).trim(),
    );
    expect(contents.sort()).toEqual(["amd64", "amd64-cuda", "amd64-v2", "amd64-v3", "amd64-v4", "arm64"]);
  });
});
