/**
 * OCI platforms (image-spec, image index, `platform`), normalised as containerd's `platforms.Normalize` does, without any default
 * from the machine that this runs on.
 */
import { sameBytes } from "../bytes";
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Code, failAt } from "../errors";
import { Json, memberOf, nextOf, sameAscii, sizeOfContainer, textLengthOf, textOf } from "../json/tape";
import { regionAlloc, regionAllocRaw } from "../memory/region";
import { charge } from "../work";

@unmanaged export class Platform {
  os: usize;
  osLength: u32;
  architecture: usize;
  architectureLength: u32;
  variant: usize;
  variantLength: u32;
  version: usize;
  versionLength: u32;
  /** `os.features` (on Windows without win32k), sorted, each once: pairs of address and length. */
  features: usize;
  featureCount: u32;
  /** Bytes of these. */
  featureBytes: u32;
  /** What the document said, before normalising. */
  given: u32;
}

/** Names that `os.features` may have. */
export const MAX_OS_FEATURES: u32 = 256;

export namespace Given {
  export const VARIANT: u32 = 1;
  export const VERSION: u32 = 2;
  export const FEATURES: u32 = 4;
}

/** A lower-cased copy of a string node. */
function lowered(region: usize, json: Json, node: u32): usize {
  const length = textLengthOf(json, node);
  const from = textOf(json, node);
  const to = regionAllocRaw(region, length + 16);
  if (to == 0) return 0;
  for (let i: u32 = 0; i < length; i++) {
    const c = load<u8>(from + i);
    store<u8>(to + i, c >= 0x41 && c <= 0x5a ? c | 0x20 : c);
  }
  memory.fill(to + length, 0, 16);
  return to;
}

function setArchitecture(platform: Platform, s: Ascii): void {
  platform.architecture = asciiBytes(s);
  platform.architectureLength = asciiLength(s);
}

/** Makes the variant `v` and a digit from 5 to 9. */
function setVersion(platform: Platform, digit: u32): void {
  platform.variant = asciiBytes("v5v6v7v8v9") + ((digit - 0x35) << 1);
  platform.variantLength = 2;
}

function isArchitecture(p: Platform, s: Ascii): bool {
  return sameAscii(p.architecture, p.architectureLength, s);
}
function isVariant(p: Platform, s: Ascii): bool {
  return sameAscii(p.variant, p.variantLength, s);
}

/** The platform's architecture as a number, for the ladders: the ones that have none are OTHER. */
export namespace Architecture {
  export const OTHER: u32 = 0;
  export const AMD64: u32 = 1;
  export const I386: u32 = 2;
  export const ARM: u32 = 3;
  export const ARM64: u32 = 4;
}

export function architectureOf(p: Platform): u32 {
  if (isArchitecture(p, "amd64")) return Architecture.AMD64;
  if (isArchitecture(p, "arm64")) return Architecture.ARM64;
  if (isArchitecture(p, "386")) return Architecture.I386;
  if (isArchitecture(p, "arm")) return Architecture.ARM;
  return Architecture.OTHER;
}

/** Reads and normalises a platform object that facts/check.ts found well-formed. 0 with the error recorded. */
export function readPlatform(region: usize, json: Json, node: u32): Platform {
  const none = changetype<Platform>(<usize>0);
  const features = memberOf(json, node, "os.features");
  if (features != 0 && sizeOfContainer(json, features) > MAX_OS_FEATURES) {
    failAt(Code.LIMIT, features);
    return none;
  }
  const address = regionAlloc(region, offsetof<Platform>());
  const p = changetype<Platform>(address);
  if (address != 0 && readParts(region, p, json, node, features)) {
    normalise(p);
    return p;
  }
  failAt(Code.OUT_OF_MEMORY, node);
  return none;
}

/** Reads the parts as they are written, in lower case. False only without memory. An empty text is as good as none. */
function readParts(region: usize, p: Platform, json: Json, node: u32, features: u32): bool {
  const os = memberOf(json, node, "os");
  const architecture = memberOf(json, node, "architecture");
  p.os = lowered(region, json, os);
  p.osLength = textLengthOf(json, os);
  p.architecture = lowered(region, json, architecture);
  p.architectureLength = textLengthOf(json, architecture);
  if (p.os == 0 || p.architecture == 0) return false;
  const variant = memberOf(json, node, "variant");
  if (variant != 0 && textLengthOf(json, variant) > 0) {
    p.variant = lowered(region, json, variant);
    p.variantLength = textLengthOf(json, variant);
    p.given |= Given.VARIANT;
    if (p.variant == 0) return false;
  }
  const version = memberOf(json, node, "os.version");
  if (version != 0 && textLengthOf(json, version) > 0) {
    // Versions are not lower-cased: containerd leaves them alone.
    p.versionLength = textLengthOf(json, version);
    p.version = regionAllocRaw(region, p.versionLength + 16);
    p.given |= Given.VERSION;
    if (p.version == 0) return false;
    memory.copy(p.version, textOf(json, version), p.versionLength);
  }
  if (features == 0) return true;
  p.given |= Given.FEATURES;
  return readFeatures(region, p, json, features);
}

function normalise(p: Platform): void {
  if (sameAscii(p.os, p.osLength, "macos")) {
    p.os = asciiBytes("darwin");
    p.osLength = asciiLength("darwin");
  }
  if (isArchitecture(p, "i386")) {
    p.variantLength = 0;
    p.given |= Given.VARIANT;
    setArchitecture(p, "386");
    return;
  }
  if (isArchitecture(p, "armhf") || isArchitecture(p, "armel")) {
    p.given |= Given.VARIANT;
    setVersion(p, isArchitecture(p, "armhf") ? 0x37 : 0x36);
    setArchitecture(p, "arm");
    return;
  }
  if (isArchitecture(p, "x86_64") || isArchitecture(p, "x86-64")) setArchitecture(p, "amd64");
  else if (isArchitecture(p, "aarch64")) setArchitecture(p, "arm64");
  const architecture = architectureOf(p);
  if (architecture == Architecture.AMD64) {
    if (isVariant(p, "v1")) p.variantLength = 0;
  } else if (architecture == Architecture.ARM64) {
    if (isVariant(p, "8") || isVariant(p, "v8") || isVariant(p, "v8.0")) p.variantLength = 0;
    else if (isVariant(p, "9") || isVariant(p, "9.0") || isVariant(p, "v9.0")) setVersion(p, 0x39);
  } else if (architecture == Architecture.ARM) {
    const digit: u32 = p.variantLength == 0 ? 0x37 : p.variantLength == 1 ? load<u8>(p.variant) : 0;
    if (digit >= 0x35 && digit <= 0x38) setVersion(p, digit);
  }
}

/** Compares texts by bytes. */
function order(p: usize, length: u32, q: usize, other: u32): i32 {
  const c = memory.compare(p, q, min(length, other));
  return c != 0 ? c : <i32>length - <i32>other;
}

function readFeatures(region: usize, p: Platform, json: Json, node: u32): bool {
  const list = regionAllocRaw(region, sizeOfContainer(json, node) << 3);
  if (list == 0) return false;
  p.features = list;
  const windows = sameAscii(p.os, p.osLength, "windows");
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    const length = textLengthOf(json, n);
    if (windows && sameAscii(textOf(json, n), length, "win32k")) continue;
    const text = regionAllocRaw(region, length + 8);
    if (text == 0) return false;
    memory.copy(text, textOf(json, n), length);
    // Sorted insertion: these lists are short, their texts may be long.
    p.featureBytes += length + 1;
    if (!charge(p.featureCount * (1 + (length >>> 2)))) return failAt(Code.BUDGET, n);
    let i = p.featureCount;
    while (i > 0 && order(text, length, load<u32>(list + ((i - 1) << 3)), load<u32>(list + ((i - 1) << 3), 4)) < 0) i--;
    if (i > 0 && order(text, length, load<u32>(list + ((i - 1) << 3)), load<u32>(list + ((i - 1) << 3), 4)) == 0) continue;
    memory.copy(list + ((i + 1) << 3), list + (i << 3), (p.featureCount - i) << 3);
    store<u32>(list + (i << 3), <u32>text);
    store<u32>(list + (i << 3), length, 4);
    p.featureCount++;
  }
  return true;
}

/** Whether every one of the image's `os.features` is among the host's. */
export function featuresWithin(image: Platform, host: Platform): bool {
  let h: u32 = 0;
  for (let i: u32 = 0; i < image.featureCount; i++) {
    const text = load<u32>(image.features + (i << 3));
    const length = load<u32>(image.features + (i << 3), 4);
    while (h < host.featureCount) {
      const at = host.features + (h << 3);
      if (load<u32>(at, 4) == length && sameBytes(text, load<u32>(at), length)) break;
      h++;
    }
    if (h == host.featureCount) return false;
  }
  return true;
}
