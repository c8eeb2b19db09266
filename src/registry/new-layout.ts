/** Image layouts that don't exist yet (OCI image layout 1.0.0). */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OCI_INDEX } from "./media-types.ts";
import type { Reference } from "./reference.ts";

/** Makes an empty layout of a reference's folder, if there is no such folder or nothing in it; else leaves it as it is. */
export async function makeLayoutIfNew(reference: Reference): Promise<void> {
  if (reference.kind !== "layout" || reference.archive === true) return;
  await mkdir(reference.directory, { recursive: true });
  if ((await readdir(reference.directory)).length > 0) return;
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] };
  await mkdir(join(reference.directory, "blobs/sha256"), { recursive: true });
  await writeFile(join(reference.directory, "index.json"), JSON.stringify(index), { flag: "wx" });
  // What makes it a layout comes last.
  await writeFile(join(reference.directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}', { flag: "wx" });
}
