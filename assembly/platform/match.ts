/**
 * Whether a candidate's platform runs on the host, and on which of its platforms: containerd's ladders (platforms.Only), three-valued
 * where the host doesn't say its variant, os.version or os.features.
 */
import { sameBytes } from "../bytes";
import { Facts } from "../facts/facts";
import { Kleene } from "../values/range";
import { NONE } from "../program/program";
import { spend } from "../evaluate/attribute";
import { HIGHEST_LEVEL, findLevels } from "./level";
import { Architecture, Given, Platform, architectureOf, featuresWithin } from "./platform";
import { isWindowsVersion, readWindowsVersion, windowsBuild, windowsRuns } from "./windows";

/** What the last match gave. */
export let matchValue: u32 = 0;
/** The host platform taken, or NONE. */
export let matchHost: u32 = NONE;
/** Whether it was taken by crossing to another architecture. */
export let matchCrossed: bool = false;
/** The host platforms that could be taken once everything is known: bit i for platform i, of which there are at most 64. */
export let matchOpen: u64 = 0;

const windowsText: usize = memory.data<u8>([0x77, 0x69, 0x6e, 0x64, 0x6f, 0x77, 0x73]);

function isWindows(p: Platform): bool {
  return p.osLength == 7 && sameBytes(p.os, windowsText, 7);
}

/** `vN` as N (at most 6 digits, as Go's Atoi reads it after the `v`), or -1. */
function versionOf(p: Platform): i32 {
  let i: u32 = 0;
  if (i < p.variantLength && load<u8>(p.variant) == 0x76) i++;
  if (i < p.variantLength && load<u8>(p.variant + i) == 0x2b) i++;
  if (i == p.variantLength || p.variantLength - i > 6) return -1;
  let value = 0;
  for (; i < p.variantLength; i++) {
    const d = <u32>load<u8>(p.variant + i) - 0x30;
    if (d >= 10) return -1;
    value = value * 10 + d;
  }
  return value;
}

/** As versionOf, for texts that a ladder can hold: `v` and digits without a leading zero. */
function stepOf(p: Platform): i32 {
  if (p.variantLength < 2 || load<u8>(p.variant) != 0x76 || <u32>load<u8>(p.variant, 1) - 0x31 >= 9) return -1;
  return versionOf(p);
}

/** arm64's `v8`, `v8.3`, `v9.2` as 80, 83, 92; the empty one is v8; -1 for what is in no table (up to v8.9, v9.7). */
function arm64Of(p: Platform): i32 {
  const length = p.variantLength;
  if (length == 0) return 80;
  const major = length >= 2 ? <i32>load<u8>(p.variant, 1) - 0x30 : 0;
  if (load<u8>(p.variant) != 0x76 || (major != 8 && major != 9)) return -1;
  if (length == 2) return major * 10;
  if (length != 4 || load<u8>(p.variant, 2) != 0x2e) return -1;
  const minor = <i32>load<u8>(p.variant, 3) - 0x30;
  if (minor < 1 || minor > (major == 8 ? 9 : 7)) return -1;
  return major * 10 + minor;
}

function sameVariant(a: Platform, b: Platform): bool {
  return a.variantLength == b.variantLength && sameBytes(a.variant, b.variant, a.variantLength);
}

function known(holds: bool): u32 {
  return holds ? Kleene.TRUE : Kleene.FALSE;
}

/** Whether an image asks for no more than every host of its architecture has: amd64 v1, arm v5, arm64 v8, elsewhere no variant. */
function isBaseline(image: Platform, architecture: u32): bool {
  return architecture == Architecture.ARM ? stepOf(image) == 5 : image.variantLength == 0;
}

/** The variant's value on a host platform of the same architecture. `plain`: as containerd sees the host. */
function variantValue(facts: Facts, host: Platform, image: Platform, architecture: u32, plain: bool): u32 {
  const given = (host.given & Given.VARIANT) != 0;
  // The baseline runs on every host of the architecture: learning the host's variant can't take it back.
  if (!plain && isBaseline(image, architecture)) return Kleene.TRUE;
  if (architecture == Architecture.AMD64) {
    const wanted = image.variantLength == 0 ? 1 : stepOf(image);
    if (plain) return known(wanted == 1);
    if (given) {
      if (sameVariant(host, image)) return Kleene.TRUE;
      const has = host.variantLength == 0 ? 1 : versionOf(host);
      return known(wanted >= 1 && wanted < has);
    }
    if (wanted < 1 || <u32>wanted > HIGHEST_LEVEL) return Kleene.UNKNOWN;
    findLevels(facts);
    if (<u32>wanted <= facts.levelLow) return Kleene.TRUE;
    return <u32>wanted <= facts.levelHigh ? Kleene.UNKNOWN : Kleene.FALSE;
  }
  if (architecture == Architecture.ARM) {
    const wanted = stepOf(image);
    if (!given && !plain) return Kleene.UNKNOWN;
    if (sameVariant(host, image)) return Kleene.TRUE;
    return known(wanted >= 5 && wanted < versionOf(host));
  }
  if (architecture == Architecture.ARM64) {
    if (!given && !plain) return Kleene.UNKNOWN;
    // A variant that is in none of containerd's tables matches nothing but the baseline, not even itself.
    const has = arm64Of(host);
    const wanted = arm64Of(image);
    if (has < 0 || wanted < 0) return Kleene.FALSE;
    if (has < 90) return known(wanted <= has);
    return known(wanted >= 90 ? wanted <= has : wanted <= min(has - 90 + 85, 89));
  }
  if (sameVariant(host, image)) return Kleene.TRUE;
  return given || plain ? Kleene.FALSE : Kleene.UNKNOWN;
}

/** Whether the host's ladder reaches the image's architecture, which is another. */
function crosses(host: Platform, image: Platform, plain: bool): bool {
  const from = architectureOf(host);
  const to = architectureOf(image);
  if (from == Architecture.AMD64 && to == Architecture.I386) return image.variantLength == 0;
  if (from != Architecture.ARM64 || to != Architecture.ARM) return false;
  const wanted = stepOf(image);
  return wanted >= 5 && wanted <= 8 && (!plain || arm64Of(host) >= 0);
}

/** `os.version` (Windows only) and `os.features`. */
function osValue(host: Platform, image: Platform, plain: bool): u32 {
  let value = Kleene.TRUE;
  if (isWindows(image) && image.versionLength > 0) {
    if (!isWindowsVersion(host.version, host.versionLength)) value = plain ? Kleene.TRUE : Kleene.UNKNOWN;
    else value = known(windowsRuns(host.version, host.versionLength, image.version, image.versionLength));
  }
  if (!featuresWithin(image, host)) {
    value = min(value, host.given & Given.FEATURES || plain ? Kleene.FALSE : Kleene.UNKNOWN);
  }
  return value;
}

/** Value of one host platform for the image's; `crossing` says which of the two ways is asked. */
function platformValue(facts: Facts, host: Platform, image: Platform, crossing: bool, plain: bool): u32 {
  if (host.osLength != image.osLength || !sameBytes(host.os, image.os, host.osLength)) return Kleene.FALSE;
  const same =
    host.architectureLength == image.architectureLength &&
    sameBytes(host.architecture, image.architecture, host.architectureLength);
  if (same == crossing) return Kleene.FALSE;
  const variant = crossing
    ? known(crosses(host, image, plain))
    : variantValue(facts, host, image, architectureOf(host), plain);
  return variant == Kleene.FALSE ? variant : min(variant, osValue(host, image, plain));
}

function hostPlatform(facts: Facts, index: u32): Platform {
  return changetype<Platform>(<usize>load<u32>(facts.platforms + (index << 2)));
}

function bytesOf(p: Platform): u32 {
  return p.osLength + p.architectureLength + p.variantLength + p.versionLength + p.featureBytes;
}

/** Matches a candidate's platform (0: not known) with the host's. The answer is in matchValue, matchHost, matchCrossed, matchOpen. */
export function matchPlatform(facts: Facts, image: Platform): void {
  matchHost = NONE;
  matchCrossed = false;
  matchOpen = 0;
  matchValue = Kleene.UNKNOWN;
  if (changetype<usize>(image) == 0 || !facts.platformsKnown) return;
  matchValue = Kleene.FALSE;
  for (let way = 0; way < 2; way++) {
    for (let i: u32 = 0; i < facts.platformCount; i++) {
      if (!spend(8 + ((bytesOf(image) + bytesOf(hostPlatform(facts, i))) >>> 1))) return;
      const value = platformValue(facts, hostPlatform(facts, i), image, way == 1, false);
      if (value == Kleene.FALSE) continue;
      matchOpen |= <u64>1 << <u64>i;
      // One that is true comes before those of its architecture that are unknown, not before the other way's.
      const crossed = way == 1;
      if (matchHost == NONE || (value == Kleene.TRUE && crossed == matchCrossed)) {
        matchValue = value;
        matchHost = i;
        matchCrossed = crossed;
      }
      if (value == Kleene.TRUE) return;
    }
  }
}

/** Whether containerd would take the image on this host: by the ladder of the first platform, whose amd64 level it doesn't detect. */
export function containerdTakes(facts: Facts, image: Platform): bool {
  if (changetype<usize>(image) == 0 || facts.platformCount == 0) return false;
  const host = hostPlatform(facts, 0);
  return (
    platformValue(facts, host, image, false, true) == Kleene.TRUE ||
    platformValue(facts, host, image, true, true) == Kleene.TRUE
  );
}

/**
 * How specific a platform is: greater is more. By variant (a level times 10, arm64's minor added), then Windows build (none is least), then
 * number of os.features. Architectures without a ladder know no order of variants.
 */
export function specificity(image: Platform): u64 {
  const architecture = architectureOf(image);
  let variant: u32 = 0;
  if (architecture == Architecture.AMD64) variant = image.variantLength == 0 ? 10 : rankOf(image);
  else if (architecture == Architecture.ARM) variant = rankOf(image);
  else if (architecture == Architecture.ARM64) variant = image.variantLength == 0 ? 80 : rankOf(image);
  let build: u32 = 0;
  if (isWindows(image)) {
    readWindowsVersion(image.version, image.versionLength);
    build = image.versionLength == 0 ? 0 : windowsBuild + 1;
  }
  return (<u64>variant << 32) | (<u64>build << 12) | image.featureCount;
}

/** `[v]N[.M]` as 10 N + M; 0 for anything else. */
function rankOf(p: Platform): u32 {
  let i: u32 = 0;
  if (p.variantLength > 0 && load<u8>(p.variant) == 0x76) i++;
  let value: u32 = 0;
  let digits = 0;
  while (i < p.variantLength && <u32>load<u8>(p.variant + i) - 0x30 < 10) {
    value = value * 10 + (<u32>load<u8>(p.variant + i++) - 0x30);
    if (++digits > 6) return 0;
  }
  if (digits == 0) return 0;
  value *= 10;
  if (i == p.variantLength) return value;
  if (i + 2 != p.variantLength || load<u8>(p.variant + i) != 0x2e) return 0;
  const minor = <u32>load<u8>(p.variant + i + 1) - 0x30;
  return minor < 10 ? value + minor : 0;
}
