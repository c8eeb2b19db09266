/** amd64's levels (the x86-64 psABI's v1 to v4) from the flags of `cpu.cpuid`, three-valued. */
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { flagValue } from "../evaluate/condition";
import { Facts, featureOfSymbol } from "../facts/facts";
import { hashBytes } from "../hash";
import { findSymbol } from "../symbols";
import { Kleene } from "../values/range";
import { exhausted } from "../work";
import { stopEvaluation } from "../evaluate/attribute";

/** The highest level that is defined. */
export const HIGHEST_LEVEL: u32 = 4;

/** The facts' symbol for a text, or 0. */
function symbolFor(facts: Facts, text: usize, length: u32): u32 {
  return findSymbol(facts.symbols, text, length, hashBytes(text, length));
}

/** *All* over the flags in a list of names that stand apart by a space. */
function allFlags(facts: Facts, feature: u32, names: Ascii): u32 {
  let value = Kleene.TRUE;
  let from = asciiBytes(names);
  const end = from + asciiLength(names);
  for (let p = from; p <= end; p++) {
    if (p < end && load<u8>(p) != 0x20) continue;
    value = min(value, flagValue(facts, feature, symbolFor(facts, from, <u32>(p - from))));
    from = p + 1;
  }
  return value;
}

/** Finds out between which levels the host is. */
export function findLevels(facts: Facts): void {
  if (facts.levelLow != 0) return;
  const symbol = symbolFor(facts, asciiBytes("cpu.cpuid"), asciiLength("cpu.cpuid"));
  const feature = symbol == 0 ? 0 : featureOfSymbol(facts, symbol);
  facts.levelLow = 1;
  facts.levelHigh = HIGHEST_LEVEL;
  if (feature == 0) return;
  if (allFlags(facts, feature, "X86_64_V4") == Kleene.TRUE) facts.levelLow = 4;
  else if (allFlags(facts, feature, "X86_64_V3") == Kleene.TRUE) facts.levelLow = 3;
  else if (allFlags(facts, feature, "X86_64_V2") == Kleene.TRUE) facts.levelLow = 2;
  let value = Kleene.TRUE;
  for (let level: u32 = 2; level <= HIGHEST_LEVEL; level++) {
    const own =
      level == 2
        ? allFlags(facts, feature, "CX16 LAHF POPCNT SSE3 SSE4 SSE42 SSSE3")
        : level == 3
          ? allFlags(facts, feature, "AVX AVX2 BMI1 BMI2 F16C FMA3 LZCNT MOVBE OSXSAVE")
          : allFlags(facts, feature, "AVX512F AVX512BW AVX512CD AVX512DQ AVX512VL");
    value = level <= facts.levelLow ? Kleene.TRUE : min(value, own);
    if (value == Kleene.TRUE) facts.levelLow = max(facts.levelLow, level);
    else if (value == Kleene.FALSE) {
      facts.levelHigh = level - 1;
      break;
    }
  }
  // What was not found for want of work is not known to be lacking.
  if (exhausted()) {
    facts.levelLow = 0;
    stopEvaluation(18);
  }
}
