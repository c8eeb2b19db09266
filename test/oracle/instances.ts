/** Conditions over lists of instances: docs/language.md, "Instances". */
import { type Attribute, rangeText, readAttributeTest, type Tested } from "./attribute.ts";
import { type Json, Refusal } from "./json.ts";
import { all, any, type Kleene, known, not } from "./kleene.ts";
import { type Decimal, readNumber } from "./number.ts";
import { numberInRange, type Range, readNumberRange } from "./range.ts";
import { array, eachMember, nonEmpty, object, readMembers, requireKey } from "./shape.ts";
import type { Situation } from "./situation.ts";

/** One instance's attributes by name. */
export type Instance = (name: string) => Attribute;

export interface Instances {
  readonly list: readonly Instance[];
  /** There may be more instances than those that are listed. */
  readonly partial: boolean;
  /** Nothing can be said of them, not even that there are 0 or more: a candidate's, without a candidate. */
  readonly unsaid?: boolean;
}

type Over = (instance: Instance) => Kleene;
type Ask = (situation: Situation) => Tested;

/** Reads the condition of `some`, `every` or `none`. */
export function readOver(quantifier: "some" | "every" | "none", feature: string, json: Json): Ask {
  const over = readOverCondition(json);
  return (situation) => {
    const instances = situation.instances(feature);
    const values = instances.list.map(over);
    const found = count(values, instances.partial);
    if (instances.partial) values.push("unknown");
    switch (quantifier) {
      case "some":
        return { value: any(values), found };
      case "every":
        return { value: all(values), found };
      case "none":
        return { value: not(any(values)), found };
    }
  };
}

/** Reads `count: { of?, is }`. */
export function readCount(feature: string, json: Json): Ask {
  let over: Over = () => "true";
  let range: Range<Decimal> = [];
  const map = object(json);
  readMembers(nonEmpty(map), {
    of: (value) => {
      over = readOverCondition(value);
    },
    is: (value) => {
      range = readCountRange(value);
    },
  });
  requireKey(map, "is");
  return (situation) => {
    const instances = situation.instances(feature);
    const values = instances.list.map(over);
    const found = count(values, instances.partial);
    const least = found.matching;
    const greatest = instances.partial ? MOST_INSTANCES : BigInt(least + found.unknown);
    return { value: instances.unsaid ? "unknown" : holdsBetween(range, BigInt(least), greatest), found };
  };
}

function count(values: readonly Kleene[], partial: boolean) {
  return {
    instances: values.length,
    matching: values.filter((value) => value === "true").length,
    unknown: values.filter((value) => value === "unknown").length,
    partial,
  };
}

function readCountRange(json: Json): Range<Decimal> {
  const range = readNumberRange(rangeText(json));
  if (typeof range === "string") throw new Refusal(range, json.pointer);
  return range;
}

/** As many instances as a partial list may have. */
const MOST_INSTANCES = 10n ** 18n;

/** Whether the range holds for every count from `least` to `greatest`, for none of them, or for some. */
function holdsBetween(range: Range<Decimal>, least: bigint, greatest: bigint): Kleene {
  const counts = landmarks(range, least, greatest);
  const values = new Set(counts.map((count) => numberInRange(integer(count), range)));
  if (values.size > 1) return "unknown";
  return known(values.has(true));
}

/**
 * Counts such that a range that is the same for all of them is the same for every count from `least` to `greatest`: what a range says
 * changes only at its bounds, so the ends and the counts around each bound will do.
 */
function landmarks(range: Range<Decimal>, least: bigint, greatest: bigint): bigint[] {
  const counts = [least, greatest];
  for (const { bound } of range.flat()) {
    if (bound.sign < 0 || bound.magnitude > 20n) continue;
    const floor = wholePart(bound);
    for (let step = -2n; step <= 2n; step++) counts.push(floor + step);
  }
  return counts.filter((count) => count >= least && count <= greatest);
}

/** A positive number without its fraction. */
function wholePart(number: Decimal): bigint {
  if (number.magnitude <= 0n) return 0n;
  const length = Number(number.magnitude);
  return BigInt(number.digits.slice(0, length).padEnd(length, "0"));
}

function integer(value: bigint): Decimal {
  const number = readNumber(String(value));
  if (number === null) throw new Error(`not a number: ${value}`);
  return number;
}

function readOverCondition(json: Json): Over {
  if (json.type === "array") return every(nonEmpty(json).elements.map(readOverCondition));
  const entries: Over[] = [];
  const attribute = (name: string, value: Json): void => {
    const test = readAttributeTest(value);
    entries.push((instance) => test(instance(name)).value);
  };
  eachMember(nonEmpty(object(json)), (key, value) => {
    switch (key) {
      case "all":
        entries.push(readOverCondition(value));
        break;
      case "any": {
        const alternatives = nonEmpty(array(value)).elements.map(readOverCondition);
        entries.push((instance) => any(alternatives.map((alternative) => alternative(instance))));
        break;
      }
      case "not": {
        const inner = readOverCondition(value);
        entries.push((instance) => not(inner(instance)));
        break;
      }
      case "attributes":
        eachMember(nonEmpty(object(value)), attribute);
        break;
      default:
        attribute(key, value);
    }
  });
  return every(entries);
}

function every(conditions: readonly Over[]): Over {
  return (instance) => all(conditions.map((condition) => condition(instance)));
}
