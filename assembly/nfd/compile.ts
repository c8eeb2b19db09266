/** Compiles a document of NFD's dialect: docs/nfd-dialect.md, "The document". */
import { Code, Phrase, failAt } from "../errors";
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, textIs, textLengthOf, textOf } from "../json/tape";
import { currentJson, currentSymbols, symbolAt } from "../program/emit";
import { Document } from "../program/program";
import { symbolSpare } from "../symbols";
import { integer, readInteger } from "./atoi";
import { textSymbol } from "./expression";
import { fieldOf } from "./fields";
import { Head, NfdProgram, Rule, RuleSet, Setting, Variable, is, link, make, none } from "./program";
import { resolveVariables } from "./resolve";
import { compileTerms } from "./terms";

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
  nfd = make<NfdProgram>(0);
  if (!is(nfd)) return false;
  document.nfd = changetype<usize>(nfd);
  nfd.work = json.count;
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    if (key == version && !expectString(json, key + 1)) return false;
    if (key == sets && !compileSets(json, key + 1)) return false;
  }
  resolveVariables(nfd, currentSymbols());
  return true;
}

function compileSets(json: Json, list: u32): bool {
  if (!expectArray(json, list)) return false;
  nfd.setsTape = list;
  let at = changetype<usize>(nfd) + Head.SETS;
  let index: u32 = 0;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    const set = make<RuleSet>(n);
    if (!is(set) || !compileSet(json, n, set)) return false;
    if (index == 0 || set.weight > nfd.maxScore) nfd.maxScore = set.weight;
    set.index = index++;
    at = link(at, set);
  }
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
    if (key == tag || key == description) {
      if (!expectString(json, value)) return false;
    } else if (key == weight) {
      if (!compileWeight(json, value, set)) return false;
    } else if (key == rules && !compileRules(json, value, set)) return false;
  }
  set.tag = filled(json, tag);
  set.description = filled(json, description);
  return true;
}

/** The node of a field's text, or 0 if that is empty or the field isn't there. */
function filled(json: Json, key: u32): u32 {
  return key == 0 || textLengthOf(json, key + 1) == 0 ? 0 : key + 1;
}

function compileWeight(json: Json, node: u32, set: RuleSet): bool {
  if (kindOf(json, node) != Kind.NUMBER) return failAt(Code.WRONG_TYPE, node, Phrase.INTEGER);
  if (!readInteger(textOf(json, node), textLengthOf(json, node)) || integer != <i64>(<i32>integer)) {
    return failAt(Code.BAD_VALUE, node, Phrase.INTEGER);
  }
  set.weight = <i32>integer;
  return true;
}

function compileRules(json: Json, list: u32, set: RuleSet): bool {
  if (!expectArray(json, list)) return false;
  let at = changetype<usize>(set) + Head.RULES;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    const rule = make<Rule>(n);
    if (!is(rule) || !compileRule(json, n, rule)) return false;
    at = link(at, rule);
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
    if (key == name || key == template) {
      if (!expectString(json, value)) return false;
    } else if (key == vars) {
      if (!compileVars(json, value, rule)) return false;
    } else if (key == features) {
      rule.features = compileTerms(nfd, value);
      if (!is(rule.features)) return false;
    } else if (key == any && !compileAny(json, value, rule)) return false;
  }
  rule.title = filled(json, name);
  rule.template = filled(json, template);
  if (rule.template != 0) nfd.canFail = 1;
  return true;
}

function compileAny(json: Json, list: u32, rule: Rule): bool {
  if (!expectArray(json, list)) return false;
  rule.anyTape = list;
  let at = changetype<usize>(rule) + Head.ANY;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    let terms: u32 = 0;
    if (kindOf(json, n) != Kind.NULL) {
      if (!expectObject(json, n)) return false;
      const key = fieldOf(json, n, "matchfeatures");
      if (key != 0) terms = key + 1;
    }
    const element = compileTerms(nfd, terms);
    if (!is(element)) return false;
    at = link(at, element);
  }
  return true;
}

function compileVars(json: Json, node: u32, rule: Rule): bool {
  if (!expectObject(json, node)) return false;
  let at = changetype<usize>(rule) + Head.SETTINGS;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (kindOf(json, key + 1) != Kind.NULL && !expectString(json, key + 1)) return false;
    const setting = make<Setting>(key);
    if (!is(setting)) return false;
    const symbol = symbolAt(key);
    if (symbol == 0) return false;
    setting.value = textSymbol(json, key + 1);
    setting.variable = variableOf(symbol, key);
    if (setting.value == 0 || !is(setting.variable)) return false;
    at = link(at, setting);
  }
  return true;
}

/** The variable of a name, made if it is new: the symbol's spare word leads to it, until the document is compiled. */
function variableOf(symbol: u32, node: u32): Variable {
  const spare = symbolSpare(symbol);
  let variable = changetype<Variable>(<usize>load<u32>(spare));
  if (is(variable)) return variable;
  variable = make<Variable>(node);
  if (!is(variable)) return variable;
  variable.symbol = symbol;
  variable.next = nfd.variables;
  nfd.variables = variable;
  store<u32>(spare, <u32>changetype<usize>(variable));
  return variable;
}
