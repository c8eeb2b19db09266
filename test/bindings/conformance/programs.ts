/** Bundles a program of this folder, as a user of the installed package would. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const HERE = fileURLToPath(new URL("./", import.meta.url));

export type ProgramName = "command-line-program" | "page-program" | "worker-program" | "loading-program";

/** Writes `name`.js into `folder`, where hostfit is installed; what `options` leave external is resolved when it runs. */
export async function bundleProgram(
  name: ProgramName,
  folder: string,
  options: BuildOptions,
): Promise<string> {
  const outfile = join(folder, `${name}.js`);
  await build({
    entryPoints: [join(HERE, `${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    logLevel: "warning",
    nodePaths: [join(folder, "node_modules")],
    // tsconfig.json's paths lead to the sources.
    tsconfigRaw: {},
    ...options,
  });
  return outfile;
}
