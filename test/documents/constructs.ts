/**
 * The constructs of the language: each must have an example, and docs/language/examples.md says where. Their names are
 * those of the grammar's parts and words: `condition.any`, `over.any`, `text.notIn`.
 */

function named(part: string, ...words: readonly string[]): string[] {
  return words.map((word) => `${part}.${word}`);
}

const EXPLANATIONS = ["name", "description", "documentation"] as const;

const HEAD = ["apiVersion", "kind", "name", "annotations"] as const;

/** What is written: documents, facts, policies. */
const WRITTEN: readonly string[] = [
  ...named("document", ...HEAD, "description", "documentation"),
  ...named("document", "requires", "includes", "prefers", "runtimes", "several"),
  ...named("include", "origin", "digest", "requires"),
  ...named("preference", "weight", "when", ...EXPLANATIONS),
  ...named("runtime", "type", "requires", ...EXPLANATIONS),
  ...named("condition", "map", "list", "feature", "domain", "all", "any", "not", "if", "then", "else"),
  ...named("condition", "if-alone-with-then", "if-alone-with-else", ...EXPLANATIONS),
  ...named("builtin", "host.platform", "candidate.platform", "candidate.annotations"),
  ...named("matcher", "list", "attribute", "attributes", "flags", "some", "every", "none", "count"),
  ...named("matcher", "several-kinds"),
  ...named("flags", "all", "any", "none"),
  ...named("count", "of", "is", "without-of"),
  ...named("over", "map", "list", "attribute", "attributes", "all", "any", "not"),
  ...named("test", "scalar", "list", "version", "number", "size", "exists", "text", "several"),
  ...named("scalar", "text", "number", "boolean"),
  ...named("text", "in", "notIn", "matches"),
  ...named("range", ">=", ">", "<=", "<", "=", "!=", "no-operator", "space-after-operator"),
  ...named("range", "terms", "alternatives", "number"),
  ...named("version", "prefix", "not-prefix", "tail", "prefix-with-tail"),
  ...named("number", "sign", "fraction", "exponent"),
  ...named("size", "Ki-Mi-Gi-Ti", "K-M-G-T"),
  ...named("host", ...HEAD, "platforms", "runtimes", "features", "closedWorld"),
  ...named("platform", "os", "architecture", "variant", "os.version", "os.features", "handlers"),
  ...named("features", "flags", "attributes", "instances"),
  ...named("flags-facts", "map", "list", "null", "elements", "scope"),
  ...named("attributes-facts", "elements", "empty", "unknown"),
  ...named("instances-facts", "elements", "null", "partial"),
  ...named("instance", "attributes", "unknown"),
  "node-feature",
  ...named("policy", ...HEAD, "description", "documentation"),
  ...named("policy", "allowUndetermined", "requires", "prefers", "runtimes", "onMissing", "bases"),
  "runtimes-policy.allow",
  "bases-policy.allow",
  ...named("candidate", "platform", "annotations"),
];

/** What is answered. */
const ANSWERED: readonly string[] = [
  ...named("verdict", "compatible", "incompatible", "undetermined"),
  ...named("kind", "flag", "attribute", "instances", "count", "platform", "runtime", "nfd"),
  ...named("value", "true", "false", "unknown"),
  ...named("found", "present", "absent-flag", "unknown-flag", "text", "absent", "unknown", "unreadable"),
  ...named("found", "instances", "platforms", "unknown-platforms", "names", "unknown-runtimes"),
  ...named("reason", "within", "title", "description", "documentation", "origin"),
  ...named("preference-value", "true", "false", "unknown"),
  ...named("platform-value", "true", "false", "unknown"),
  ...named("decidedBy", "verdict", "platform", "policy", "documented", "score", "specificity", "position"),
  ...named("decidedBy", "only", "incompatible"),
  ...named("error", "invalid-json", "duplicate-key", "unknown-key", "wrong-type", "missing-key", "empty"),
  ...named("error", "bad-value", "bad-range", "bad-pattern", "reserved-feature", "unsupported-version"),
  ...named("error", "bad-api-version", "too-deep"),
  ...named("error", "yaml-duplicate-key", "yaml-merge-key", "yaml-unquoted"),
];

/** The dialect of Node Feature Discovery. */
const NFD: readonly string[] = [
  ...named("nfd", "version", "tag", "weight", "description", "rules"),
  ...named("nfd", "name", "vars", "varsTemplate", "matchFeatures", "matchAny"),
  ...named("nfd", "feature", "feature-alone", "matchExpressions", "matchName", "type-version"),
  ...named("op", "none", "In", "NotIn", "InRegexp", "Exists", "DoesNotExist", "IsTrue", "IsFalse"),
  ...named("op", "Gt", "Ge", "Lt", "Le", "GtLt", "GeLe"),
  ...named("nfd-answer", "match", "no-match", "error"),
];

export const CONSTRUCTS: readonly string[] = [...WRITTEN, ...ANSWERED, ...NFD];
