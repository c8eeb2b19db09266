/** Facts from their JSON: a `Host` document, or NFD's `NodeFeature` objects. */
import { Code, failAt } from "../errors";
import { Json, Kind, kindOf, memberOf, nextOf, sizeOfContainer, textIs } from "../json/tape";
import { regionAlloc, regionAllocRaw, regionFree } from "../memory/region";
import { readPlatform } from "../platform/platform";
import { addHostPlatform } from "./built-in";
import { checkFacts, countedFeatures, countedNames, countedValues, featuresNode, isNodeFeature } from "./check";
import { elementsOf, readInstances } from "./columns";
import { COVERED, Facts, featureAt, Observed, UNKNOWN } from "./facts";
import { emptyFacts, featureFor, slotFor, symbolOf } from "./make";

/** Features of one host. */
export const MAX_FEATURES: u32 = 65_536;

/** Loads a `Host` or `NodeFeature` document. 0 with the error recorded. */
export function loadFacts(json: Json): Facts {
  const none = changetype<Facts>(<usize>0);
  if (!checkFacts(json)) return none;
  const features = featuresNode;
  const closed = isNodeFeature ? 0 : memberOf(json, 0, "closedWorld");
  const featureBound: u32 = 8 + countedFeatures + (closed == 0 ? 0 : sizeOfContainer(json, closed));
  if (featureBound > MAX_FEATURES) {
    failAt(Code.LIMIT, features);
    return none;
  }
  const facts = emptyFacts(
    featureBound,
    countedNames + 16,
    min(json.count, countedNames + featureBound + (countedValues >>> 1)) + 64,
  );
  if (changetype<usize>(facts) == 0) return none;
  let ok = features == 0 || readFeatures(facts, json, features);
  if (ok && closed != 0) ok = readClosedWorld(facts, json, closed);
  if (ok && !isNodeFeature) ok = readPlatforms(facts, json) && readRuntimes(facts, json);
  if (ok) ok = addHostPlatform(facts);
  if (!ok) {
    regionFree(facts.region);
    return none;
  }
  return facts;
}

function readFeatures(facts: Facts, json: Json, node: u32): bool {
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const flags = textIs(json, key, "flags");
    const attributes = textIs(json, key, "attributes");
    if ((!flags && !attributes && !textIs(json, key, "instances")) || kindOf(json, key + 1) == Kind.NULL)
      continue;
    const last = nextOf(json, key + 1);
    for (let name = key + 2; name < last; name = nextOf(json, name + 1)) {
      const symbol = symbolOf(facts, json, name);
      if (symbol == 0) return false;
      const index = featureFor(facts, symbol);
      if (
        flags
          ? !readFlags(facts, json, name + 1, index)
          : attributes
            ? !readAttributes(facts, json, name + 1, index)
            : !readInstances(facts, json, name + 1, index)
      ) {
        return false;
      }
    }
  }
  return true;
}

function readFlags(facts: Facts, json: Json, node: u32, index: u32): bool {
  const feature = featureAt(facts, index - 1);
  feature.observed |= Observed.HAS_FLAGS;
  const elements = elementsOf(json, node);
  if (elements != 0) {
    feature.observed |= Observed.FLAGS | Observed.NFD_FLAGS;
    if (!markFlags(facts, json, elements, index, 1)) return false;
  }
  const scope = memberOf(json, node, "scope");
  if (scope == 0 || kindOf(json, scope) != Kind.ARRAY) return true;
  feature.observed |= Observed.SCOPED;
  return markFlags(facts, json, scope, index, 2);
}

/** Sets a bit of the slots of names: an array's elements, or an object's keys. */
function markFlags(facts: Facts, json: Json, names: u32, index: u32, bit: u32): bool {
  const step: u32 = kindOf(json, names) == Kind.ARRAY ? 0 : 1;
  const end = nextOf(json, names);
  for (let n = names + 1; n < end; n = nextOf(json, n + step)) {
    const name = symbolOf(facts, json, n);
    if (name == 0) return false;
    const slot = slotFor(facts, index, name);
    store<u32>(slot, load<u32>(slot, 12) | bit, 12);
  }
  return true;
}

function readAttributes(facts: Facts, json: Json, node: u32, index: u32): bool {
  const feature = featureAt(facts, index - 1);
  feature.observed |= Observed.HAS_ATTRIBUTES;
  const elements = elementsOf(json, node);
  if (elements != 0) {
    feature.observed |= Observed.NFD_ATTRIBUTES;
    if (sizeOfContainer(json, elements) > 0) feature.observed |= Observed.ATTRIBUTES;
    const end = nextOf(json, elements);
    for (let key = elements + 1; key < end; key = nextOf(json, key + 1)) {
      const name = symbolOf(facts, json, key);
      const value = symbolOf(facts, json, key + 1);
      if (name == 0 || value == 0) return false;
      store<u32>(slotFor(facts, index, name), value, 8);
    }
  }
  const unknown = memberOf(json, node, "unknown");
  if (unknown != 0 && kindOf(json, unknown) == Kind.ARRAY) {
    if (sizeOfContainer(json, unknown) > 0) feature.observed |= Observed.ATTRIBUTES;
    const end = nextOf(json, unknown);
    for (let n = unknown + 1; n < end; n = nextOf(json, n)) {
      const name = symbolOf(facts, json, n);
      if (name == 0) return false;
      const slot = slotFor(facts, index, name);
      const element = load<u32>(slot, 8);
      if (element != 0 && element != UNKNOWN) store<u32>(slotFor(facts, index | COVERED, name), element, 8);
      store<u32>(slot, UNKNOWN, 8);
    }
  }
  return true;
}

function readClosedWorld(facts: Facts, json: Json, node: u32): bool {
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    const symbol = symbolOf(facts, json, n);
    if (symbol == 0) return false;
    // What is absent is complete: what was observed stays as it was observed.
    featureAt(facts, featureFor(facts, symbol) - 1).observed |= Observed.CLOSED;
  }
  return true;
}

function readPlatforms(facts: Facts, json: Json): bool {
  const list = memberOf(json, 0, "platforms");
  if (list == 0) return true;
  const count = sizeOfContainer(json, list);
  facts.platformsKnown = 1;
  facts.platforms = regionAlloc(facts.region, (count + 1) << 2);
  facts.handlers = regionAlloc(facts.region, (count + 1) << 2);
  if (facts.platforms == 0 || facts.handlers == 0) return failAt(Code.OUT_OF_MEMORY, list);
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    const platform = readPlatform(facts.region, json, n);
    if (changetype<usize>(platform) == 0) return false;
    store<u32>(facts.platforms + (facts.platformCount << 2), <u32>changetype<usize>(platform));
    const handlers = memberOf(json, n, "handlers");
    if (handlers != 0) {
      const symbols = regionAllocRaw(facts.region, (sizeOfContainer(json, handlers) + 1) << 2);
      if (symbols == 0) return failAt(Code.OUT_OF_MEMORY, handlers);
      let i: u32 = 0;
      for (let h = handlers + 1; h < nextOf(json, handlers); h = nextOf(json, h)) {
        const symbol = symbolOf(facts, json, h);
        if (symbol == 0) return false;
        store<u32>(symbols + (++i << 2), symbol);
      }
      store<u32>(symbols, i);
      store<u32>(facts.handlers + (facts.platformCount << 2), <u32>symbols);
    }
    facts.platformCount++;
  }
  return true;
}

function readRuntimes(facts: Facts, json: Json): bool {
  const map = memberOf(json, 0, "runtimes");
  if (map == 0) return true;
  facts.runtimesKnown = 1;
  facts.runtimes = regionAllocRaw(facts.region, (sizeOfContainer(json, map) + 1) << 3);
  if (facts.runtimes == 0) return failAt(Code.OUT_OF_MEMORY, map);
  const end = nextOf(json, map);
  for (let key = map + 1; key < end; key = nextOf(json, key + 1)) {
    const type = symbolOf(facts, json, key);
    const handler = symbolOf(facts, json, key + 1);
    if (type == 0 || handler == 0) return false;
    store<u32>(facts.runtimes + (facts.runtimeCount << 3), type);
    store<u32>(facts.runtimes + (facts.runtimeCount++ << 3), handler, 4);
  }
  return true;
}
