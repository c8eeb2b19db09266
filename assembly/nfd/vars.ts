/** The variables that rules set: attributes of `rule.matched`, which later rules see. */
import { UNKNOWN } from "../facts/facts";
import { Kleene } from "../values/range";
import { NfdProgram, Rule, Variable, is } from "./program";
import { OWN } from "./subject";

/** No variable is set yet. */
export function resetVariables(nfd: NfdProgram): void {
  for (let v = nfd.variables; is<Variable>(v); v = v.next) v.state = 0;
}

/** What a rule leaves, once the value of its `matchFeatures` is known. */
export function setVariables(rule: Rule, features: u32): void {
  if (features == Kleene.FALSE) return;
  for (let s = rule.settings; is(s); s = s.next) {
    s.variable.state = features == Kleene.TRUE ? s.value | OWN : UNKNOWN;
  }
}
