/** The release of the core: compiled for size, where what every evaluation goes through is inlined by decorators, then made smaller still by wasm-opt. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Functions of so few bytes are always inlined; beyond that only what is called once, or says so (docs/decisions/0005). */
const SMALL = 3;
/** As in asconfig.json. */
const FEATURES = ["simd", "bulk-memory", "bulk-memory-opt", "sign-ext"];

/**
 * Builds `entry` with the sources and packages of the folder `root` into `file` (seen from there).
 *
 * @param {{ root: string, file: string, entry?: string, names?: boolean }} what `names`: keeps functions' names
 */
export async function buildRelease({ root, file, entry = "assembly/index.ts", names = false }) {
  const compiled = `${file}.${process.pid}.tmp`;
  const tool = (...path) => join("node_modules", ...path);
  const asc = [tool("assemblyscript", "bin", "asc.js"), entry, "--config", "asconfig.json"];
  const optimise = [tool("binaryen", "bin", "wasm-opt"), ...FEATURES.map((name) => `--enable-${name}`)];
  const kept = names ? ["--debug"] : [];
  try {
    await run(process.execPath, [...asc, "--target", "release", "--outFile", compiled, ...kept], {
      cwd: root,
    });
    await run(
      process.execPath,
      [
        ...optimise,
        ...(names ? ["-g"] : []),
        compiled,
        "-o",
        file,
        "-Oz",
        // Nothing lies below 1,024: static data begin there.
        "--low-memory-unused",
        `--always-inline-max-function-size=${SMALL}`,
        "--converge",
        "--optimize-stack-ir",
        "--reorder-functions",
      ],
      { cwd: root },
    );
  } finally {
    rmSync(join(root, compiled), { force: true });
  }
}
