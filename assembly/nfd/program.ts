/**
 * What a document of NFD's dialect is compiled to: a tree of lists in the program's region. The results of its last evaluation
 * lie in it as well; there is one evaluation at a time.
 *
 *   NfdProgram -> RuleSet -> Rule -> TermList -> Term -> Expression
 *
 * INVARIANT: `next` comes first, so that an object's address is also where its successor is linked.
 */
import { takeCleared } from "../program/emit";

/** What an expression asks of a key; "E(present, value)" in docs/nfd-dialect.md. */
export namespace NfdOp {
  export const ANY: u32 = 0;
  export const EXISTS: u32 = 1;
  export const DOES_NOT_EXIST: u32 = 2;
  /** Those from here on are false for a key without a value. */
  export const IN: u32 = 3;
  /** IsTrue and IsFalse: as IN with one value. */
  export const IS: u32 = 4;
  export const NOT_IN: u32 = 5;
  export const IN_REGEXP: u32 = 6;
  /** Those from here on compare numbers or versions. */
  export const GT: u32 = 7;
  export const GE: u32 = 8;
  export const LT: u32 = 9;
  export const LE: u32 = 10;
  export const GT_LT: u32 = 11;
  export const GE_LE: u32 = 12;
  /** Not one of NFD's. */
  export const OTHER: u32 = 13;
  /** The expression is null. */
  export const NULL: u32 = 14;
}

/** Errors of NFD's answer, as answer.ts names them; 0 is none. */
export namespace Failure {
  export const UNKNOWN_OP: u32 = 1;
  export const VALUE_NOT_EMPTY: u32 = 2;
  export const VALUE_EMPTY: u32 = 3;
  export const VALUE_COUNT: u32 = 4;
  export const BAD_PATTERN: u32 = 5;
  export const NOT_A_NUMBER: u32 = 6;
  export const NOT_A_VERSION: u32 = 7;
  export const BAD_INTERVAL: u32 = 8;
  export const BAD_TYPE: u32 = 9;
  export const NULL_EXPRESSION: u32 = 10;
  export const UNSUPPORTED_TEMPLATE: u32 = 11;
}

/** An attribute of `rule.matched`. */
@unmanaged export class Variable {
  next: Variable;
  symbol: u32;
  /** In the evaluation that is going on: 0 not set, UNKNOWN, or its value's symbol with OWN. */
  state: u32;
}

/** One of a rule's `vars`. */
@unmanaged export class Setting {
  next: Setting;
  variable: Variable;
  value: u32;
}

@unmanaged export class Expression {
  next: Expression;
  /** The next by their names' bytes. */
  nextByName: Expression;
  op: u32;
  /** The error that comes of evaluating it at all; of a key with a value; after the key's value was read. */
  failsAlways: u32;
  failsPresent: u32;
  failsBound: u32;
  isVersion: u32;
  /** Symbol of its key in `matchExpressions`; 0: a `matchName`. */
  name: u32;
  tape: u32;
  /** Cell of answer/constants.ts. */
  constants: u32;
  /** Of IN, IS, NOT_IN: symbols; of IN_REGEXP: addresses of patterns. */
  values: usize;
  count: u32;
  /** One or two integers (i64), or versions (3 u64 each). */
  bounds: usize;
  /** Of a term about `rule.matched`: the variable of its name, or 0. */
  variable: Variable;
  value: u32;
}

@unmanaged export class Term {
  next: Term;
  /** In the document's order, and by their names' bytes. */
  expressions: Expression;
  byName: Expression;
  nameExpression: Expression;
  /** Lower-cased; its symbol. */
  feature: u32;
  /** A built-in feature, which doesn't take part. */
  builtIn: u32;
  /** About `rule.matched`. */
  matched: u32;
  tape: u32;
  /** Tape node of `matchExpressions`; 0: it has none. */
  expressionsTape: u32;
  /** Cells of answer/constants.ts: of the term, and of its `matchExpressions`. */
  constants: u32;
  expressionsConstants: u32;
  value: u32;
  expressionsValue: u32;
}

/** A list of terms: `matchFeatures`, of a rule or of an element of its `matchAny`. */
@unmanaged export class TermList {
  next: TermList;
  terms: Term;
  /** Whether evaluating it can end in an error. */
  canFail: u32;
  value: u32;
}

@unmanaged export class Rule {
  next: Rule;
  settings: Setting;
  /** Elements of `matchAny`, and its tape node. */
  any: TermList;
  anyTape: u32;
  features: TermList;
  title: u32;
  template: u32;
  value: u32;
  anyValue: u32;
}

@unmanaged export class RuleSet {
  next: RuleSet;
  rules: Rule;
  index: u32;
  weight: i32;
  tag: u32;
  description: u32;
  value: u32;
}

/** Where lists begin: offsets of `sets`, `rules`, `settings`, `any`, `terms` and `expressions` in what holds them. */
export namespace Head {
  export const SETS: usize = 0;
  export const RULES: usize = 4;
  export const SETTINGS: usize = 4;
  export const ANY: usize = 8;
  export const TERMS: usize = 4;
  export const EXPRESSIONS: usize = 4;
}

@unmanaged export class NfdProgram {
  sets: RuleSet;
  /** Tape node of `compatibilities`. */
  setsTape: u32;
  variables: Variable;
  /** Whether a term asks for a variable that a rule sets. */
  usesVariables: u32;
  /** Whether NFD's answer can be an error. */
  canFail: u32;
  maxScore: i32;
  /** Work of going through all of it once. */
  work: u32;
  /** Serial of the facts that the answer below is about; 0: none yet. */
  answeredFor: u32;
  /** The set that matched, or 0. */
  matchedSet: RuleSet;
  failure: u32;
  /** Where it failed; the expression is 0 for a template. */
  failedSet: RuleSet;
  failedRule: Rule;
  failedAny: u32;
  failedTerm: Term;
  failedExpression: Expression;
  /** The key whose value, or the name, that could not be read; 0: something else was wrong. */
  unreadable: u32;
}

/** A cleared object of the program that is being compiled; nothing, with the error recorded at `node`, without memory or work. */
export function make<T>(node: u32): T {
  return changetype<T>(takeCleared(offsetof<T>(), node));
}

/** Whether evaluating an expression can end in an error. */
export function canFail(e: Expression): bool {
  return (e.failsAlways | e.failsPresent | e.failsBound) != 0 || e.op >= NfdOp.GT;
}

/** Whether a link leads somewhere. */
export function is<T>(link: T): bool {
  return changetype<usize>(link) != 0;
}

/** Links an object at an address (see Head); the address at which its successor is linked. */
export function link<T>(at: usize, object: T): usize {
  store<u32>(at, <u32>changetype<usize>(object));
  return changetype<usize>(object);
}

/** The link that leads nowhere. */
export function none<T>(): T {
  return changetype<T>(<usize>0);
}
