/** Platforms as people write them. */
import type { Platform } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";

/** `linux/amd64/v3`, `windows/amd64 10.0.20348.1`, `linux/amd64 +gpu`; no platform: `no platform`. */
export function platformWords(platform: Platform | null | undefined): string {
  if (platform === null || platform === undefined) return "no platform";
  const name = [platform.os, platform.architecture, platform.variant].filter(
    (part) => part !== undefined && part !== "",
  );
  const version = platform["os.version"] === undefined ? "" : ` ${platform["os.version"]}`;
  const features = (platform["os.features"] ?? []).map((feature) => ` +${feature}`).join("");
  return printable(`${name.join("/")}${version}${features}`);
}
