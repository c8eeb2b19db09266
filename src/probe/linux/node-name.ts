/** `system.name`: the node's name in its cluster. */
import type { Observations } from "../observations.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

/** NFD knows a node's name from its environment only; it isn't the host's name. */
function observe(sources: LinuxSources, observations: Observations): void {
  const feature = "system.name";
  const name = sources.environment.NODE_NAME;
  if (name !== undefined && name !== "") observations.attributes(feature, { nodename: name });
  else observations.note(feature, "", "no-node-name", "the variable NODE_NAME is not set");
}

export const nodeName: Subject = { builtin: "node-name", observe };
