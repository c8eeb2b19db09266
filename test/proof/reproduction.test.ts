/** The same sources give the same bytes, wherever they are built. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("two builds in different folders are byte for byte the same", { timeout: 600_000 }, () => {
  const printed = execFileSync(process.execPath, ["build/reproduce.mjs"], { cwd: root, encoding: "utf8" });
  expect(printed).toMatch(/^[0-9a-f]{64} {2}hostfit\.wasm\n$/);
});
