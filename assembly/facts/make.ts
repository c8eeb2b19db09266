/** Facts while they are made: their memory, symbols, features and slots. */
import { renumberFacts } from "../abi/handles";
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Code, fail, failAt, NO_NODE } from "../errors";
import { hashBytes } from "../hash";
import { hashOf, Json, Kind, kindOf, textLengthOf, textOf } from "../json/tape";
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { intern, symbolsCreate, symbolSpare } from "../symbols";
import { charge } from "../work";
import { Facts, Feature, featureAt, mixSlot, slotHere } from "./facts";

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
export function symbolOf(facts: Facts, json: Json, node: u32): u32 {
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
export function outOf(node: u32): bool {
  return charge(1) ? failAt(Code.OUT_OF_MEMORY, node) : failAt(Code.BUDGET, node);
}

/** A symbol for one of the core's own texts. */
export function symbolOfAscii(facts: Facts, s: Ascii): u32 {
  const symbol = intern(facts.symbols, asciiBytes(s), asciiLength(s), hashBytes(asciiBytes(s), asciiLength(s)));
  if (symbol == 0) outOf(NO_NODE);
  return symbol;
}

/** Facts with nothing in them; 0 with the error recorded. */
export function emptyFacts(features: u32, names: u32, symbols: u32): Facts {
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
export function featureFor(facts: Facts, symbol: u32): u32 {
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
export function slotFor(facts: Facts, feature: u32, name: u32): usize {
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
