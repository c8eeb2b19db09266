/** Platforms and variants as people write them: what messages and answers call a candidate. */
import type { Platform } from "../../bindings/js/types.ts";
import { printable } from "../author/diagnostics.ts";

const TITLE = "org.opencontainers.image.title";
const MAX_TITLE = 40;

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

/** `linux/amd64/v3 "lammps amd64-v3"`: the platform, and the title that the index gives it. */
export function variantWords(candidate: {
  readonly platform: Platform | null;
  readonly annotations: Readonly<Record<string, string>>;
}): string {
  const title = candidate.annotations[TITLE];
  const platform = platformWords(candidate.platform);
  if (title === undefined || title === "") return platform;
  const shown = printable(title);
  return `${platform} "${shown.length > MAX_TITLE ? `${shown.slice(0, MAX_TITLE)}...` : shown}"`;
}

/** Enough of a digest to tell it from its neighbours: the algorithm and twelve characters. */
export function shortDigest(digest: string): string {
  return digest.slice(0, digest.indexOf(":") + 13);
}
