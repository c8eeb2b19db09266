/** The dialect nfd: docs/nfd-dialect.md, row by row. NFD's side of each row was checked against its own rule engine (v0.19.0). */
import {
  type FeatureFacts,
  host,
  native,
  refused,
  requires,
  type Table,
  type TableCase,
  type TableDocument,
  type Truth,
  verdict,
} from "./table.ts";

function document(content: unknown, id = "nfd"): TableDocument {
  return { ...native(typeof content === "string" ? content : JSON.stringify(content), id), dialect: "nfd" };
}

function withTerms(...terms: readonly unknown[]): TableDocument {
  return document({
    version: "v1alpha1",
    compatibilities: [{ rules: [{ name: "rule", matchFeatures: terms }] }],
  });
}

const TERM = "/compatibilities/0/rules/0/matchFeatures/0";

/** NFD's answer: true, false, or an error's code. */
type Match = boolean | string;

function nfdAnswer(match: Match, pointer: string, set: unknown = expectedSet(match)): object {
  return typeof match === "string"
    ? { document: "nfd", error: { code: match, pointer } }
    : { document: "nfd", match, set };
}

function expectedSet(match: Match): unknown {
  return match === true ? { index: 0, weight: 0, tag: null, description: null } : null;
}

const ALL = host({
  flags: { "cpu.cpuid": { elements: { AVX2: {}, SSE4: {} } }, "kernel.loadedmodule": { elements: {} } },
  attributes: {
    "kernel.version": {
      elements: {
        full: "6.8.0-1010-aws",
        major: "6",
        minor: "8",
        el9: "5.14.0-427.el9_4.x86_64",
        odd: "1.2.3.4",
      },
    },
    "cpu.model": {
      elements: {
        family: "007",
        signed: "+5",
        spaced: " 5",
        float: "1.0",
        under: "1_0",
        huge: "9223372036854775808",
        max: "9223372036854775807",
        enabled: "true",
        off: "false",
        empty: "",
      },
    },
    "cpu.cpuid": { elements: { AVX10_VERSION: "1" } },
    "cpu.cstate": { elements: {} },
  },
  instances: {
    "pci.device": {
      elements: [
        { attributes: { vendor: "10de", class: "0302" } },
        { attributes: { vendor: "8086", class: "0200", sriov: "8" } },
      ],
    },
    "usb.device": { elements: [] },
  },
});

interface Row {
  readonly name: string;
  readonly term: object;
  readonly match: Match;
  readonly truth: Truth;
  /** Below the term. */
  readonly at?: string;
}

function one(
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

function attribute(name: string, key: string, expression: object | null, match: Match): Row {
  return one(name, "cpu.model", key, expression, match);
}

function version(text: string, op: string, value: string, match: Match): Row {
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

const ROWS: readonly Row[] = [
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

function rowCase({ name, term, match, truth, at }: Row): TableCase {
  return {
    name,
    documents: [withTerms(term)],
    facts: ALL,
    want: verdict(truth, { nfd: [nfdAnswer(match, `${TERM}${at ?? ""}`)] }),
  };
}

/** Rules, sets, vars: the document's members below `compatibilities`. */
const AVX2 = { feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "Exists" } } };
const AVX = { feature: "cpu.cpuid", matchExpressions: { AVX: { op: "Exists" } } };
const OPEN = { feature: "no.such", matchExpressions: { x: { op: "Exists" } } };
const WRONG = { feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "Like" } } };

function rules(name: string, list: readonly unknown[], match: Match, truth: Truth, pointer = ""): TableCase {
  return {
    name,
    documents: [document({ compatibilities: [{ rules: list }] })],
    facts: ALL,
    want: verdict(truth, { nfd: [nfdAnswer(match, `/compatibilities/0/rules${pointer}`)] }),
  };
}

const matched = (key: string, expression: object = { op: "Exists" }) => ({
  matchFeatures: [{ feature: "rule.matched", matchExpressions: { [key]: expression } }],
});

const RULES: readonly TableCase[] = [
  rules("no rules hold", [], true, "T"),
  rules("an empty rule holds", [{}], true, "T"),
  rules("a null rule is an empty rule", [null], true, "T"),
  rules("matchAny of one empty element holds", [{ matchAny: [{}] }], true, "T"),
  rules("matchAny of a null element holds", [{ matchAny: [null] }], true, "T"),
  rules("an empty matchAny doesn't count", [{ matchAny: [], matchFeatures: [AVX2] }], true, "T"),
  rules(
    "matchAny, the second holds",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [AVX2] }] }],
    true,
    "T",
  ),
  rules(
    "matchAny, none holds",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [AVX2, AVX] }] }],
    false,
    "F",
  ),
  rules(
    "matchAny, one is open",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [OPEN] }] }],
    false,
    "U",
  ),
  rules(
    "matchAny, one is open and one holds",
    [{ matchAny: [{ matchFeatures: [OPEN] }, { matchFeatures: [AVX2] }] }],
    true,
    "T",
  ),
  rules(
    "matchAny and matchFeatures, both hold",
    [{ matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX2] }],
    true,
    "T",
  ),
  rules(
    "matchAny holds, matchFeatures doesn't",
    [{ matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX] }],
    false,
    "F",
  ),
  rules(
    "matchFeatures holds, matchAny doesn't",
    [{ matchAny: [{ matchFeatures: [AVX] }], matchFeatures: [AVX2] }],
    false,
    "F",
  ),
  rules("all terms must hold", [{ matchFeatures: [AVX2, AVX] }], false, "F"),
  rules("an open and a failing term", [{ matchFeatures: [OPEN, AVX] }], false, "F"),
  rules("an open and a holding term", [{ matchFeatures: [OPEN, AVX2] }], false, "U"),
  rules("all rules must hold", [{ matchFeatures: [AVX2] }, { matchFeatures: [AVX] }], false, "F"),
  rules(
    "an error after a term that fails is an error",
    [{ matchFeatures: [AVX, WRONG] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/1/matchExpressions/AVX2",
  ),
  rules(
    "an error after a rule that fails is an error",
    [{ matchFeatures: [AVX] }, { matchFeatures: [WRONG] }],
    "unknown-op",
    "U",
    "/1/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "an error after an element of matchAny that holds is an error",
    [{ matchAny: [{ matchFeatures: [AVX2] }, { matchFeatures: [WRONG] }] }],
    "unknown-op",
    "U",
    "/0/matchAny/1/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "matchAny is evaluated before matchFeatures",
    [{ matchFeatures: [WRONG], matchAny: [{ matchFeatures: [WRONG] }] }],
    "unknown-op",
    "U",
    "/0/matchAny/0/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "expressions are evaluated by their names' bytes",
    [
      {
        matchFeatures: [{ feature: "cpu.model", matchExpressions: { b: { op: "Like" }, a: { op: "Like" } } }],
      },
    ],
    "unknown-op",
    "U",
    "/0/matchFeatures/0/matchExpressions/a",
  ),
  rules(
    "a name after a term that failed isn't evaluated",
    [{ matchFeatures: [AVX, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    false,
    "F",
  ),
  rules(
    "a name after a term that failed and one that is a feature alone isn't either",
    [{ matchFeatures: [AVX, { feature: "cpu.cpuid" }, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    false,
    "F",
  ),
  rules(
    "a name after an absent feature is evaluated",
    [{ matchFeatures: [OPEN, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/1/matchName",
  ),
  rules(
    "a name after a term that held is evaluated",
    [{ matchFeatures: [AVX, AVX2, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/2/matchName",
  ),
  rules(
    "a name in another list is evaluated",
    [
      {
        matchAny: [
          { matchFeatures: [AVX] },
          { matchFeatures: [{ feature: "cpu.cpuid", matchName: { op: "Like" } }] },
        ],
      },
    ],
    "unknown-op",
    "U",
    "/0/matchAny/1/matchFeatures/0/matchName",
  ),
  // Vars.
  rules(
    "rule.matched isn't there in the first rule",
    [{ matchFeatures: [{ feature: "rule.matched" }] }],
    false,
    "U",
  ),
  rules(
    "rule.matched is there, and empty, in the second",
    [{}, { matchFeatures: [{ feature: "rule.matched", matchExpressions: {} }] }],
    true,
    "T",
  ),
  rules(
    "vars of a rule that holds",
    [{ vars: { gpu: "yes" }, matchFeatures: [AVX2] }, matched("gpu", { op: "In", value: ["yes"] })],
    true,
    "T",
  ),
  rules(
    "vars of a rule that doesn't",
    [{ vars: { gpu: "yes" }, matchFeatures: [AVX] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "F",
  ),
  rules(
    "vars of a rule whose matchAny fails are set all the same",
    [{ vars: { gpu: "yes" }, matchAny: [{ matchFeatures: [AVX] }] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "F",
  ),
  rules(
    "vars of a rule that is open are unknown",
    [{ vars: { gpu: "yes" }, matchFeatures: [OPEN] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "U",
  ),
  rules(
    "later vars overwrite earlier ones",
    [{ vars: { v: "1" } }, { vars: { v: "2" } }, matched("v", { op: "In", value: ["2"] })],
    true,
    "T",
  ),
  rules(
    "vars are compared as numbers",
    [{ vars: { v: "12" } }, matched("v", { op: "Gt", value: ["9"] })],
    true,
    "T",
  ),
  rules(
    "vars that are null are empty",
    [{ vars: { v: null } }, matched("v", { op: "In", value: [""] })],
    true,
    "T",
  ),
  // varsTemplate.
  rules(
    "a template where the rule holds",
    [{ varsTemplate: "a=b", matchFeatures: [AVX2] }],
    "unsupported-template",
    "U",
    "/0/varsTemplate",
  ),
  rules(
    "a template where the rule doesn't hold isn't run",
    [{ varsTemplate: "a=b", matchFeatures: [AVX] }],
    false,
    "F",
  ),
  rules("a template without terms isn't run", [{ varsTemplate: "a=b" }], true, "T"),
  rules(
    "a template is run for an element of matchAny that holds",
    [{ varsTemplate: "a=b", matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX] }],
    "unsupported-template",
    "U",
    "/0/varsTemplate",
  ),
  rules("an empty template", [{ varsTemplate: "", matchFeatures: [AVX2] }], true, "T"),
];

const SET = (weight: number, terms: readonly unknown[], more: object = {}) => ({
  weight,
  rules: [{ matchFeatures: terms }],
  ...more,
});

function sets(name: string, list: unknown, want: TableCase["want"]): TableCase {
  return { name, documents: [document({ version: "v1alpha1", compatibilities: list })], facts: ALL, want };
}

const nfdMatch = (
  index: number,
  weight: number,
  tag: string | null = null,
  description: string | null = null,
) => [{ document: "nfd", match: true, set: { index, weight, tag, description } }];

const NO_MATCH = [{ document: "nfd", match: false, set: null }];

const SETS: readonly TableCase[] = [
  sets(
    "no sets",
    [],
    verdict("T", { score: 0, maxScore: 0, nfd: [{ document: "nfd", match: true, set: null }] }),
  ),
  sets("null sets", null, verdict("T", { nfd: [{ document: "nfd", match: true, set: null }] })),
  sets("a null set is an empty one", [null], verdict("T", { nfd: nfdMatch(0, 0) })),
  sets(
    "the greatest weight that holds counts",
    [SET(5, [AVX2], { tag: "a" }), SET(9, [AVX2], { tag: "b", description: "why" }), SET(20, [AVX])],
    verdict("T", { score: 9, maxScore: 20, nfd: nfdMatch(1, 9, "b", "why") }),
  ),
  sets(
    "the first of equal weights",
    [SET(5, [AVX2], { tag: "a" }), SET(5, [AVX2], { tag: "b" })],
    verdict("T", { score: 5, maxScore: 5, nfd: nfdMatch(0, 5, "a") }),
  ),
  sets(
    "a set without a weight weighs 0",
    [SET(-3, [AVX2]), { rules: [{ matchFeatures: [AVX2] }] }],
    verdict("T", { score: 0, maxScore: 0, nfd: nfdMatch(1, 0) }),
  ),
  sets(
    "negative weights",
    [SET(-3, [AVX2]), SET(-1, [AVX])],
    verdict("T", { score: -3, maxScore: -1, nfd: nfdMatch(0, -3) }),
  ),
  sets(
    "no set holds",
    [SET(5, [AVX]), SET(7, [AVX])],
    verdict("F", { score: 0, maxScore: 7, nfd: NO_MATCH }),
  ),
  sets(
    "an open set of greater weight",
    [SET(5, [AVX2]), SET(7, [OPEN])],
    verdict("T", { score: 5, maxScore: 7, nfd: nfdMatch(0, 5) }),
  ),
  sets(
    "an open set and one that fails",
    [SET(5, [AVX]), SET(7, [OPEN])],
    verdict("U", { score: 0, maxScore: 7, nfd: NO_MATCH }),
  ),
  sets(
    "an error in one set is the document's",
    [SET(5, [AVX2]), SET(7, [WRONG])],
    verdict("U", {
      score: 0,
      maxScore: 7,
      nfd: [
        {
          document: "nfd",
          error: {
            code: "unknown-op",
            pointer: "/compatibilities/1/rules/0/matchFeatures/0/matchExpressions/AVX2",
          },
        },
      ],
    }),
  ),
  sets(
    "vars last across sets",
    [{ rules: [{ vars: { a: "1" } }, { matchFeatures: [AVX] }] }, { rules: [matched("a")], weight: 3 }],
    verdict("T", { score: 3, nfd: nfdMatch(1, 3) }),
  ),
];

/** What observation adds: facts beside ALL, a term, NFD's answer, the verdict. */
const OBSERVED: readonly (readonly [
  name: string,
  features: FeatureFacts,
  members: object,
  term: object,
  match: Match,
  truth: Truth,
])[] = [
  [
    "flags with a scope: a name out of it, Exists",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchExpressions: { u: { op: "Exists" } } },
    false,
    "U",
  ],
  [
    "flags with a scope: a name out of it, DoesNotExist",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchExpressions: { u: { op: "DoesNotExist" } } },
    true,
    "U",
  ],
  [
    "flags with a scope: a name out of it, any",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchExpressions: { u: {} } },
    true,
    "T",
  ],
  [
    "flags with a scope: a name out of it, In",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchExpressions: { u: { op: "In", value: ["1"] } } },
    false,
    "F",
  ],
  [
    "flags with a scope: a name in it",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchExpressions: { f: { op: "Exists" } } },
    false,
    "F",
  ],
  [
    "flags with a scope: matchName, In a name out of it",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchName: { op: "In", value: ["u"] } },
    false,
    "U",
  ],
  [
    "flags with a scope: matchName, In names in it",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchName: { op: "In", value: ["f"] } },
    false,
    "F",
  ],
  [
    "flags with a scope: matchName, InRegexp",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchName: { op: "InRegexp", value: ["^u"] } },
    false,
    "U",
  ],
  [
    "flags with a scope: matchName, NotIn holds already",
    { flags: { "a.x": { elements: ["t"], scope: ["f"] } } },
    {},
    { feature: "a.x", matchName: { op: "NotIn", value: ["u"] } },
    true,
    "T",
  ],
  [
    "flags with a scope: matchName, DoesNotExist",
    { flags: { "a.x": { elements: ["t"], scope: [] } } },
    {},
    { feature: "a.x", matchName: { op: "DoesNotExist" } },
    false,
    "F",
  ],
  [
    "an unknown attribute, Exists",
    { attributes: { "a.x": { elements: { m: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "Exists" } } },
    false,
    "U",
  ],
  [
    "an unknown attribute, NotIn",
    { attributes: { "a.x": { elements: { m: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "NotIn", value: ["1"] } } },
    false,
    "U",
  ],
  [
    "an unknown attribute, any",
    { attributes: { "a.x": { elements: { m: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchExpressions: { n: {} } },
    true,
    "T",
  ],
  [
    "an unknown attribute that has a text",
    { attributes: { "a.x": { elements: { n: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "In", value: ["1"] } } },
    true,
    "U",
  ],
  [
    "an unknown attribute, matchName",
    { attributes: { "a.x": { elements: { m: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchName: { op: "In", value: ["n"] } },
    false,
    "U",
  ],
  [
    "an unknown attribute, matchName of another",
    { attributes: { "a.x": { elements: { m: "1" }, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchName: { op: "In", value: ["o"] } },
    false,
    "F",
  ],
  [
    "attributes with null elements aren't observed",
    { attributes: { "a.x": { elements: null, unknown: ["n"] } } },
    {},
    { feature: "a.x", matchExpressions: { m: {} } },
    false,
    "U",
  ],
  [
    "empty attributes in a closed world",
    { attributes: { "a.x": { elements: {} } } },
    { closedWorld: ["a.x"] },
    { feature: "a.x", matchExpressions: { n: { op: "DoesNotExist" } } },
    true,
    "T",
  ],
  [
    "empty attributes beside flags don't count",
    { attributes: { "a.x": { elements: {} } }, flags: { "a.x": { elements: ["t"] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "Exists" } } },
    false,
    "F",
  ],
  [
    "a closed world: an absent feature is false",
    {},
    { closedWorld: ["a.x"] },
    { feature: "a.x", matchExpressions: { n: { op: "DoesNotExist" } } },
    false,
    "F",
  ],
  [
    "a closed world: null flags are absent",
    { flags: { "a.x": { elements: null } } },
    { closedWorld: ["a.x"] },
    { feature: "a.x" },
    true,
    "F",
  ],
  [
    "null flags are there for NFD and not observed",
    { flags: { "a.x": { elements: null } } },
    {},
    { feature: "a.x" },
    true,
    "U",
  ],
  [
    "null flags have no expressions that hold",
    { flags: { "a.x": { elements: null } } },
    {},
    { feature: "a.x", matchExpressions: {} },
    false,
    "U",
  ],
  [
    "a partial list, nothing in it",
    { instances: { "a.x": { elements: [], partial: true } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "Exists" } } },
    false,
    "U",
  ],
  [
    "a partial list, one that holds",
    { instances: { "a.x": { elements: [{ attributes: { n: "1" } }], partial: true } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "Exists" } } },
    true,
    "T",
  ],
  [
    "a partial list is there",
    { instances: { "a.x": { elements: [], partial: true } } },
    {},
    { feature: "a.x" },
    true,
    "T",
  ],
  [
    "a partial list, matchName",
    { instances: { "a.x": { elements: [], partial: true } } },
    {},
    { feature: "a.x", matchName: { op: "In", value: ["n"] } },
    false,
    "U",
  ],
  [
    "an instance's unknown attribute",
    { instances: { "a.x": { elements: [{ attributes: { m: "1" }, unknown: ["n"] }] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "In", value: ["1"] } } },
    false,
    "U",
  ],
  [
    "an instance's unknown attribute beside one that fails",
    { instances: { "a.x": { elements: [{ attributes: { m: "1" }, unknown: ["n"] }] } } },
    {},
    { feature: "a.x", matchExpressions: { n: { op: "In", value: ["1"] }, m: { op: "In", value: ["2"] } } },
    false,
    "F",
  ],
  [
    "built-in features don't take part",
    {},
    { platforms: [{ os: "linux", architecture: "amd64" }] },
    { feature: "host.platform" },
    false,
    "U",
  ],
];

const REASONS: readonly TableCase[] = [
  {
    name: "reasons: expressions, one by one, with texts around them",
    documents: [
      document({
        compatibilities: [
          {
            description: "why",
            rules: [
              {
                name: "cpu",
                matchFeatures: [
                  {
                    feature: "CPU.cpuid",
                    matchExpressions: {
                      FMA3: { op: "Exists" },
                      AVX2: { op: "DoesNotExist" },
                      AVX10_VERSION: { op: "Gt", value: ["1"] },
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          document: "nfd",
          pointer: `${TERM}/matchExpressions/FMA3`,
          kind: "nfd",
          value: "false",
          feature: "cpu.cpuid",
          name: "FMA3",
          wanted: { op: "Exists" },
          found: { absent: true },
          within: "/compatibilities",
          title: "cpu",
          description: "why",
          documentation: null,
          origin: null,
        },
        {
          pointer: `${TERM}/matchExpressions/AVX2`,
          name: "AVX2",
          value: "false",
          wanted: { op: "DoesNotExist" },
          found: "present",
        },
        {
          pointer: `${TERM}/matchExpressions/AVX10_VERSION`,
          name: "AVX10_VERSION",
          value: "false",
          wanted: { op: "Gt", value: ["1"] },
          found: "1",
        },
      ],
    }),
  },
  {
    name: "reasons: a feature that isn't observed",
    documents: [withTerms(OPEN)],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: TERM,
          kind: "nfd",
          value: "unknown",
          feature: "no.such",
          name: null,
          wanted: OPEN,
          found: { unknown: true },
        },
      ],
    }),
  },
  {
    name: "reasons: a feature that is absent in a closed world",
    documents: [withTerms(OPEN)],
    facts: host({}, { closedWorld: ["no.such"] }),
    want: verdict("F", { reasons: [{ pointer: TERM, value: "false", found: { absent: true } }] }),
  },
  {
    name: "reasons: instances",
    documents: [
      withTerms({ feature: "pci.device", matchExpressions: { vendor: { op: "In", value: ["1002"] } } }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          pointer: `${TERM}/matchExpressions`,
          name: null,
          wanted: { vendor: { op: "In", value: ["1002"] } },
          found: { instances: 2, matching: 0, unknown: 0, partial: false },
        },
      ],
    }),
  },
  {
    name: "reasons: a name",
    documents: [withTerms({ feature: "cpu.cpuid", matchName: { op: "InRegexp", value: ["^NEON"] } })],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          pointer: `${TERM}/matchName`,
          name: null,
          wanted: { op: "InRegexp", value: ["^NEON"] },
          found: { absent: true },
        },
      ],
    }),
  },
  {
    name: "reasons: an error on the feature's side",
    documents: [
      withTerms({
        feature: "kernel.version",
        matchExpressions: { el9: { op: "Ge", value: ["5.14"], type: "version" } },
      }),
    ],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: `${TERM}/matchExpressions/el9`,
          kind: "nfd",
          value: "unknown",
          feature: "kernel.version",
          name: "el9",
          wanted: { op: "Ge", value: ["5.14"], type: "version" },
          found: { unreadable: "5.14.0-427.el9_4.x86_64" },
          within: "/compatibilities",
          title: "rule",
        },
      ],
    }),
  },
  {
    name: "reasons: an error on the document's side, in matchAny",
    documents: [document({ compatibilities: [{ rules: [{ matchAny: [{ matchFeatures: [WRONG] }] }] }] })],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: "/compatibilities/0/rules/0/matchAny/0/matchFeatures/0/matchExpressions/AVX2",
          value: "unknown",
          wanted: { op: "Like" },
          found: null,
          within: "/compatibilities/0/rules/0/matchAny",
          title: null,
        },
      ],
    }),
  },
  {
    name: "reasons: a template",
    documents: [
      document({
        compatibilities: [{ rules: [{ name: "r", varsTemplate: "{{ . }}", matchFeatures: [AVX2] }] }],
      }),
    ],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: "/compatibilities/0/rules/0/varsTemplate",
          feature: null,
          name: null,
          wanted: "{{ . }}",
          found: null,
          title: "r",
        },
      ],
    }),
  },
  {
    name: "reasons: a compatible verdict gives the set that counts",
    documents: [
      document({
        compatibilities: [
          SET(1, [AVX2]),
          SET(2, [{ feature: "cpu.model", matchName: { op: "InRegexp", value: ["^[ef]"] } }]),
          SET(3, [AVX]),
        ],
      }),
    ],
    facts: ALL,
    want: verdict("T", {
      reasons: [
        { pointer: "/compatibilities/1/rules/0/matchFeatures/0/matchName", value: "true", found: "empty" },
      ],
    }),
  },
  {
    name: "reasons: every set that fails",
    documents: [
      document({
        compatibilities: [SET(1, [AVX]), SET(2, [AVX2, { feature: "usb.device", matchExpressions: {} }])],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        { pointer: "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions/AVX" },
        {
          pointer: "/compatibilities/1/rules/0/matchFeatures/1/matchExpressions",
          found: { instances: 0, matching: 0, unknown: 0, partial: false },
        },
      ],
    }),
  },
  {
    name: "reasons: matchAny comes before matchFeatures",
    documents: [
      document({
        compatibilities: [
          {
            rules: [
              {
                matchFeatures: [AVX],
                matchAny: [{ matchFeatures: [{ ...AVX, matchExpressions: { FMA3: { op: "Exists" } } }] }],
              },
            ],
          },
        ],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        { name: "FMA3", within: "/compatibilities/0/rules/0/matchAny" },
        { name: "AVX", within: "/compatibilities" },
      ],
    }),
  },
];

const SPELLINGS: readonly TableCase[] = [
  {
    name: "names of fields in any case, unknown fields",
    documents: [
      document(
        '{"VERSION":"v1alpha1","Compatibilities":[{"RULES":[{"MatchFeatures":[{"Feature":"cpu.cpuid","matchexpressions":{"AVX2":{"OP":"Exists"}},"other":5}],"labels":{"a":1}}],"Weight":4,"x":null}]}',
      ),
    ],
    facts: ALL,
    want: verdict("T", { score: 4, nfd: nfdMatch(0, 4) }),
  },
  {
    name: "of several spellings the bytewise greatest counts",
    documents: [document('{"compatibilities":[],"Compatibilities":[{"weight":1,"WEIGHT":2,"Weight":3}]}')],
    facts: ALL,
    want: verdict("T", { maxScore: 0, nfd: [{ document: "nfd", match: true, set: null }] }),
  },
  {
    name: "pointers are spelled as the document is",
    documents: [
      document(
        '{"Compatibilities":[{"Rules":[{"MatchFeatures":[{"Feature":"cpu.cpuid","MatchExpressions":{"AVX2":{"op":"Like"}}}]}]}]}',
      ),
    ],
    facts: ALL,
    want: verdict("U", {
      nfd: [
        {
          document: "nfd",
          error: {
            code: "unknown-op",
            pointer: "/Compatibilities/0/Rules/0/MatchFeatures/0/MatchExpressions/AVX2",
          },
        },
      ],
    }),
  },
  { name: "an empty document", documents: [document("{}")], facts: ALL, want: verdict("T") },
  { name: "an empty version", documents: [document('{"version":""}')], facts: ALL, want: verdict("T") },
  { name: "a null version", documents: [document('{"version":null}')], facts: ALL, want: verdict("T") },
];

const REFUSED: readonly (readonly [name: string, code: string, pointer: string, text: string])[] = [
  ["an array", "wrong-type", "", "[]"],
  ["broken JSON", "invalid-json", "", "{"],
  ["another version", "unsupported-version", "/version", '{"compatibilities":5,"version":"v1beta1"}'],
  ["a version that is a number", "wrong-type", "/version", '{"version":1}'],
  ["sets that are an object", "wrong-type", "/compatibilities", '{"compatibilities":{}}'],
  ["a set that is a string", "wrong-type", "/compatibilities/0", '{"compatibilities":["x"]}'],
  [
    "a weight that is a string",
    "wrong-type",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":"5"}]}',
  ],
  [
    "a weight with a fraction",
    "bad-value",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":1.5}]}',
  ],
  [
    "a weight of 2^31",
    "bad-value",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":2147483648}]}',
  ],
  ["a tag that is a boolean", "wrong-type", "/compatibilities/0/tag", '{"compatibilities":[{"tag":true}]}'],
  [
    "rules that are an object",
    "wrong-type",
    "/compatibilities/0/rules",
    '{"compatibilities":[{"rules":{}}]}',
  ],
  [
    "vars that are a list",
    "wrong-type",
    "/compatibilities/0/rules/0/vars",
    '{"compatibilities":[{"rules":[{"vars":[]}]}]}',
  ],
  [
    "a var that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/vars/a",
    '{"compatibilities":[{"rules":[{"vars":{"a":1}}]}]}',
  ],
  [
    "terms that are an object",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures",
    '{"compatibilities":[{"rules":[{"matchFeatures":{}}]}]}',
  ],
  [
    "a feature that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/feature",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"feature":1}]}]}]}',
  ],
  [
    "expressions that are a list",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchExpressions":[]}]}]}]}',
  ],
  [
    "an expression that is a string",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions/a",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchExpressions":{"a":"Exists"}}]}]}]}',
  ],
  [
    "a value that is a scalar",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchName/value",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchName":{"value":"x"}}]}]}]}',
  ],
  [
    "a value with a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchName/value/1",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchName":{"value":["x",5]}}]}]}]}',
  ],
  [
    "an op that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchAny/0/matchFeatures/0/matchName/op",
    '{"compatibilities":[{"rules":[{"matchAny":[{"matchFeatures":[{"matchName":{"op":5}}]}]}]}]}',
  ],
  ["one key twice", "duplicate-key", "/version", '{"version":"v1alpha1","version":"v1alpha1"}'],
];

export const nfd: Table = {
  file: "nfd",
  description:
    "NFD's image-compatibility documents: what NFD answers, what the verdict is, reasons, and what is refused.",
  cases: [
    ...ROWS.map(rowCase),
    ...RULES,
    ...SETS,
    ...OBSERVED.map(
      ([name, features, members, term, match, truth]): TableCase => ({
        name,
        documents: [withTerms(term)],
        facts: host(features, { ...members }),
        want: verdict(truth, { nfd: [nfdAnswer(match, TERM)] }),
      }),
    ),
    ...REASONS,
    ...SPELLINGS,
    ...REFUSED.map(
      ([name, code, pointer, text]): TableCase => ({
        name: `refused: ${name}`,
        documents: [document(text)],
        facts: ALL,
        want: refused(code, pointer, "nfd"),
      }),
    ),
    {
      name: "both dialects in one handle",
      documents: [
        requires({ "cpu.cpuid": ["AVX2"] }, "native"),
        document({ compatibilities: [SET(7, [AVX2])] }),
      ],
      facts: ALL,
      want: verdict("T", { score: 7, maxScore: 7, nfd: nfdMatch(0, 7) }),
    },
    {
      name: "both dialects in one handle, NFD's fails",
      documents: [
        document({ compatibilities: [SET(7, [AVX])] }),
        requires({ "cpu.cpuid": ["FMA3"] }, "native"),
      ],
      facts: ALL,
      want: verdict("F", {
        reasons: [
          { document: "nfd", kind: "nfd" },
          { document: "native", kind: "flag" },
        ],
      }),
    },
    {
      name: "two documents of NFD are conjoined, their scores summed",
      documents: [
        document({ compatibilities: [SET(7, [AVX2])] }, "nfd"),
        document({ compatibilities: [SET(3, [AVX2]), SET(1, [AVX2])] }, "other"),
      ],
      facts: ALL,
      want: verdict("T", {
        score: 10,
        maxScore: 10,
        nfd: [
          ...nfdMatch(0, 7),
          { document: "other", match: true, set: { index: 0, weight: 3, tag: null, description: null } },
        ],
      }),
    },
  ],
};
