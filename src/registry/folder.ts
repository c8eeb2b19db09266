/** Folders on disk. Node only. */
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those around it. Not by `recursive`, which tries for ever where a folder that is there says of a new one that it isn't
 * (/proc does).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const isThere = await stat(at).then(
      (status) => status.isDirectory(),
      () => false,
    );
    if (isThere) break;
    missing.push(at);
    if (dirname(at) === at) break;
  }
  for (const one of missing.reverse()) {
    await mkdir(one, { mode }).catch((error: NodeJS.ErrnoException) => {
      // Another process may have been faster.
      if (error.code !== "EEXIST") throw error;
    });
  }
}
