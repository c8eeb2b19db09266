/**
 * What tools that know nothing of hostfit would take from an index on a host today. Facts about other tools, for people:
 * hostfit's own answer is the core's.
 */
import { containerd } from "./containerd.ts";
import { crane } from "./crane.ts";
import { docker } from "./docker.ts";
import type { OtherPick, PickQuestion } from "./entry.ts";
import { oras } from "./oras.ts";
import { podman } from "./podman.ts";
import { regclient } from "./regclient.ts";

/** Each tool's pick, in a fixed order. */
export function othersPick(question: PickQuestion): OtherPick[] {
  return [containerd, docker, podman, crane, oras, regclient].map((tool) => tool(question));
}
