/**
 * Checks the shape of facts, in the document's order, and counts what they hold, so that memory is taken once. What comes after
 * this check can only fail for want of memory or work.
 */
import { sameBytes } from "../bytes";
import { Code, Phrase, failAt } from "../errors";
import {
  expectArray,
  expectBoolean,
  expectObject,
  expectScalar,
  expectString,
  expectStrings,
  expectTexts,
} from "../json/expect";
import { Json, Kind, hashOf, kindOf, memberOf, nextOf, sizeOfContainer, textIs, textLengthOf, textOf } from "../json/tape";
import { Heading, headingMember, refuseOtherVersions } from "../program/heading";
import { isFeatureName, startsWith } from "./name";

export const MAX_PLATFORMS: u32 = 64;

/** Upper bounds of the names and features that the facts hold, the node of `features` (0: none), and which kind they are. */
export let countedNames: u32 = 0;
/** How many texts of values there may be beside the names. */
export let countedValues: u32 = 0;
export let countedFeatures: u32 = 0;
export let featuresNode: u32 = 0;
export let isNodeFeature: bool = false;

/** Checks a `Host` document or an NFD `NodeFeature` object. */
export function checkFacts(json: Json): bool {
  countedNames = 0;
  countedValues = 0;
  countedFeatures = 0;
  featuresNode = 0;
  if (!expectObject(json, 0)) return false;
  const kind = memberOf(json, 0, "kind");
  if (kind == 0) return failAt(Code.MISSING_KEY, 0, Phrase.KIND);
  if (!expectString(json, kind)) return false;
  isNodeFeature = textIs(json, kind, "NodeFeature");
  return isNodeFeature ? checkNodeFeature(json) : refuseOtherVersions(json) && checkHost(json);
}

/** Of a NodeFeature only spec.features counts; null is as good as absent, as Go writes it. */
function checkNodeFeature(json: Json): bool {
  const spec = memberOf(json, 0, "spec");
  if (spec == 0 || kindOf(json, spec) == Kind.NULL) return true;
  if (!expectObject(json, spec)) return false;
  const features = memberOf(json, spec, "features");
  if (features == 0 || kindOf(json, features) == Kind.NULL) return true;
  featuresNode = features;
  return checkFeatures(json, features);
}

function checkHost(json: Json): bool {
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    const heading = headingMember(json, key, "Host");
    if (heading == Heading.TAKEN) continue;
    let ok = false;
    if (heading == Heading.WRONG) return false;
    else if (textIs(json, key, "name")) ok = expectString(json, value);
    else if (textIs(json, key, "annotations")) ok = expectTexts(json, value);
    else if (textIs(json, key, "platforms")) ok = checkPlatforms(json, value);
    else if (textIs(json, key, "runtimes")) ok = expectTexts(json, value);
    else if (textIs(json, key, "features")) {
      featuresNode = value;
      ok = checkFeatures(json, value);
    } else if (textIs(json, key, "closedWorld")) ok = checkNames(json, value);
    else ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return true;
}

function checkNames(json: Json, node: u32): bool {
  if (!expectArray(json, node)) return false;
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    if (!expectString(json, n) || !checkName(json, n)) return false;
  }
  return true;
}

/** `source.feature` or `domain/source.feature`; `host.` and `candidate.` are the core's own. */
function checkName(json: Json, node: u32): bool {
  const p = textOf(json, node);
  const length = textLengthOf(json, node);
  if (!isFeatureName(p, length)) return failAt(Code.BAD_VALUE, node, Phrase.FEATURE);
  if (startsWith(p, length, "host.") || startsWith(p, length, "candidate.")) {
    return failAt(Code.RESERVED_FEATURE, node);
  }
  return true;
}

function checkPlatforms(json: Json, node: u32): bool {
  if (!expectArray(json, node)) return false;
  if (sizeOfContainer(json, node) > MAX_PLATFORMS) return failAt(Code.LIMIT, node);
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    if (!checkPlatform(json, n, true)) return false;
  }
  return true;
}

/**
 * Checks a platform object: the specification's keys, in facts `handlers` too and nothing else. In a candidate, what image-spec doesn't know
 * (or reserves, as `features`) is passed over.
 */
export function checkPlatform(json: Json, node: u32, inFacts: bool): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    let ok = true;
    if (
      textIs(json, key, "os") ||
      textIs(json, key, "architecture") ||
      textIs(json, key, "variant") ||
      textIs(json, key, "os.version")
    ) {
      ok = expectString(json, value);
    } else if (textIs(json, key, "os.features") || (inFacts && textIs(json, key, "handlers"))) {
      ok = expectStrings(json, value);
    } else if (inFacts) ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  if (memberOf(json, node, "os") == 0) return failAt(Code.MISSING_KEY, node, Phrase.OS);
  return memberOf(json, node, "architecture") != 0 || failAt(Code.MISSING_KEY, node, Phrase.ARCHITECTURE);
}

/** A NodeFeature's null fields count as absent. */
function isAbsent(json: Json, node: u32): bool {
  return isNodeFeature && kindOf(json, node) == Kind.NULL;
}

function checkFeatures(json: Json, node: u32): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const flags = textIs(json, key, "flags");
    const instances = textIs(json, key, "instances");
    if (!flags && !instances && !textIs(json, key, "attributes")) {
      if (isNodeFeature) continue;
      return failAt(Code.UNKNOWN_KEY, key);
    }
    const value = key + 1;
    if (isAbsent(json, value)) continue;
    if (!expectObject(json, value)) return false;
    const last = nextOf(json, value);
    for (let name = value + 1; name < last; name = nextOf(json, name + 1)) {
      countedFeatures++;
      if (!checkName(json, name) || !checkFeature(json, name + 1, flags, instances)) return false;
    }
  }
  return true;
}

function checkFeature(json: Json, node: u32, flags: bool, instances: bool): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  let elements = false;
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    let ok = true;
    if (textIs(json, key, "elements")) {
      elements = true;
      if (kindOf(json, value) == Kind.NULL) continue;
      ok = flags ? checkFlags(json, value) : instances ? checkInstances(json, value) : checkScalars(json, value);
    } else if (isAbsent(json, value)) continue;
    else if ((flags && textIs(json, key, "scope")) || (!flags && !instances && textIs(json, key, "unknown"))) {
      countedNames += sizeOfContainer(json, value);
      ok = expectStrings(json, value);
    } else if (instances && textIs(json, key, "partial")) ok = expectBoolean(json, value);
    else if (!isNodeFeature) ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return elements || isNodeFeature || failAt(Code.MISSING_KEY, node, Phrase.ELEMENTS);
}

function checkFlags(json: Json, node: u32): bool {
  countedNames += sizeOfContainer(json, node);
  if (kindOf(json, node) == Kind.ARRAY) return expectStrings(json, node);
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (!expectObject(json, key + 1)) return false;
    if (!isNodeFeature && sizeOfContainer(json, key + 1) > 0) return failAt(Code.UNKNOWN_KEY, key + 2);
  }
  return true;
}

/** A map of attributes: strings, numbers, booleans. */
function checkScalars(json: Json, node: u32): bool {
  if (!expectObject(json, node)) return false;
  countedNames += sizeOfContainer(json, node);
  countedValues += sizeOfContainer(json, node);
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (!expectScalar(json, key + 1)) return false;
  }
  return true;
}

/**
 * The attributes of an instance. Most have the names of the instance before, in the same order (`before`, 0: none): what is equal at the same
 * place isn't counted again.
 */
function checkInstance(json: Json, node: u32, before: u32): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  const last: u32 = before == 0 ? 0 : nextOf(json, before);
  let other = before + 1;
  for (let key = node + 1; key < end; key += 2) {
    if (!expectScalar(json, key + 1)) return false;
    if (other >= last || !sameText(json, key, other)) countedNames++;
    other += 2;
  }
  countedValues += sizeOfContainer(json, node);
  return true;
}

/** Whether two strings are equal. */
function sameText(json: Json, a: u32, b: u32): bool {
  const length = textLengthOf(json, a);
  return hashOf(json, a) == hashOf(json, b) && textLengthOf(json, b) == length && sameBytes(textOf(json, a), textOf(json, b), length);
}

function checkInstances(json: Json, node: u32): bool {
  if (!expectArray(json, node)) return false;
  const end = nextOf(json, node);
  let before: u32 = 0;
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    if (!expectObject(json, n)) return false;
    const last = nextOf(json, n);
    let attributes = isNodeFeature;
    for (let key = n + 1; key < last; key = nextOf(json, key + 1)) {
      if (isAbsent(json, key + 1)) continue;
      let ok = true;
      if (textIs(json, key, "attributes")) {
        attributes = true;
        ok = checkInstance(json, key + 1, before);
        before = key + 1;
      } else if (textIs(json, key, "unknown")) {
        countedNames += sizeOfContainer(json, key + 1);
        ok = expectStrings(json, key + 1);
      } else if (!isNodeFeature) ok = failAt(Code.UNKNOWN_KEY, key);
      if (!ok) return false;
    }
    if (!attributes) return failAt(Code.MISSING_KEY, n, Phrase.REQUIRED);
  }
  return true;
}
