/** Writes a verdict with its reasons (docs/language.md, "Answers"). */
import { evaluationError } from "../evaluate/attribute";
import { conditionValue, setFacts } from "../evaluate/condition";
import {
  availability,
  documentHasList,
  entryCondition,
  entryFor,
  handlerOf,
  orderingDocument,
} from "../evaluate/runtimes";
import { Pair } from "../evaluate/verdict";
import { Facts } from "../facts/facts";
import { memberOf } from "../json/tape";
import { putNfdAnswers } from "../nfd/answer";
import { putNfdReasons } from "../nfd/reasons";
import { containerdTakes } from "../platform/match";
import { Platform } from "../platform/platform";
import { policyAllows } from "../program/policy";
import { DialectId, NONE, Program, Role, documentAt, rootAt } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { putPointerString } from "./pointer";
import {
  beginIdentity,
  beginReason,
  beginReasons,
  endIdentity,
  omittedReasons,
  putKleene,
  putReasons,
  putSurroundings,
  putText,
} from "./reasons";
import { pay, put, putBoolean, putInteger, putNumber, putString, putValue } from "./writer";

export function putVerdictName(value: u32): void {
  put(value == Kleene.TRUE ? '"compatible"' : value == Kleene.FALSE ? '"incompatible"' : '"undetermined"');
}

/** Writes the members of a verdict from `score` on, without the braces. */
export function putVerdictBody(pair: Pair): void {
  setFacts(pair.host, pair.candidate);
  put('"score":');
  putInteger(pair.score);
  put(',"maxScore":');
  putInteger(pair.maxScore);
  put(',"platform":');
  putPlatformAnswer(pair);
  put(',"runtime":');
  putRuntime(pair);
  put(',"reasons":[');
  if (!beginReasons()) return;
  const compatible = pair.value == Kleene.TRUE;
  const documented = changetype<usize>(pair.program) != 0;
  const bound = changetype<usize>(pair.policy) != 0;
  if (pair.platformValue == pair.value && !compatible) putPlatformReason(pair);
  if (documented && pair.documentsValue == pair.value) putRequirementReasons(pair.program, pair.value);
  if (bound && pair.policyValue == pair.value) putRequirementReasons(pair.policy, pair.value);
  if (documented && pair.runtimesValue == pair.value) putRuntimeReasons(pair);
  put('],"omitted":');
  putNumber(omittedReasons());
  put(',"preferences":[');
  let first = true;
  if (documented) first = putPreferences(pair.program, first);
  if (bound) putPreferences(pair.policy, first);
  put('],"nfd":[');
  if (changetype<usize>(pair.program) != 0) putNfdAnswers(pair.program);
  put("]");
}

function putPlatformAnswer(pair: Pair): void {
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
  putWanted(pair);
  put("}");
}

/** The candidate's platform, normalised. */
function putWanted(pair: Pair): void {
  if (changetype<usize>(pair.platform) == 0) put("null");
  else putPlatform(pair.platform);
}

function putRuntime(pair: Pair): void {
  if (pair.runtime == NONE) {
    put("null");
    return;
  }
  const type = load<u32>(rootAt(pair.program, pair.runtime), 8);
  put('{"type":');
  putString(symbolText(type), symbolLength(type));
  put(',"handler":');
  putFactsText(pair.host, pair.handler);
  put("}");
}

function putFactsText(facts: Facts, symbol: u32): void {
  if (symbol == 0) put("null");
  else putString(symbolText(symbol), symbolLength(symbol));
}

const NO_SURROUNDINGS = ',"within":null,"title":null,"description":null,"documentation":null,"origin":null}';

/** The platform is no term of a document: its document and pointer are empty. */
function putPlatformReason(pair: Pair): void {
  beginReason();
  put('"","pointer":""');
  beginIdentity("platform", pair.platformValue);
  put(',"feature":null,"name":null,"wanted":');
  putWanted(pair);
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
  if (endIdentity(0)) put(NO_SURROUNDINGS);
}

/** A normalised platform; what is empty is left out. */
function putPlatform(p: Platform): void {
  put('{"os":');
  putString(p.os, p.osLength);
  put(',"architecture":');
  putString(p.architecture, p.architectureLength);
  if (p.variantLength > 0) {
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

/** Reasons of the requirements whose value is the whole's: of each document its `requires`, then what it includes. */
function putRequirementReasons(program: Program, value: u32): void {
  for (let d: u32 = 0; d < program.documentCount; d++) {
    if (documentAt(program, d).dialect == DialectId.NFD) {
      putNfdReasons(program, d, value);
      continue;
    }
    if (!pay(program.rootCount)) return;
    for (let role = Role.REQUIRES; role <= Role.INCLUDES; role++) {
      for (let i: u32 = 0; i < program.rootCount; i++) {
        const root = rootAt(program, i);
        if (load<u16>(root) != role || load<u16>(root, 2) != d) continue;
        if (conditionValue(program, load<u32>(root, 4), program.values) != value) continue;
        if (!putReasons(program, i, value == Kleene.TRUE)) return;
      }
    }
  }
}

/** Reasons of the runtimes: an *any* over the entries, each an *all* over its requirements and its being available. */
function putRuntimeReasons(pair: Pair): void {
  const program = pair.program;
  const document = orderingDocument(program);
  if (document == NONE) return;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    if (evaluationError != 0) return;
    if (pair.value == Kleene.TRUE && i != pair.runtime) continue;
    const type = load<u32>(root, 8);
    const available = availability(program, pair.host, pair.policy, pair.platforms, type);
    let value = available;
    for (let d: u32 = 0; d <= document; d++) {
      const entry = entryFor(program, d, type);
      if (entry != NONE) value = min(value, entryCondition(program, entry, false));
      else if (documentHasList) value = Kleene.FALSE;
    }
    if (value != pair.value) continue;
    for (let d: u32 = 0; d <= document; d++) {
      const entry = entryFor(program, d, type);
      if (entry == NONE) {
        if (documentHasList && value == Kleene.FALSE) putMissingType(pair, d, type);
      } else if (entryCondition(program, entry, true) == value) {
        if (load<u32>(rootAt(program, entry), 4) != NONE && !putReasons(program, entry, false)) return;
      }
    }
    if (available == value) putAvailability(pair, i, available);
  }
}

/** Whether a type is available, and what there is. */
function putAvailability(pair: Pair, index: u32, value: u32): void {
  const program = pair.program;
  const root = rootAt(program, index);
  const type = load<u32>(root, 8);
  const document = documentAt(program, load<u16>(root, 2));
  const json = document.json;
  beginReason();
  putString(document.id, document.idLength);
  put(',"pointer":');
  putPointerString(json, memberOf(json, load<u32>(root, 12), "type"));
  putRuntimeIdentity(pair, type, value);
  if (!policyAllows(pair.policy, program, type))
    putValue(documentAt(pair.policy, 0).json, <u32>pair.policy.allowedTypes);
  else if (value == Kleene.UNKNOWN) put("null");
  else if (value == Kleene.TRUE) putFactsText(pair.host, handlerOf(program, pair.host, type));
  else if (handlerOf(program, pair.host, type) == 0) putHostTypes(pair.host);
  else putHandlers(pair.host, pair.platformHost);
  if (!endIdentity(0)) return;
  putSurroundings(program, NONE, index);
  put("}");
}

function putRuntimeIdentity(pair: Pair, type: u32, value: u32): void {
  beginIdentity("runtime", value);
  put(',"feature":null,"name":null,"wanted":');
  putString(symbolText(type), symbolLength(type));
  put(',"found":');
}

function putHostTypes(host: Facts): void {
  put("[");
  for (let i: u32 = 0; i < host.runtimeCount; i++) {
    if (i > 0) put(",");
    putFactsText(host, load<u32>(host.runtimes + (i << 3)));
  }
  put("]");
}

function putHandlers(host: Facts, platform: u32): void {
  const list = <usize>load<u32>(host.handlers + (platform << 2));
  put("[");
  for (let i: u32 = 1; i <= load<u32>(list); i++) {
    if (i > 1) put(",");
    putFactsText(host, load<u32>(list + (i << 2)));
  }
  put("]");
}

/** A type that another document's list lacks: found are the types that it has. */
function putMissingType(pair: Pair, document: u32, type: u32): void {
  const program = pair.program;
  const d = documentAt(program, document);
  beginReason();
  putString(d.id, d.idLength);
  put(',"pointer":"/runtimes"');
  putRuntimeIdentity(pair, type, Kleene.FALSE);
  put("[");
  let first = true;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    if (!first) put(",");
    first = false;
    putString(
      symbolText(load<u32>(root, 8)),
      symbolLength(load<u32>(root, 8)),
    );
  }
  put("]");
  if (endIdentity(0)) put(NO_SURROUNDINGS);
}

/** Writes the preferences of a program after others; whether the next one is still the first. */
function putPreferences(program: Program, first: bool): bool {
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
  return first;
}
