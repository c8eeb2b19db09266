import { type OtherPick, outcome, type PickQuestion, type PlatformText } from "./entry.ts";

const TOOL = "crane";
const RULE =
  "the first entry that is linux/amd64, whatever the host; one without a platform counts as linux/amd64";

const DEFAULT: PlatformText = { os: "linux", architecture: "amd64" };

/**
 * go-containerregistry (`remote`'s default platform): os and architecture equal, what isn't asked for is not compared, so
 * a level of amd64 or a version doesn't matter. crane takes another platform only if it is told (`--platform`).
 */
export function crane({ entries }: PickQuestion): OtherPick {
  const found = entries.findIndex(({ platform }) => {
    const { os, architecture } = platform ?? DEFAULT;
    return os === DEFAULT.os && architecture === DEFAULT.architecture;
  });
  const picked = found === -1 ? null : found;
  return { tool: TOOL, rule: RULE, picked, why: outcome(entries, picked, "linux/amd64") };
}
