/** Which runtime type a host runs an image with (docs/language.md, "Runtimes"). */
import { Facts } from "../facts/facts";
import { sameAscii } from "../json/tape";
import { policyAllows } from "../program/policy";
import { NONE, Program, Role, documentAt, rootAt } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { spend } from "./attribute";
import { bound } from "./bind";
import { conditionValue } from "./condition";

/** What runtimesValue found: the root of the entry that was chosen, or NONE; the facts' symbol of its handler, or 0. */
export let chosenRuntime: u32 = NONE;
export let chosenHandler: u32 = 0;

/** The host's handler for a type (symbol of the program), or 0. */
export function handlerOf(program: Program, facts: Facts, type: u32): u32 {
  const symbol = bound(program, type, facts, 0);
  if (symbol == 0 || !spend(facts.runtimeCount)) return 0;
  for (let i: u32 = 0; i < facts.runtimeCount; i++) {
    const pair = facts.runtimes + (i << 3);
    if (load<u32>(pair) == symbol) return load<u32>(pair, 4);
  }
  return 0;
}

/** Whether a handler serves a platform of the host; yes where the platform doesn't say. */
function serves(facts: Facts, platform: u32, handler: u32): bool {
  const list = <usize>load<u32>(facts.handlers + (platform << 2));
  if (list == 0) return true;
  if (!spend(load<u32>(list))) return false;
  for (let i: u32 = 1; i <= load<u32>(list); i++) {
    if (load<u32>(list + (i << 2)) == handler) return true;
  }
  return false;
}

/** Value of a handler's serving whichever of `platforms` (bits, matchOpen) will be taken; true of none. */
function servesAll(facts: Facts, platforms: u64, handler: u32): u32 {
  let serving: u64 = 0;
  for (let left = platforms; left != 0; left &= left - 1) {
    if (serves(facts, <u32>ctz(left), handler)) serving |= left & (0 - left);
  }
  return serving == platforms ? Kleene.TRUE : serving == 0 ? Kleene.FALSE : Kleene.UNKNOWN;
}

/** Value of a type's being available on the host, of whose `platforms` (bits, matchOpen) one will be taken; 0: no candidate takes part. */
export function availability(program: Program, facts: Facts, policy: Program, platforms: u64, type: u32): u32 {
  if (changetype<usize>(policy) != 0) {
    const json = documentAt(policy, 0).json;
    if (!spend(json.count + (json.length >>> 3))) return Kleene.UNKNOWN;
    if (!policyAllows(policy, program, type)) return Kleene.FALSE;
  }
  if (sameAscii(symbolText(type), symbolLength(type), "default"))
    return Kleene.TRUE;
  if (!facts.runtimesKnown) return Kleene.UNKNOWN;
  const handler = handlerOf(program, facts, type);
  return handler == 0 ? Kleene.FALSE : servesAll(facts, platforms, handler);
}

/** The document whose list gives the order: the last that has one; NONE if none has. */
export function orderingDocument(program: Program): u32 {
  let document: u32 = NONE;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) == Role.RUNTIME) document = load<u16>(root, 2);
  }
  return document;
}

/** The entry for a type in a document, or NONE; `any` says whether the document has a list at all. */
export let documentHasList: bool = false;
export function entryFor(program: Program, document: u32, type: u32): u32 {
  documentHasList = false;
  if (!spend(program.rootCount)) return NONE;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    documentHasList = true;
    if (load<u32>(root, 8) == type) return i;
  }
  return NONE;
}

/** Value of the condition of an entry; with `keep` every node's value is kept for reasons. */
export function entryCondition(program: Program, root: u32, keep: bool): u32 {
  const node = load<u32>(rootAt(program, root), 4);
  return node == NONE ? Kleene.TRUE : conditionValue(program, node, keep ? program.values : 0);
}

/** Value of the runtimes part of the verdict; chosenRuntime and chosenHandler say which. `platforms` as in availability. */
export function runtimesValue(program: Program, facts: Facts, policy: Program, platforms: u64): u32 {
  chosenRuntime = NONE;
  chosenHandler = 0;
  const document = orderingDocument(program);
  if (document == NONE) return Kleene.TRUE;
  let any = Kleene.FALSE;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    const type = load<u32>(root, 8);
    let value = availability(program, facts, policy, platforms, type);
    for (let d: u32 = 0; d <= document && value != Kleene.FALSE; d++) {
      const entry = entryFor(program, d, type);
      if (entry != NONE) value = min(value, entryCondition(program, entry, false));
      else if (documentHasList) value = Kleene.FALSE;
    }
    if (value == Kleene.TRUE) {
      chosenRuntime = i;
      chosenHandler = handlerOf(program, facts, type);
      return value;
    }
    any = max(any, value);
  }
  return any;
}
