/**
 * Which candidates are "of a platform" that a person names. What counts as the same platform is the core's to say: this
 * asks it in both directions, whether the one would run on a host of the other.
 */

import type { Matcher } from "../../bindings/js/matcher.ts";
import type { Kleene, Platform } from "../../bindings/js/types.ts";
import { HostfitError } from "../errors.ts";

/**
 * Reads `os/architecture[/variant]`, with a Windows version in parentheses as containerd writes it:
 * `windows(10.0.20348.1)/amd64`. Throws `bad-platform`.
 */
export function parsePlatform(text: string): Platform {
  const match = /^([\w.-]+)(?:\(([\w.]+)\))?\/([\w.-]+)(?:\/([\w.-]+))?$/.exec(text);
  const [, os, version, architecture, variant] = match ?? [];
  if (os === undefined || architecture === undefined) {
    throw new HostfitError("bad-platform", `${JSON.stringify(text)} is no platform`, {
      help: "write os/architecture or os/architecture/variant, such as linux/amd64 or linux/arm64/v8",
    });
  }
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { "os.version": version }),
  };
}

/**
 * Those of `platforms` (by index) that are of the platform `wanted`. Without a variant every variant of the
 * architecture is; with one, exactly that.
 */
export function ofPlatform(
  matcher: Matcher,
  platforms: readonly (Platform | null)[],
  wanted: Platform,
): readonly number[] {
  const exact = wanted.variant !== undefined;
  using everything = matcher.compile({ apiVersion: "hostfit/v1.0", kind: "Requirements" });
  const runsOn = (candidate: Platform, host: Platform): Kleene => {
    using facts = matcher.facts({ apiVersion: "hostfit/v1.0", kind: "Host", platforms: [host] });
    return (
      matcher.evaluate(everything, facts, { candidate: { platform: candidate } }).platform?.value ?? "unknown"
    );
  };
  const accepts = (value: Kleene): boolean => (exact ? value === "true" : value !== "false");
  return platforms.flatMap((platform, index) =>
    platform !== null && accepts(runsOn(platform, wanted)) && accepts(runsOn(wanted, platform))
      ? [index]
      : [],
  );
}
