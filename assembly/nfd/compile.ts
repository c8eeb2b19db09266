/** Compiles a document of NFD's dialect: docs/nfd-dialect.md, "The document". */
import { Code, Phrase, failAt } from "../errors";
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, textIs, textLengthOf, textOf } from "../json/tape";
import { currentJson, currentSymbols, symbolAt, takeCleared } from "../program/emit";
import { Document } from "../program/program";
import { symbolSpare } from "../symbols";
import { fieldOf } from "./fields";
import { NfdProgram, Rule, RuleSet, Setting, Variable, is, none } from "./program";
import { compileTerms } from "./terms";
import { textSymbol } from "./expression";
import { resolveVariables } from "./resolve";

let nfd: NfdProgram = none<NfdProgram>();

/** Compiles the document that was begun (program/emit.ts). False with the error recorded. */
export function compileNfd(document: Document): bool {
  const json = currentJson();
  if (!expectObject(json, 0)) return false;
  const version = fieldOf(json, 0, "version");
  const sets = fieldOf(json, 0, "compatibilities");
  if (version != 0 && kindOf(json, version + 1) == Kind.STRING) {
    const known = textLengthOf(json, version + 1) == 0 || textIs(json, version + 1, "v1alpha1");
    if (!known) return failAt(Code.UNSUPPORTED_VERSION, version + 1, Phrase.NFD_VERSION);
  }
  const address = takeCleared(offsetof<NfdProgram>(), 0);
  if (address == 0) return false;
  nfd = changetype<NfdProgram>(address);
  document.nfd = address;
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    if (kindOf(json, key + 1) == Kind.NULL) continue;
    if (key == version && !expectString(json, key + 1)) return false;
    if (key == sets && !compileSets(json, key + 1)) return false;
  }
  return resolveVariables(nfd, currentSymbols());
}

function compileSets(json: Json, list: u32): bool {
  if (!expectArray(json, list)) return false;
  nfd.setsTape = list;
  nfd.maxScore = i32.MIN_VALUE;
  let last = none<RuleSet>();
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    const set = changetype<RuleSet>(takeCleared(offsetof<RuleSet>(), n));
    if (!is(set) || !compileSet(json, n, set)) return false;
    nfd.maxScore = max(nfd.maxScore, set.weight);
    if (is(last)) {
      set.index = last.index + 1;
      last.next = set;
    } else nfd.sets = set;
    last = set;
  }
  if (!is(last)) nfd.maxScore = 0;
  return true;
}

function compileSet(json: Json, node: u32, set: RuleSet): bool {
  if (kindOf(json, node) == Kind.NULL) return true;
  if (!expectObject(json, node)) return false;
  const rules = fieldOf(json, node, "rules");
  const weight = fieldOf(json, node, "weight");
  const tag = fieldOf(json, node, "tag");
  const description = fieldOf(json, node, "description");
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    if (kindOf(json, value) == Kind.NULL) continue;
    if (key == tag || key == description) {
      if (!expectString(json, value)) return false;
      if (key == tag) set.tag = filled(json, value);
      else set.description = filled(json, value);
    } else if (key == weight) {
      if (!compileWeight(json, value, set)) return false;
    } else if (key == rules && !compileRules(json, value, set)) return false;
  }
  return true;
}

/** The node of a text, or 0 if that is empty. */
function filled(json: Json, node: u32): u32 {
  return textLengthOf(json, node) == 0 ? 0 : node;
}

function compileWeight(json: Json, node: u32, set: RuleSet): bool {
  if (kindOf(json, node) != Kind.NUMBER) return failAt(Code.WRONG_TYPE, node, Phrase.INTEGER);
  let p = textOf(json, node);
  const end = p + textLengthOf(json, node);
  const negative = load<u8>(p) == 0x2d;
  if (negative) p++;
  let weight: i64 = 0;
  for (; p < end; p++) {
    const digit = <u32>load<u8>(p) - 0x30;
    weight = weight * 10 + digit;
    if (digit > 9 || weight > <i64>i32.MAX_VALUE + (negative ? 1 : 0))
      return failAt(Code.BAD_VALUE, node, Phrase.INTEGER);
  }
  set.weight = <i32>(negative ? -weight : weight);
  return true;
}

function compileRules(json: Json, list: u32, set: RuleSet): bool {
  if (!expectArray(json, list)) return false;
  let last = none<Rule>();
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    const rule = changetype<Rule>(takeCleared(offsetof<Rule>(), n));
    if (!is(rule) || !compileRule(json, n, rule)) return false;
    if (is(last)) last.next = rule;
    else set.rules = rule;
    last = rule;
  }
  return true;
}

function compileRule(json: Json, node: u32, rule: Rule): bool {
  if (kindOf(json, node) == Kind.NULL) return true;
  if (!expectObject(json, node)) return false;
  const name = fieldOf(json, node, "name");
  const vars = fieldOf(json, node, "vars");
  const template = fieldOf(json, node, "varstemplate");
  const features = fieldOf(json, node, "matchfeatures");
  const any = fieldOf(json, node, "matchany");
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    if (kindOf(json, value) == Kind.NULL) continue;
    if (key == name || key == template) {
      if (!expectString(json, value)) return false;
      if (key == name) rule.title = filled(json, value);
      else {
        rule.template = filled(json, value);
        if (rule.template != 0) nfd.canFail = 1;
      }
    } else if (key == vars) {
      if (!compileVars(json, value, rule)) return false;
    } else if (key == features) {
      rule.features = compileTerms(nfd, value);
      if (!is(rule.features)) return false;
    } else if (key == any && !compileAny(json, value, rule)) return false;
  }
  return true;
}

function compileAny(json: Json, list: u32, rule: Rule): bool {
  if (!expectArray(json, list)) return false;
  rule.anyTape = list;
  let last = rule.any;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    let terms: u32 = 0;
    if (kindOf(json, n) != Kind.NULL) {
      if (!expectObject(json, n)) return false;
      const key = fieldOf(json, n, "matchfeatures");
      if (key != 0 && kindOf(json, key + 1) != Kind.NULL) terms = key + 1;
    }
    const element = compileTerms(nfd, terms);
    if (!is(element)) return false;
    if (is(last)) last.next = element;
    else rule.any = element;
    last = element;
  }
  return true;
}

function compileVars(json: Json, node: u32, rule: Rule): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (kindOf(json, key + 1) != Kind.NULL && !expectString(json, key + 1)) return false;
    const setting = changetype<Setting>(takeCleared(offsetof<Setting>(), key));
    if (!is(setting)) return false;
    const symbol = symbolAt(key);
    setting.value = textSymbol(json, key + 1);
    if (symbol == 0 || setting.value == 0) return false;
    setting.variable = variableOf(symbol, key);
    if (!is(setting.variable)) return false;
    setting.next = rule.settings;
    rule.settings = setting;
  }
  return true;
}

/** The variable of a name, made if it is new: the symbol's spare word leads to it, until the document is compiled. */
function variableOf(symbol: u32, node: u32): Variable {
  const spare = symbolSpare(currentSymbols(), symbol);
  if (load<u32>(spare) != 0) return changetype<Variable>(<usize>load<u32>(spare));
  const variable = changetype<Variable>(takeCleared(offsetof<Variable>(), node));
  if (!is(variable)) return variable;
  variable.symbol = symbol;
  variable.next = nfd.variables;
  nfd.variables = variable;
  store<u32>(spare, <u32>changetype<usize>(variable));
  return variable;
}
