/** What runs on a clean checkout ends with the tests, whose last line counts what passed and failed. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test(".ci/run ends with the README's own command for the tests", () => {
  const script = readFileSync(fileURLToPath(new URL("../../.ci/run", import.meta.url)), "utf8");
  expect(script.trimEnd().split("\n").at(-1)).toBe("npm test");
});
