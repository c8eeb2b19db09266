/**
 * Binds a program's symbols to the symbols of the facts that it is evaluated against. Each is looked up at most once for a pair,
 * and not again while the same facts come back.
 */
import { Facts } from "../facts/facts";
import { Program } from "../program/program";
import { findSymbol, symbolBindings, symbolHash, symbolLength, symbolText } from "../symbols";
import { exhausted } from "../work";
import { stopEvaluation } from "./attribute";

/** The facts' symbol for a program's symbol, or 0 if the facts don't have that text. `candidate` is 0 or 1. */
@inline export function bound(program: Program, symbol: u32, facts: Facts, candidate: u32): u32 {
  const at = symbolBindings(symbol) + ((<usize>candidate) << 3);
  if (load<u32>(at) == facts.serial) return load<u32>(at, 4);
  return bind(program, symbol, facts, at);
}

function bind(program: Program, symbol: u32, facts: Facts, at: usize): u32 {
  const table = program.symbols;
  const found = findSymbol(facts.symbols, symbolText(symbol), symbolLength(symbol), symbolHash(symbol));
  if (found == 0 && exhausted()) {
    // Nothing was found out.
    stopEvaluation(18);
    return 0;
  }
  store<u32>(at, facts.serial);
  store<u32>(at, found, 4);
  return found;
}
