/** The validators as the build generates them, made once for a test file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Validators } from "../../src/author/validate.ts";

/** Generates into a new folder, loads, and removes the folder. */
export async function generatedValidators(): Promise<Validators> {
  const folder = mkdtempSync(join(tmpdir(), "hostfit-validators-"));
  try {
    const build = (await import(
      pathToFileURL(join(import.meta.dirname, "../../build/schemas.mjs")).href
    )) as {
      generateValidators(outDir: string): Promise<void>;
    };
    await build.generateValidators(folder);
    return (await import(
      /* @vite-ignore */ pathToFileURL(join(folder, "schema-validators.js")).href
    )) as Validators;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
