/** Writes a verdict with its reasons (docs/language.md, "Answers"). */
import { conditionValue, setFacts } from "../evaluate/condition";
import { availability, documentHasList, entryCondition, entryFor, orderingDocument } from "../evaluate/runtimes";
import { Pair } from "../evaluate/verdict";
import { Facts } from "../facts/facts";
import { Json } from "../json/tape";
import { putNfdAnswers, putNfdReasons } from "../nfd/answer";
import { containerdTakes } from "../platform/match";
import { Given, Platform } from "../platform/platform";
import { DialectId, NONE, Program, Role, documentAt, rootAt } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { putPointerString } from "./pointer";
import { beginReasons, nextReason, omittedReasons, putKleene, putReasons, putText } from "./reasons";
import { put, putBoolean, putNumber, putString, putValue } from "./writer";

export function putVerdictName(value: u32): void {
  put(value == Kleene.TRUE ? '"compatible"' : value == Kleene.FALSE ? '"incompatible"' : '"undetermined"');
}

/**
 * Writes the members of a verdict from `score` on, without the braces. `json` and `wanted` are where the candidate's platform
 * stands (wanted 0: not known).
 */
export function putVerdictBody(pair: Pair, json: Json, wanted: u32): void {
  setFacts(pair.host, pair.candidate);
  put('"score":');
  putNumber(pair.score);
  put(',"maxScore":');
  putNumber(pair.maxScore);
  put(',"platform":');
  putPlatformAnswer(pair, json, wanted);
  put(',"runtime":');
  putRuntime(pair);
  put(',"reasons":[');
  beginReasons();
  const compatible = pair.value == Kleene.TRUE;
  if (pair.platformValue == pair.value && !compatible) putPlatformReason(pair, json, wanted);
  if (changetype<usize>(pair.program) != 0 && pair.documentsValue == pair.value) {
    putRequirementReasons(pair.program, pair.value, 0);
  }
  if (changetype<usize>(pair.policy) != 0 && pair.policyValue == pair.value) {
    putRequirementReasons(pair.policy, pair.value, 1);
  }
  if (changetype<usize>(pair.program) != 0 && pair.runtimesValue == pair.value && !compatible) putRuntimeReasons(pair);
  put('],"omitted":');
  putNumber(omittedReasons());
  put(',"preferences":[');
  if (changetype<usize>(pair.program) != 0) putPreferences(pair.program);
  put('],"nfd":[');
  if (changetype<usize>(pair.program) != 0) putNfdAnswers(pair.program);
  put("]");
}

function putPlatformAnswer(pair: Pair, json: Json, wanted: u32): void {
  if (changetype<usize>(pair.candidate) == 0) {
    put("null");
    return;
  }
  put('{"value":');
  putKleene(pair.platformValue);
  put(',"host":');
  if (pair.platformHost == NONE) put("null");
  else putNumber(pair.platformHost);
  put(',"containerd":');
  putBoolean(containerdTakes(pair.host, pair.platform));
  put(',"wanted":');
  if (wanted == 0) put("null");
  else putValue(json, wanted);
  put("}");
}

function putRuntime(pair: Pair): void {
  if (pair.runtime == NONE) {
    put("null");
    return;
  }
  const type = load<u32>(rootAt(pair.program, pair.runtime), 8);
  put('{"type":');
  putString(symbolText(pair.program.symbols, type), symbolLength(pair.program.symbols, type));
  put(',"handler":');
  putFactsText(pair.host, pair.handler);
  put("}");
}

function putFactsText(facts: Facts, symbol: u32): void {
  if (symbol == 0) put("null");
  else putString(symbolText(facts.symbols, symbol), symbolLength(facts.symbols, symbol));
}

const NO_SURROUNDINGS = ',"within":null,"title":null,"description":null,"documentation":null,"origin":null}';

function putPlatformReason(pair: Pair, json: Json, wanted: u32): void {
  if (!nextReason()) return;
  put('{"document":"candidate","pointer":"/platform","kind":"platform","value":');
  putKleene(pair.platformValue);
  put(',"feature":null,"name":null,"wanted":');
  if (wanted == 0) put("null");
  else putValue(json, wanted);
  put(',"found":');
  if (!pair.host.platformsKnown) put("null");
  else {
    put("[");
    for (let i: u32 = 0; i < pair.host.platformCount; i++) {
      if (i > 0) put(",");
      putPlatform(changetype<Platform>(<usize>load<u32>(pair.host.platforms + (i << 2))));
    }
    put("]");
  }
  put(NO_SURROUNDINGS);
}

/** A normalised platform; what was not given is left out, what is empty by normalising too. */
function putPlatform(p: Platform): void {
  put('{"os":');
  putString(p.os, p.osLength);
  put(',"architecture":');
  putString(p.architecture, p.architectureLength);
  if (p.given & Given.VARIANT && p.variantLength > 0) {
    put(',"variant":');
    putString(p.variant, p.variantLength);
  }
  if (p.versionLength > 0) {
    put(',"os.version":');
    putString(p.version, p.versionLength);
  }
  if (p.featureCount > 0) {
    put(',"os.features":[');
    for (let i: u32 = 0; i < p.featureCount; i++) {
      if (i > 0) put(",");
      putString(<usize>load<u32>(p.features + (i << 3)), load<u32>(p.features + (i << 3), 4));
    }
    put("]");
  }
  put("}");
}

/** Reasons of the requirements whose value is the whole's. */
function putRequirementReasons(program: Program, value: u32, policy: u32): void {
  for (let d: u32 = 0; d < program.documentCount; d++) {
    if (documentAt(program, d).dialect == DialectId.NFD) {
      putNfdReasons(program, d, value);
      continue;
    }
    for (let i: u32 = 0; i < program.rootCount; i++) {
      const root = rootAt(program, i);
      if (load<u16>(root) > Role.INCLUDES || load<u16>(root, 2) != d) continue;
      if (conditionValue(program, load<u32>(root, 4), program.values) != value) continue;
      if (!putReasons(program, i, value == Kleene.TRUE, policy)) return;
    }
  }
}

/** What kept each runtime from being chosen. */
function putRuntimeReasons(pair: Pair): void {
  const program = pair.program;
  const document = orderingDocument(program);
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    const type = load<u32>(root, 8);
    const available = availability(program, pair.host, pair.policy, pair.platformHost, type);
    if (available != Kleene.TRUE && (available == pair.value || pair.value == Kleene.FALSE)) {
      putRuntimeReason(pair, i, available);
    }
    for (let d: u32 = 0; d <= document; d++) {
      const entry = entryFor(program, d, type);
      if (entry == NONE) {
        if (documentHasList && pair.value == Kleene.FALSE) putMissingType(pair, d, i);
        continue;
      }
      const value = entryCondition(program, entry, true);
      if (value != Kleene.TRUE && value == pair.value) {
        if (!putReasons(program, entry, false, 0)) return;
      }
    }
  }
}

function putRuntimeHead(pair: Pair, document: u32, value: u32): Json {
  const d = documentAt(pair.program, document);
  put('{"document":');
  putString(d.id, d.idLength);
  put(',"pointer":');
  return d.json;
}

function putRuntimeReason(pair: Pair, index: u32, value: u32): void {
  if (!nextReason()) return;
  const root = rootAt(pair.program, index);
  const json = putRuntimeHead(pair, load<u16>(root, 2), value);
  putPointerString(json, load<u32>(root, 12));
  putRuntimeTail(pair, load<u32>(root, 8), value);
}

/** A type that another document's list lacks. */
function putMissingType(pair: Pair, document: u32, index: u32): void {
  if (!nextReason()) return;
  putRuntimeHead(pair, document, Kleene.FALSE);
  put('"/runtimes"');
  putRuntimeTail(pair, load<u32>(rootAt(pair.program, index), 8), Kleene.FALSE);
}

function putRuntimeTail(pair: Pair, type: u32, value: u32): void {
  const text = symbolText(pair.program.symbols, type);
  const length = symbolLength(pair.program.symbols, type);
  put(',"kind":"runtime","value":');
  putKleene(value);
  put(',"feature":null,"name":');
  putString(text, length);
  put(',"wanted":');
  putString(text, length);
  put(',"found":');
  if (!pair.host.runtimesKnown) put("null");
  else {
    put("[");
    for (let i: u32 = 0; i < pair.host.runtimeCount; i++) {
      if (i > 0) put(",");
      putFactsText(pair.host, load<u32>(pair.host.runtimes + (i << 3)));
    }
    put("]");
  }
  put(NO_SURROUNDINGS);
}

function putPreferences(program: Program): void {
  let first = true;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.PREFERS) continue;
    const document = documentAt(program, load<u16>(root, 2));
    if (!first) put(",");
    first = false;
    put('{"document":');
    putString(document.id, document.idLength);
    put(',"pointer":');
    putPointerString(document.json, load<u32>(root, 12));
    put(',"name":');
    putText(document.json, load<u32>(root, 16));
    put(',"weight":');
    putNumber(load<u32>(root, 8));
    put(',"value":');
    putKleene(conditionValue(program, load<u32>(root, 4), 0));
    put("}");
  }
}
