/** Terms about `rule.matched` are led to the variables that they name, once all are known. */
import { Symbols, symbolSpare } from "../symbols";
import { Expression, NfdProgram, Rule, RuleSet, Term, TermList, Variable, is } from "./program";

/** Ends the compilation of a document. */
export function resolveVariables(nfd: NfdProgram, symbols: Symbols): void {
  if (!is<Variable>(nfd.variables)) return;
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    for (let rule = set.rules; is<Rule>(rule); rule = rule.next) {
      if (is<TermList>(rule.features)) resolveList(nfd, symbols, rule.features);
      for (let list = rule.any; is<TermList>(list); list = list.next) resolveList(nfd, symbols, list);
    }
  }
  for (let v = nfd.variables; is<Variable>(v); v = v.next) store<u32>(symbolSpare(v.symbol), 0);
}

function resolveList(nfd: NfdProgram, symbols: Symbols, list: TermList): void {
  for (let term = list.terms; is<Term>(term); term = term.next) {
    if (!term.matched) continue;
    nfd.usesVariables = 1;
    for (let e = term.expressions; is<Expression>(e); e = e.next) {
      e.variable = changetype<Variable>(<usize>load<u32>(symbolSpare(e.name)));
    }
  }
}
