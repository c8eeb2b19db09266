import { ALL, type Match, nfdAnswer, TERM, withTerms } from "./nfd-cases.ts";
import { type TableCase, type Truth, verdict } from "./table.ts";

interface Row {
  readonly name: string;
  readonly term: object;
  readonly match: Match;
  readonly truth: Truth;
  /** Below the term. */
  readonly at?: string;
}

export function one(
  name: string,
  feature: string,
  key: string,
  expression: object | null,
  match: Match,
  truth?: Truth,
): Row {
  const implied: Truth = typeof match === "string" ? "U" : match ? "T" : "F";
  return {
    name,
    term: { feature, matchExpressions: { [key]: expression } },
    match,
    truth: truth ?? implied,
    at: `/matchExpressions/${key}`,
  };
}

function named(name: string, feature: string, expression: object, match: Match, truth?: Truth): Row {
  const implied: Truth = typeof match === "string" ? "U" : match ? "T" : "F";
  return { name, term: { feature, matchName: expression }, match, truth: truth ?? implied, at: "/matchName" };
}

export function attribute(name: string, key: string, expression: object | null, match: Match): Row {
  return one(name, "cpu.model", key, expression, match);
}

export function version(text: string, op: string, value: string, match: Match): Row {
  const key =
    { "6.8.0-1010-aws": "full", "5.14.0-427.el9_4.x86_64": "el9", "1.2.3.4": "odd" }[text] ?? "full";
  return one(
    `version: ${text} ${op} ${value}`,
    "kernel.version",
    key,
    { op, value: [value], type: "version" },
    match,
  );
}

export const ROWS: readonly Row[] = [
  // Features that are absent; a term alone.
  one("an absent feature, Exists", "no.such", "x", { op: "Exists" }, false, "U"),
  one("an absent feature, DoesNotExist too", "no.such", "x", { op: "DoesNotExist" }, false, "U"),
  one("an absent feature, an unknown op isn't looked at", "no.such", "x", { op: "Like" }, false, "U"),
  one("an absent feature, null isn't looked at", "no.such", "x", null, false, "U"),
  { name: "a term that is only a feature", term: { feature: "cpu.cpuid" }, match: true, truth: "T" },
  {
    name: "a term that is only a feature, without instances",
    term: { feature: "usb.device" },
    match: true,
    truth: "T",
  },
  { name: "a term that is only a feature, absent", term: { feature: "no.such" }, match: false, truth: "U" },
  { name: "a term without a feature", term: {}, match: false, truth: "U" },
  {
    name: "an attribute set that is empty is there for NFD and not observed",
    term: { feature: "cpu.cstate" },
    match: true,
    truth: "U",
  },
  { name: "feature names in any case", term: { feature: "CPU.Cpuid" }, match: true, truth: "T" },
  one("keys are case-sensitive", "cpu.cpuid", "avx2", { op: "Exists" }, false),
  // matchExpressions: {}
  {
    name: "no expressions over flags",
    term: { feature: "cpu.cpuid", matchExpressions: {} },
    match: true,
    truth: "T",
  },
  {
    name: "no expressions over empty flags",
    term: { feature: "kernel.loadedmodule", matchExpressions: {} },
    match: true,
    truth: "T",
  },
  {
    name: "no expressions over empty attributes",
    term: { feature: "cpu.cstate", matchExpressions: {} },
    match: true,
    truth: "U",
  },
  {
    name: "no expressions over instances",
    term: { feature: "pci.device", matchExpressions: {} },
    match: true,
    truth: "T",
  },
  {
    name: "no expressions over no instances",
    term: { feature: "usb.device", matchExpressions: {} },
    match: false,
    truth: "F",
  },
  {
    name: "expressions that are null are absent",
    term: { feature: "usb.device", matchExpressions: null, matchName: null },
    match: true,
    truth: "T",
  },
  // Flags.
  one("a flag, Exists", "cpu.cpuid", "AVX2", { op: "Exists" }, true),
  one("a missing flag, Exists", "cpu.cpuid", "AVX", { op: "Exists" }, false),
  one("a flag, DoesNotExist", "cpu.cpuid", "AVX2", { op: "DoesNotExist" }, false),
  one("a missing flag, DoesNotExist", "cpu.cpuid", "AVX", { op: "DoesNotExist" }, true),
  one("a flag, op omitted", "cpu.cpuid", "AVX2", {}, true),
  one("a missing flag, op omitted", "cpu.cpuid", "AVX", {}, true),
  ...["In", "NotIn", "InRegexp", "Gt", "Ge", "Lt", "Le", "GtLt", "GeLe", "IsTrue", "IsFalse"].map((op) =>
    one(`a flag with ${op} is false`, "cpu.cpuid", "AVX2", { op, value: ["1"] }, false),
  ),
  one(
    "a flag with a bad value and type is false",
    "cpu.cpuid",
    "AVX2",
    { op: "Gt", value: ["x", "y"], type: "z" },
    false,
  ),
  one("a flag, Exists with a value", "cpu.cpuid", "AVX2", { op: "Exists", value: ["x"] }, "value-not-empty"),
  // Any.
  attribute("op omitted", "family", {}, true),
  attribute("op omitted, key missing", "nothing", {}, true),
  attribute("op empty", "family", { op: "" }, true),
  attribute("op null", "family", { op: null, value: null, type: null }, true),
  attribute("op omitted with a value", "family", { value: ["x"] }, "value-not-empty"),
  attribute("op omitted with a value, key missing", "nothing", { value: ["x"] }, "value-not-empty"),
  // Exists.
  attribute("Exists", "family", { op: "Exists" }, true),
  attribute("Exists, key missing", "nothing", { op: "Exists" }, false),
  attribute("Exists with a value, key missing", "nothing", { op: "Exists", value: ["x"] }, "value-not-empty"),
  attribute("Exists with a strange type", "family", { op: "Exists", type: "strange" }, true),
  attribute("DoesNotExist", "family", { op: "DoesNotExist" }, false),
  attribute("DoesNotExist, key missing", "nothing", { op: "DoesNotExist" }, true),
  attribute("DoesNotExist with a value", "family", { op: "DoesNotExist", value: ["x"] }, "value-not-empty"),
  // Key missing.
  ...["In", "NotIn", "InRegexp", "Gt", "Ge", "Lt", "Le", "GtLt", "GeLe", "IsTrue", "IsFalse"].map((op) =>
    attribute(
      `key missing: ${op} is false whatever its value and type`,
      "nothing",
      { op, value: ["(", "x", "y"], type: "z" },
      false,
    ),
  ),
  // In, NotIn.
  attribute("In", "family", { op: "In", value: ["6", "007"] }, true),
  attribute("In, another spelling", "family", { op: "In", value: ["7"] }, false),
  attribute("In without a value", "family", { op: "In" }, "value-empty"),
  attribute("In with a null in its value", "empty", { op: "In", value: [null] }, true),
  attribute("In with a strange type", "family", { op: "In", value: ["007"], type: "strange" }, true),
  attribute("NotIn", "family", { op: "NotIn", value: ["6"] }, true),
  attribute("NotIn, one of them", "family", { op: "NotIn", value: ["6", "007"] }, false),
  attribute("NotIn without a value", "family", { op: "NotIn", value: [] }, "value-empty"),
  // InRegexp.
  attribute("InRegexp is unanchored", "family", { op: "InRegexp", value: ["0"] }, true),
  attribute("InRegexp, anchored", "family", { op: "InRegexp", value: ["^0$"] }, false),
  attribute("InRegexp, the second pattern", "family", { op: "InRegexp", value: ["^x", "7$"] }, true),
  attribute("InRegexp without a value", "family", { op: "InRegexp" }, "value-empty"),
  attribute("InRegexp with a bad pattern", "family", { op: "InRegexp", value: ["("] }, "bad-pattern"),
  attribute(
    "InRegexp compiles all patterns first",
    "family",
    { op: "InRegexp", value: ["0", "("] },
    "bad-pattern",
  ),
  attribute("InRegexp with a look-ahead", "family", { op: "InRegexp", value: ["0(?=0)"] }, "bad-pattern"),
  // Integers.
  attribute("Gt, leading zeros", "family", { op: "Gt", value: ["6"] }, true),
  attribute("Gt, equal", "family", { op: "Gt", value: ["7"] }, false),
  attribute("Ge, equal", "family", { op: "Ge", value: ["+7"] }, true),
  attribute("Lt", "family", { op: "Lt", value: ["8"] }, true),
  attribute("Lt, equal", "family", { op: "Lt", value: ["7"] }, false),
  attribute("Le, equal", "family", { op: "Le", value: ["0007"] }, true),
  attribute("Gt, negative", "family", { op: "Gt", value: ["-1"] }, true),
  attribute("a sign in the feature", "signed", { op: "Ge", value: ["5"] }, true),
  attribute("a space in the feature", "spaced", { op: "Ge", value: ["5"] }, "not-a-number"),
  attribute("a fraction in the feature", "float", { op: "Ge", value: ["1"] }, "not-a-number"),
  attribute("an underscore in the feature", "under", { op: "Ge", value: ["1"] }, "not-a-number"),
  attribute("the greatest int64", "max", { op: "Gt", value: ["9223372036854775806"] }, true),
  attribute("beyond int64", "huge", { op: "Gt", value: ["1"] }, "not-a-number"),
  attribute("the least int64", "family", { op: "Gt", value: ["-9223372036854775808"] }, true),
  attribute("below int64", "family", { op: "Gt", value: ["-9223372036854775809"] }, "not-a-number"),
  attribute("an empty feature", "empty", { op: "Lt", value: ["1"] }, "not-a-number"),
  attribute("a value that is no number", "family", { op: "Lt", value: ["x"] }, "not-a-number"),
  attribute("Gt without a value", "family", { op: "Gt" }, "value-count"),
  attribute("Gt with two values", "family", { op: "Gt", value: ["1", "2"] }, "value-count"),
  attribute(
    "the count of values goes before the type",
    "family",
    { op: "Gt", value: [], type: "strange" },
    "value-count",
  ),
  attribute("Gt with a strange type", "family", { op: "Gt", value: ["1"], type: "integer" }, "bad-type"),
  // GtLt, GeLe.
  attribute("GtLt", "family", { op: "GtLt", value: ["6", "8"] }, true),
  attribute("GtLt, at the bound", "family", { op: "GtLt", value: ["7", "8"] }, false),
  attribute("GeLe, at the lower bound", "family", { op: "GeLe", value: ["7", "8"] }, true),
  attribute("GeLe, at the upper bound", "family", { op: "GeLe", value: ["6", "7"] }, true),
  attribute("GeLe, beyond", "family", { op: "GeLe", value: ["8", "9"] }, false),
  attribute("GtLt, bounds that are equal", "family", { op: "GtLt", value: ["7", "7"] }, "bad-interval"),
  attribute("GeLe, bounds that are equal", "family", { op: "GeLe", value: ["7", "7"] }, "bad-interval"),
  attribute("GeLe, bounds the wrong way round", "family", { op: "GeLe", value: ["8", "6"] }, "bad-interval"),
  attribute("GeLe with one value", "family", { op: "GeLe", value: ["7"] }, "value-count"),
  attribute("GeLe with three values", "family", { op: "GeLe", value: ["1", "2", "3"] }, "value-count"),
  attribute(
    "GtLt, a second value that is no number",
    "family",
    { op: "GtLt", value: ["1", "x"] },
    "not-a-number",
  ),
  attribute(
    "GtLt with a strange type",
    "family",
    { op: "GtLt", value: ["1", "2"], type: "semver" },
    "bad-type",
  ),
  one(
    "GtLt of versions the wrong way round is never checked",
    "kernel.version",
    "full",
    { op: "GtLt", value: ["7", "6"], type: "version" },
    false,
  ),
  one(
    "GeLe of versions",
    "kernel.version",
    "full",
    { op: "GeLe", value: ["6.8.0", "6.8"], type: "version" },
    true,
  ),
  one(
    "GtLt of versions",
    "kernel.version",
    "full",
    { op: "GtLt", value: ["6.7.99", "6.8.1"], type: "version" },
    true,
  ),
  // Versions.
  version("6.8.0-1010-aws", "Ge", "6.8", true),
  version("6.8.0-1010-aws", "Gt", "6.8", false),
  version("6.8.0-1010-aws", "Le", "6.8.0-rc1", true),
  version("6.8.0-1010-aws", "Lt", "v6.9", true),
  version("6.8.0-1010-aws", "Ge", "6.08", true),
  version("6.8.0-1010-aws", "Ge", "22.04", false),
  version("6.8.0-1010-aws", "Ge", "6.8.0+build.1", true),
  version("6.8.0-1010-aws", "Ge", "6.8.0-01", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "6.8.0-01a", true),
  version("6.8.0-1010-aws", "Ge", "6.8.", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "+6", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "V6", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "6.8.0-", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "6.8.0.1", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", "18446744073709551615", false),
  version("6.8.0-1010-aws", "Ge", "18446744073709551616", "not-a-version"),
  version("6.8.0-1010-aws", "Ge", `0.0.${"0".repeat(252)}`, true),
  version("6.8.0-1010-aws", "Ge", `0.0.${"0".repeat(253)}`, "not-a-version"),
  version("5.14.0-427.el9_4.x86_64", "Ge", "5", "not-a-version"),
  version("1.2.3.4", "Ge", "1", "not-a-version"),
  // IsTrue, IsFalse.
  attribute("IsTrue", "enabled", { op: "IsTrue" }, true),
  attribute("IsTrue of false", "off", { op: "IsTrue" }, false),
  attribute("IsFalse", "off", { op: "IsFalse" }, true),
  attribute("IsFalse of something else", "family", { op: "IsFalse" }, false),
  attribute("IsTrue with a value", "enabled", { op: "IsTrue", value: ["true"] }, "value-not-empty"),
  // Errors of the document's own.
  attribute("an unknown op", "family", { op: "Like" }, "unknown-op"),
  attribute("an unknown op, key missing", "nothing", { op: "exists" }, "unknown-op"),
  one("an unknown op on a flag", "cpu.cpuid", "AVX2", { op: "in" }, "unknown-op"),
  attribute("null", "family", null, "null-expression"),
  one("null over instances", "pci.device", "vendor", null, "null-expression"),
  one("null over no instances isn't looked at", "usb.device", "vendor", null, false),
  // Instances.
  one("instances, In", "pci.device", "vendor", { op: "In", value: ["10de"] }, true),
  one("instances, none has it", "pci.device", "vendor", { op: "In", value: ["1002"] }, false),
  one("instances, DoesNotExist: one lacks the key", "pci.device", "sriov", { op: "DoesNotExist" }, true),
  one("instances, DoesNotExist: none lacks the key", "pci.device", "vendor", { op: "DoesNotExist" }, false),
  one("no instances, DoesNotExist", "usb.device", "vendor", { op: "DoesNotExist" }, false),
  one("no instances, op omitted", "usb.device", "vendor", {}, false),
  {
    name: "all expressions on one instance",
    term: {
      feature: "pci.device",
      matchExpressions: { vendor: { op: "In", value: ["10de"] }, class: { op: "In", value: ["0302"] } },
    },
    match: true,
    truth: "T",
  },
  {
    name: "expressions that no one instance meets",
    term: {
      feature: "pci.device",
      matchExpressions: { vendor: { op: "In", value: ["10de"] }, class: { op: "In", value: ["0200"] } },
    },
    match: false,
    truth: "F",
  },
  one("an error on the second instance", "pci.device", "class", { op: "Ge", value: ["x"] }, "not-a-number"),
  // A feature of several kinds.
  one("several kinds: a flag suffices", "cpu.cpuid", "AVX2", { op: "Exists" }, true),
  one("several kinds: an attribute suffices", "cpu.cpuid", "AVX10_VERSION", { op: "Ge", value: ["1"] }, true),
  one(
    "several kinds: DoesNotExist needs absence from both",
    "cpu.cpuid",
    "AVX10_VERSION",
    { op: "DoesNotExist" },
    false,
  ),
  one("several kinds: absent from both", "cpu.cpuid", "AVX", { op: "DoesNotExist" }, true),
  // matchName.
  named("matchName over flags", "cpu.cpuid", { op: "In", value: ["AVX2"] }, true),
  named("matchName over flags, InRegexp", "cpu.cpuid", { op: "InRegexp", value: ["^AVX512"] }, false),
  named("matchName over attributes' names", "kernel.version", { op: "In", value: ["major"] }, true),
  named("matchName over values", "kernel.version", { op: "In", value: ["6"] }, false),
  named("matchName over instances' attributes", "pci.device", { op: "In", value: ["sriov"] }, true),
  named("matchName, NotIn: another name exists", "cpu.cpuid", { op: "NotIn", value: ["AVX2"] }, true),
  named("matchName, DoesNotExist: never", "cpu.cpuid", { op: "DoesNotExist" }, false),
  named("matchName, Exists", "cpu.cpuid", { op: "Exists" }, true),
  named("matchName over nothing", "kernel.loadedmodule", { op: "Exists" }, false),
  named("matchName over nothing isn't evaluated", "kernel.loadedmodule", { op: "Like" }, false),
  named("matchName, op omitted", "cpu.cpuid", {}, true),
  named("matchName with a name that is no number", "cpu.cpuid", { op: "Gt", value: ["1"] }, "not-a-number"),
  named("matchName, an unknown op", "cpu.cpuid", { op: "Like" }, "unknown-op"),
  {
    name: "expressions and name, both hold",
    term: {
      feature: "cpu.cpuid",
      matchExpressions: { AVX2: { op: "Exists" } },
      matchName: { op: "InRegexp", value: ["^SSE"] },
    },
    match: true,
    truth: "T",
  },
  {
    name: "expressions hold, name doesn't",
    term: {
      feature: "cpu.cpuid",
      matchExpressions: { AVX2: { op: "Exists" } },
      matchName: { op: "InRegexp", value: ["^NEON"] },
    },
    match: false,
    truth: "F",
  },
  {
    name: "expressions don't hold: the name isn't evaluated",
    term: { feature: "cpu.cpuid", matchExpressions: { AVX: { op: "Exists" } }, matchName: { op: "Like" } },
    match: false,
    truth: "F",
  },
];

export function rowCase({ name, term, match, truth, at }: Row): TableCase {
  return {
    name,
    documents: [withTerms(term)],
    facts: ALL,
    want: verdict(truth, { nfd: [nfdAnswer(match, `${TERM}${at ?? ""}`)] }),
  };
}
