/**
 * What a person meant who gave a path where an image belongs. References and paths look alike (`examples/lammps` may be an
 * image of Docker Hub), so a path is only thought of once the reference has led to nothing.
 */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { RegistryError, type RegistryErrorCode } from "../registry/errors.ts";
import type { CommandSpec } from "./command-spec.ts";

/** The error, with what to do about it if one of the images is a path; any other error as it is. */
export async function withPathAdvice(
  error: unknown,
  spec: CommandSpec,
  given: readonly string[],
  cwd: string,
): Promise<unknown> {
  if (!(error instanceof RegistryError) || !NOWHERE.has(error.code)) return error;
  for (const [at, text] of given.entries()) {
    const { value } = (at === 0 ? spec.argument : spec.rest) ?? { value: "text" };
    if (value !== "image" && spec.name !== "lint") continue;
    const advice = await adviceFor(text, spec, cwd);
    if (advice === null) continue;
    const { code, details } = error;
    const message =
      code === "reference-invalid" ? `${JSON.stringify(text)} is ${advice.what}` : error.message;
    return new RegistryError(code, message, { help: advice.help, details, cause: error });
  }
  return error;
}

/** Codes of errors that a path which is taken for a reference ends in. */
const NOWHERE: ReadonlySet<RegistryErrorCode> = new Set<RegistryErrorCode>([
  "reference-invalid",
  "registry-unreachable",
  "unauthorized",
  "manifest-unknown",
  "timeout",
  "offline",
]);

interface Advice {
  readonly what: string;
  readonly help: string;
}

async function adviceFor(text: string, spec: CommandSpec, cwd: string): Promise<Advice | null> {
  if (/^oci(?:-archive)?:/.test(text)) return null;
  const kind = await kindOf(resolve(cwd, text));
  switch (kind) {
    case null:
      return null;
    case "layout":
      return { what: "a folder with an image layout", help: `did you mean oci:${text}?` };
    case "folder":
      return {
        what: "a folder",
        help: `there is no image layout in the folder ${text}; name an image${spec.name === "lint" ? " or a file" : ""}`,
      };
    case "archive":
      return { what: "a file", help: `did you mean oci-archive:${text}?` };
    case "file":
      return {
        what: "a file",
        help: spec.options.some(({ flags }) => flags.startsWith("--requirements"))
          ? `did you mean --requirements ${text}?`
          : `${text} is a file, and an image is expected; hostfit lint ${text} looks at a document`,
      };
  }
}

/** What is there is what it is; what isn't there is a file if it looks like a path. */
export async function namesFile(argument: string, cwd: string): Promise<boolean> {
  if (argument === "-") return true;
  if (/^oci(?:-archive)?:/.test(argument)) return false;
  return stat(resolve(cwd, argument)).then(
    // A pipe that the shell made (`<(...)`) is no regular file.
    (status) => !status.isDirectory(),
    () => /^\.{0,2}\/|\.(?:ya?ml|json)$/i.test(argument),
  );
}

async function kindOf(path: string): Promise<"layout" | "folder" | "archive" | "file" | null> {
  try {
    const status = await stat(path);
    if (status.isFile()) return path.endsWith(".tar") ? "archive" : "file";
    if (!status.isDirectory()) return null;
    const layout = await stat(join(path, "oci-layout")).catch(() => null);
    return layout === null ? "folder" : "layout";
  } catch {
    return null;
  }
}
