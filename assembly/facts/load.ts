/** Facts from their JSON: a `Host` document, NFD's `NodeFeature` objects, or a candidate's platform and annotations. */
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Code, NO_NODE, Phrase, fail, failAt } from "../errors";
import { renumberFacts } from "../abi/handles";
import { hashBytes } from "../hash";
import { expectTexts } from "../json/expect";
import {
  Json,
  Kind,
  hashOf,
  kindOf,
  memberOf,
  nextOf,
  sizeOfContainer,
  textIs,
  textLengthOf,
  textOf,
} from "../json/tape";
import { regionAlloc, regionAllocRaw, regionCreate, regionFree } from "../memory/region";
import { Given, Platform, readPlatform } from "../platform/platform";
import { Symbols, intern, symbolSpare, symbolsCreate } from "../symbols";
import { charge } from "../work";
import { checkFacts, countedFeatures, countedNames, countedValues, featuresNode, isNodeFeature } from "./check";
import { COVERED, Facts, Feature, LANES, Observed, UNKNOWN, featureAt, mixSlot, slotHere } from "./facts";

/** Features of one host, and cells of instances (attributes x instances of one feature). */
export const MAX_FEATURES: u32 = 65_536;
export const MAX_CELLS: u32 = 16 << 20;

let serial: u32 = 0;

/** Of the guarded build: as if so many facts had been loaded. */
export function setSerial(last: u32): void {
  serial = last;
}

/** A serial that no facts have had. */
export function nextSerial(): u32 {
  if (serial == u32.MAX_VALUE) serial = renumberFacts();
  return ++serial;
}

/** A symbol for a string, number or literal node. 0 with the error recorded. */
function symbolOf(facts: Facts, json: Json, node: u32): u32 {
  const text = textOf(json, node);
  const length = textLengthOf(json, node);
  const hash = kindOf(json, node) == Kind.STRING ? hashOf(json, node) : hashBytes(text, length);
  // What slotFor went through is paid for here, where the call can end.
  const s = charge(probes) ? intern(facts.symbols, text, length, hash) : 0;
  probes = 0;
  if (s == 0) outOf(node);
  return s;
}

/** Memory or work ran out. */
function outOf(node: u32): bool {
  return charge(1) ? failAt(Code.OUT_OF_MEMORY, node) : failAt(Code.BUDGET, node);
}

/** A symbol for one of the core's own texts. */
function symbolOfAscii(facts: Facts, s: Ascii): u32 {
  const symbol = intern(facts.symbols, asciiBytes(s), asciiLength(s), hashBytes(asciiBytes(s), asciiLength(s)));
  if (symbol == 0) outOf(NO_NODE);
  return symbol;
}

/** Facts with nothing in them; 0 with the error recorded. */
function emptyFacts(features: u32, names: u32, symbols: u32): Facts {
  const none = changetype<Facts>(<usize>0);
  const slots: u32 = 1 << (32 - clz((max(4, names) << 1) - 1));
  const region = regionCreate(offsetof<Facts>() + (symbols << 5) + (slots << 4));
  if (region == 0) {
    fail(Code.OUT_OF_MEMORY);
    return none;
  }
  const address = regionAlloc(region, offsetof<Facts>());
  const facts = changetype<Facts>(address);
  if (address != 0) {
    facts.region = region;
    facts.serial = nextSerial();
    facts.symbols = symbolsCreate(region, symbols, true);
    facts.features = regionAlloc(region, features * offsetof<Feature>());
    facts.slots = regionAlloc(region, slots << 4);
    facts.slotMask = slots - 1;
    if (changetype<usize>(facts.symbols) != 0 && facts.features != 0 && facts.slots != 0) return facts;
  }
  regionFree(region);
  fail(Code.OUT_OF_MEMORY);
  return none;
}

/** The feature that a symbol names, made if it is new: its number + 1. */
function featureFor(facts: Facts, symbol: u32): u32 {
  const spare = symbolSpare(symbol);
  const known = load<u32>(spare);
  if (known != 0) return known;
  const feature = featureAt(facts, facts.featureCount++);
  feature.symbol = symbol;
  store<u32>(spare, facts.featureCount);
  return facts.featureCount;
}

/** Slots that were gone through and not paid for. */
let probes: u32 = 0;

/** The slot of a name under a feature, made if it is new. INVARIANT: the table was made for as many names as there are. */
function slotFor(facts: Facts, feature: u32, name: u32): usize {
  const found = slotHere(facts, feature, name);
  if (found != 0) return found;
  let slot = mixSlot(feature, name) & facts.slotMask;
  while (load<u32>(facts.slots + ((<usize>slot) << 4)) != 0) {
    slot = (slot + 1) & facts.slotMask;
    probes++;
  }
  const at = facts.slots + ((<usize>slot) << 4);
  store<u32>(at, feature);
  store<u32>(at, name, 4);
  return at;
}

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

/** The `elements` of a feature if they are not null, else 0. */
function elementsOf(json: Json, node: u32): u32 {
  const elements = memberOf(json, node, "elements");
  return elements != 0 && kindOf(json, elements) != Kind.NULL ? elements : 0;
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

/** Numbers a column for an attribute of instances if it has none yet. False only without memory or work. */
function columnFor(facts: Facts, json: Json, node: u32, feature: Feature, index: u32): bool {
  const name = symbolOf(facts, json, node);
  if (name == 0) return false;
  const slot = slotFor(facts, index, name);
  if (load<u32>(slot, 12) >>> 8 == 0) {
    store<u32>(slot, load<u32>(slot, 12) | (++feature.columnCount << 8), 12);
  }
  return true;
}

function readInstances(facts: Facts, json: Json, node: u32, index: u32): bool {
  const feature = featureAt(facts, index - 1);
  feature.observed |= Observed.HAS_INSTANCES;
  const partial = memberOf(json, node, "partial");
  const elements = elementsOf(json, node);
  if (elements == 0) return true;
  feature.observed |= Observed.INSTANCES;
  if (partial != 0 && kindOf(json, partial) == Kind.TRUE) feature.observed |= Observed.PARTIAL;
  feature.instanceCount = sizeOfContainer(json, elements);
  return (
    readCells(facts, json, elements, feature, index, false) &&
    makeColumns(facts, feature, node) &&
    readCells(facts, json, elements, feature, index, true)
  );
}

/** Goes through what the instances have: first to number the columns, then to `fill` them. */
function readCells(facts: Facts, json: Json, elements: u32, feature: Feature, index: u32, fill: bool): bool {
  const end = nextOf(json, elements);
  let instance: u32 = 0;
  for (let n = elements + 1; n < end; n = nextOf(json, n)) {
    const attributes = memberOf(json, n, "attributes");
    const unknown = memberOf(json, n, "unknown");
    const ok =
      (attributes == 0 || readNames(facts, json, attributes, Kind.OBJECT, feature, index, instance, fill)) &&
      (unknown == 0 || readNames(facts, json, unknown, Kind.ARRAY, feature, index, instance, fill));
    if (!ok) return false;
    instance++;
  }
  return true;
}

/** The attributes of one instance (an object), or the names that are unknown of it (an array); another kind is null, and as good as none. */
function readNames(
  facts: Facts,
  json: Json,
  node: u32,
  kind: u32,
  feature: Feature,
  index: u32,
  instance: u32,
  fill: bool,
): bool {
  if (kindOf(json, node) != kind) return true;
  const end = nextOf(json, node);
  let n = node + 1;
  while (n < end) {
    if (!fill) {
      if (!columnFor(facts, json, n, feature, index)) return false;
    } else {
      const name = symbolOf(facts, json, n);
      if (name == 0) return false;
      if (kind == Kind.OBJECT) {
        const value = symbolOf(facts, json, n + 1);
        if (value == 0) return false;
        setCell(facts, feature, index, name, instance, value);
      } else if (!coverCell(facts, feature, index, name, instance, n)) return false;
    }
    n = nextOf(json, kind == Kind.OBJECT ? n + 1 : n);
  }
  return true;
}

/** Takes the memory of a feature's columns, all in one. */
function makeColumns(facts: Facts, feature: Feature, node: u32): bool {
  const padded = (feature.instanceCount + (LANES - 1)) & ~(LANES - 1);
  const cells = <u64>padded * feature.columnCount;
  if (cells > <u64>MAX_CELLS) return failAt(Code.LIMIT, node, Phrase.CELLS);
  if (!charge(<u32>cells)) return failAt(Code.BUDGET, node);
  const columns = regionAllocRaw(facts.region, feature.columnCount << 3);
  const values = regionAlloc(facts.region, (<u32>cells) << 2);
  if (columns == 0 || values == 0) return failAt(Code.OUT_OF_MEMORY, node);
  feature.columns = columns;
  for (let c: u32 = 0; c < feature.columnCount; c++) {
    store<u32>(columns + (c << 3), <u32>(values + ((<usize>(c * padded)) << 2)), 4);
  }
  return true;
}

/** Where a cell lies. Names its column, too. */
function cellAt(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32): usize {
  const column = (load<u32>(slotHere(facts, index, name), 12) >>> 8) - 1;
  const at = feature.columns + (column << 3);
  store<u32>(at, name);
  return <usize>load<u32>(at, 4) + ((<usize>instance) << 2);
}

function setCell(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32, value: u32): void {
  if (value == UNKNOWN) feature.observed |= Observed.UNKNOWN_CELLS;
  store<u32>(cellAt(facts, feature, index, name, instance), value);
}

/** Makes a cell unknown, and keeps what it said. False with the error recorded. */
function coverCell(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32, node: u32): bool {
  const cell = cellAt(facts, feature, index, name, instance);
  const element = load<u32>(cell);
  if (element != 0 && element != UNKNOWN) {
    const slot = slotFor(facts, index | COVERED, name);
    if (load<u32>(slot, 12) == 0) {
      if (!charge(feature.instanceCount)) return failAt(Code.BUDGET, node);
      const column = regionAlloc(facts.region, feature.instanceCount << 2);
      if (column == 0) return failAt(Code.OUT_OF_MEMORY, node);
      store<u32>(slot, <u32>column, 12);
    }
    store<u32>(<usize>load<u32>(slot, 12) + ((<usize>instance) << 2), element);
  }
  feature.observed |= Observed.UNKNOWN_CELLS;
  store<u32>(cell, UNKNOWN);
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

/** The value of a platform's part as a symbol: unknown if it was not given, 0 if it was and is empty. */
function partSymbol(facts: Facts, text: usize, length: u32, given: bool): u32 {
  if (!given) return UNKNOWN;
  return length == 0 ? 0 : intern(facts.symbols, text, length, hashBytes(text, length));
}

/** The built-in feature host.platform: an instance for each platform. */
function addHostPlatform(facts: Facts): bool {
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
