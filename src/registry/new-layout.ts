/** Image layouts that don't exist yet (OCI image layout 1.0.0). */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RegistryError } from "./errors.ts";
import { makeFolder } from "./folder.ts";
import { OCI_INDEX } from "./media-types.ts";
import type { Reference } from "./reference.ts";

/**
 * Makes an empty layout of a reference's folder, if there is no such folder or nothing in it; else leaves it as it is.
 *
 * @throws RegistryError `write-refused` where no folder can be made there
 */
export async function makeLayoutIfNew(reference: Reference): Promise<void> {
  if (reference.kind !== "layout" || reference.archive === true) return;
  await makeFolder(reference.directory).catch((cause: NodeJS.ErrnoException) => {
    const where = `oci:${reference.directory}`;
    throw new RegistryError(
      "write-refused",
      `${where}: the folder can't be made (${cause.code ?? "unknown"})`,
      {
        help: "Name a folder in one that you may write to.",
        cause,
      },
    );
  });
  if ((await readdir(reference.directory)).length > 0) return;
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] };
  await makeFolder(join(reference.directory, "blobs/sha256"));
  await writeFile(join(reference.directory, "index.json"), JSON.stringify(index), { flag: "wx" });
  // What makes it a layout comes last.
  await writeFile(join(reference.directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}', { flag: "wx" });
}
