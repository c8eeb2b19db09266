/** What is refused, with its code and pointer: documents, facts and policies. */
import { CONDITION_ROWS, DOCUMENT_ROWS, THEN } from "./document-errors.ts";
import { FACT_ROWS } from "./fact-errors.ts";
import { deep, JSON_ROWS } from "./json-errors.ts";
import { LIMITS } from "./limits.ts";
import {
  ATOMS,
  native,
  refused,
  requires,
  requiresText,
  type Source,
  T,
  type Table,
  type TableCase,
} from "./table.ts";

export type Row = readonly [name: string, code: string, pointer: string, text: Source];

const POLICY_HEAD = '"apiVersion":"hostfit/v1.0","kind":"Policy"';

const POLICY_ROWS: readonly Row[] = [
  ["broken", "invalid-json", "", "{"],
  ["null", "wrong-type", "", "null"],
  ["no apiVersion", "missing-key", "", '{"kind":"Policy"}'],
  ["another kind", "bad-value", "/kind", '{"apiVersion":"hostfit/v1.0","kind":"Requirements"}'],
  [
    "a newer version",
    "unsupported-version",
    "/apiVersion",
    '{"apiVersion":"hostfit/v1.2","kind":"Policy","deny":[]}',
  ],
  ["an unknown key", "unknown-key", "/trust", `{${POLICY_HEAD},"trust":{}}`],
  ["a key twice", "duplicate-key", "/kind", `{${POLICY_HEAD},"kind":"Policy"}`],
  [
    "allowUndetermined that is a string",
    "wrong-type",
    "/allowUndetermined",
    `{${POLICY_HEAD},"allowUndetermined":"yes"}`,
  ],
  ["an empty requires", "empty", "/requires", `{${POLICY_HEAD},"requires":{}}`],
  ["empty prefers", "empty", "/prefers", `{${POLICY_HEAD},"prefers":[]}`],
  [
    "a weight of 0",
    "bad-value",
    "/prefers/0/weight",
    `{${POLICY_HEAD},"prefers":[{"weight":0,"when":{"a.x":["f"]}}]}`,
  ],
  ["runtimes as a list", "wrong-type", "/runtimes", `{${POLICY_HEAD},"runtimes":["default"]}`],
  ["runtimes without allow", "missing-key", "/runtimes", `{${POLICY_HEAD},"runtimes":{}}`],
  [
    "runtimes with an unknown key",
    "unknown-key",
    "/runtimes/deny",
    `{${POLICY_HEAD},"runtimes":{"deny":[]}}`,
  ],
  [
    "a type that is no string",
    "wrong-type",
    "/runtimes/allow/0",
    `{${POLICY_HEAD},"runtimes":{"allow":[1]}}`,
  ],
  ["bases as a list", "wrong-type", "/bases", `{${POLICY_HEAD},"bases":["a"]}`],
  ["bases without allow", "missing-key", "/bases", `{${POLICY_HEAD},"bases":{}}`],
  ["bases with an unknown key", "unknown-key", "/bases/deny", `{${POLICY_HEAD},"bases":{"deny":[]}}`],
  ["a base that is no string", "wrong-type", "/bases/allow/1", `{${POLICY_HEAD},"bases":{"allow":["a",1]}}`],
  ["onMissing that nobody knows", "bad-value", "/onMissing", `{${POLICY_HEAD},"onMissing":"ignore"}`],
  ["onMissing that is no string", "wrong-type", "/onMissing", `{${POLICY_HEAD},"onMissing":true}`],
  [
    "a bad range in its requires",
    "bad-range",
    "/requires/a.x/n/version",
    `{${POLICY_HEAD},"requires":{"a.x":{"n":{"version":"x"}}}}`,
  ],
  ["includes", "unknown-key", "/includes", `{${POLICY_HEAD},"includes":[]}`],
];

function documentCase([name, code, pointer, source]: Row): TableCase {
  return {
    name: `document: ${name}`,
    documents: [native(source)],
    facts: ATOMS,
    want: refused(code, pointer, "doc"),
  };
}

export const errors: Table = {
  file: "errors",
  description:
    "Documents, facts and policies that are refused: the code of the first error, and where it is.",
  cases: [
    ...JSON_ROWS.map(documentCase),
    ...DOCUMENT_ROWS.map(documentCase),
    ...CONDITION_ROWS.map(
      ([name, code, pointer, condition]): TableCase => ({
        name: `condition: ${name}`,
        documents: [requiresText(condition.replace(`"${THEN}"`, '"then"'))],
        facts: ATOMS,
        want: refused(code, `/requires${pointer}`, "doc"),
      }),
    ),
    ...FACT_ROWS.map(
      ([name, code, pointer, source]): TableCase => ({
        name: `facts: ${name}`,
        documents: [requires(T)],
        facts: source,
        want: refused(code, pointer, ""),
      }),
    ),
    ...POLICY_ROWS.map(
      ([name, code, pointer, source]): TableCase => ({
        name: `policy: ${name}`,
        documents: [requires(T)],
        facts: ATOMS,
        policy: source,
        want: refused(code, pointer, "policy"),
      }),
    ),
    {
      name: "the error of the second document has its id",
      documents: [requires(T, "index"), native("{", "manifest")],
      facts: ATOMS,
      want: refused("invalid-json", "", "manifest"),
    },
    {
      name: "128 objects deep is not too deep",
      documents: [native(deep(128))],
      facts: ATOMS,
      want: { answer: { verdict: "undetermined" } },
    },
    ...LIMITS,
  ],
};
