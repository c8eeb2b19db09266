/** Whether the probe runs in an application container, where some files belong to the image and not to the host. */
import { readlinkSync } from "node:fs";
import type { HostFiles } from "./root.ts";

/** The number that the kernel gives the first PID namespace (PROC_PID_INIT_INO), in every version since 3.8. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

/** This process's PID namespace as /proc names it; undefined where there is none. */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/**
 * A namespace of its own and a container engine's mark. Either alone proves nothing: a machine whose disk was made from an image keeps
 * the mark, and a system container or WSL, which has a namespace, is a host to those who use it.
 */
export function isContainer(
  files: HostFiles,
  environment: Readonly<Record<string, string | undefined>>,
  namespace: string | undefined,
): boolean {
  if (namespace === undefined || namespace === FIRST_PID_NAMESPACE) return false;
  const marked = ["/.dockerenv", "/run/.containerenv"].some((file) => files.stat(file).ok);
  return marked || environment.KUBERNETES_SERVICE_HOST !== undefined;
}
