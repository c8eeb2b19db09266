import { hostUnknown, type OtherPick, outcome, type PickQuestion } from "./entry.ts";

const TOOL = "oras";
const RULE =
  "the first entry of the os and architecture that it is asked for; one without a platform never fits";

/**
 * oras-go (`SelectManifest`), asked for the os and architecture of the host's first platform, as one would with
 * `--platform`; variant, version and features are not asked for, so they are not compared.
 */
export function oras({ entries, host }: PickQuestion): OtherPick {
  const machine = host[0];
  if (machine === undefined) return hostUnknown(TOOL, RULE);
  const found = entries.findIndex(
    ({ platform }) => platform?.os === machine.os && platform.architecture === machine.architecture,
  );
  const picked = found === -1 ? null : found;
  return {
    tool: TOOL,
    rule: RULE,
    picked,
    why: outcome(entries, picked, `${machine.os}/${machine.architecture}`),
  };
}
