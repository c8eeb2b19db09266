/** The built-in features: host.platform of a host, candidate.platform and candidate.annotations of a candidate. */
import { Ascii } from "../ascii";
import { NO_NODE } from "../errors";
import { hashBytes } from "../hash";
import { expectTexts } from "../json/expect";
import { Json, nextOf, sizeOfContainer } from "../json/tape";
import { regionFree } from "../memory/region";
import { Given, Platform } from "../platform/platform";
import { intern } from "../symbols";
import { makeColumns, setCell } from "./columns";
import { Facts, featureAt, Observed, UNKNOWN } from "./facts";
import { emptyFacts, featureFor, outOf, slotFor, symbolOf, symbolOfAscii } from "./make";

/** The value of a platform's part as a symbol: unknown if it was not given, 0 if it was and is empty. */
function partSymbol(facts: Facts, text: usize, length: u32, given: bool): u32 {
  if (!given) return UNKNOWN;
  return length == 0 ? 0 : intern(facts.symbols, text, length, hashBytes(text, length));
}

/** The built-in feature host.platform: an instance for each platform. */
export function addHostPlatform(facts: Facts): bool {
  const symbol = symbolOfAscii(facts, "host.platform");
  if (symbol == 0) return false;
  const index = featureFor(facts, symbol);
  const feature = featureAt(facts, index - 1);
  feature.observed =
    Observed.INSTANCES | Observed.HAS_INSTANCES | (facts.platformsKnown ? 0 : Observed.PARTIAL);
  feature.instanceCount = facts.platformCount;
  const os = symbolOfAscii(facts, "os");
  const architecture = symbolOfAscii(facts, "architecture");
  const variant = symbolOfAscii(facts, "variant");
  const version = symbolOfAscii(facts, "os.version");
  if (version == 0 || variant == 0 || architecture == 0 || os == 0) return false;
  feature.columnCount = 4;
  store<u32>(slotFor(facts, index, os), 1 << 8, 12);
  store<u32>(slotFor(facts, index, architecture), 2 << 8, 12);
  store<u32>(slotFor(facts, index, variant), 3 << 8, 12);
  store<u32>(slotFor(facts, index, version), 4 << 8, 12);
  if (!makeColumns(facts, feature, NO_NODE)) return false;
  for (let i: u32 = 0; i < facts.platformCount; i++) {
    const p = changetype<Platform>(<usize>load<u32>(facts.platforms + (i << 2)));
    const a = partSymbol(facts, p.os, p.osLength, true);
    const b = partSymbol(facts, p.architecture, p.architectureLength, true);
    const c = partSymbol(facts, p.variant, p.variantLength, (p.given & Given.VARIANT) != 0);
    const d = partSymbol(facts, p.version, p.versionLength, (p.given & Given.VERSION) != 0);
    const failed =
      (a == 0 && p.osLength > 0) ||
      (b == 0 && p.architectureLength > 0) ||
      (c == 0 && p.variantLength > 0) ||
      (d == 0 && p.versionLength > 0);
    if (failed) return outOf(NO_NODE);
    setCell(facts, feature, index, os, i, a);
    setCell(facts, feature, index, architecture, i, b);
    setCell(facts, feature, index, variant, i, c);
    setCell(facts, feature, index, version, i, d);
  }
  return true;
}

/**
 * The features candidate.platform and candidate.annotations of a candidate: `platform` may be 0 (not known), `annotations` may be 0
 * (none). 0 with the error recorded.
 */
export function candidateFacts(json: Json, platform: Platform, annotations: u32): Facts {
  const none = changetype<Facts>(<usize>0);
  if (annotations != 0 && !expectTexts(json, annotations)) return none;
  const names: u32 = annotations == 0 ? 0 : sizeOfContainer(json, annotations);
  const facts = emptyFacts(4, names + 8, (names << 1) + 16);
  if (changetype<usize>(facts) == 0) return none;
  if (!fillCandidate(facts, json, platform, annotations)) {
    regionFree(facts.region);
    return none;
  }
  return facts;
}

function fillCandidate(facts: Facts, json: Json, platform: Platform, annotations: u32): bool {
  let symbol = symbolOfAscii(facts, "candidate.annotations");
  if (symbol == 0) return false;
  let index = featureFor(facts, symbol);
  featureAt(facts, index - 1).observed =
    Observed.ATTRIBUTES | Observed.HAS_ATTRIBUTES | Observed.NFD_ATTRIBUTES;
  if (annotations != 0) {
    const end = nextOf(json, annotations);
    for (let key = annotations + 1; key < end; key = nextOf(json, key + 1)) {
      const name = symbolOf(facts, json, key);
      const value = symbolOf(facts, json, key + 1);
      if (name == 0 || value == 0) return false;
      store<u32>(slotFor(facts, index, name), value, 8);
    }
  }
  symbol = symbolOfAscii(facts, "candidate.platform");
  if (symbol == 0) return false;
  index = featureFor(facts, symbol);
  if (changetype<usize>(platform) == 0) return true;
  featureAt(facts, index - 1).observed =
    Observed.ATTRIBUTES | Observed.HAS_ATTRIBUTES | Observed.NFD_ATTRIBUTES;
  return (
    setPart(facts, index, "os", platform.os, platform.osLength) &&
    setPart(facts, index, "architecture", platform.architecture, platform.architectureLength) &&
    setPart(facts, index, "variant", platform.variant, platform.variantLength) &&
    setPart(facts, index, "os.version", platform.version, platform.versionLength)
  );
}

function setPart(facts: Facts, index: u32, name: Ascii, text: usize, length: u32): bool {
  if (length == 0) return true;
  const symbol = symbolOfAscii(facts, name);
  const value = intern(facts.symbols, text, length, hashBytes(text, length));
  if (symbol == 0 || value == 0) return outOf(NO_NODE);
  store<u32>(slotFor(facts, index, symbol), value, 8);
  return true;
}
