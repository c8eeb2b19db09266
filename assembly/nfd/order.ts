/** The order of names by their bytes. */
import { Symbols, symbolLength, symbolText } from "../symbols";
import { charge } from "../work";
import { Expression, is, none } from "./program";

/** How two texts compare by bytes: less than 0, 0, or more. The work is charged; that it is gone is found by who charges next. */
export function compareTexts(p: usize, length: u32, q: usize, otherLength: u32): i32 {
  charge(4 + (min(length, otherLength) >>> 2));
  const order = memory.compare(p, q, min(length, otherLength));
  return order != 0 ? order : i32(length > otherLength) - i32(length < otherLength);
}

function isBefore(symbols: Symbols, a: Expression, b: Expression): bool {
  const length = symbolLength(a.name);
  return compareTexts(symbolText(a.name), length, symbolText(b.name), symbolLength(b.name)) < 0;
}

/**
 * Links a list of expressions by their names' bytes, and gives the first. Runs of 1, 2, 4 ... are merged, until one is left.
 */
export function orderByName(symbols: Symbols, first: Expression): Expression {
  for (let e = first; is<Expression>(e); e = e.next) e.nextByName = e.next;
  let head = first;
  let runs: u32 = 2;
  for (let width: u32 = 1; runs > 1; width <<= 1) {
    let b = head;
    let last = none<Expression>();
    runs = 0;
    while (is<Expression>(b)) {
      runs++;
      let a = b;
      let left: u32 = 0;
      while (left < width && is<Expression>(b)) {
        left++;
        b = b.nextByName;
      }
      let right = width;
      while (true) {
        const more = right > 0 && is<Expression>(b);
        if (left == 0 && !more) break;
        let next = a;
        if (left == 0 || (more && isBefore(symbols, b, a))) {
          next = b;
          b = b.nextByName;
          right--;
        } else {
          a = a.nextByName;
          left--;
        }
        if (is<Expression>(last)) last.nextByName = next;
        else head = next;
        last = next;
      }
    }
    if (is<Expression>(last)) last.nextByName = none<Expression>();
  }
  return head;
}
