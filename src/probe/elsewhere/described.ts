/** What a file from elsewhere says of a host. */
import type { HostPlatform } from "../facts.ts";

/** Facts beside the features, which are recorded as they are found. */
export interface Described {
  readonly name?: string;
  readonly platforms?: readonly HostPlatform[];
}

/** A form of file that describes a host. */
export type DescriptionForm = "NodeFeature" | "nfd export" | "Node" | "lscpu" | "lspci" | "nvidia-smi";

export type JsonMap = Readonly<Record<string, unknown>>;

/** A map, and not a list or null. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A scalar as text; undefined for anything else. */
export function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
