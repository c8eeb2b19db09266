/** An administrator's policy: docs/language.md, "Policy". */
import { type Around, type Condition, described, NOTHING, readCondition } from "./condition.ts";
import { type Preference, readPreferences } from "./document.ts";
import { type Json, Refusal } from "./json.ts";
import {
  boolean,
  object,
  readApiVersion,
  readKind,
  readMembers,
  refuseOtherVersions,
  string,
  strings,
  textMap,
} from "./shape.ts";

export interface Policy {
  readonly allowUndetermined: boolean;
  readonly requires: Condition;
  readonly preferences: readonly Preference[];
  /** Types that may be used; null: all. */
  readonly allowedRuntimes: readonly string[] | null;
}

export const NO_POLICY: Policy = {
  allowUndetermined: false,
  requires: NOTHING,
  preferences: [],
  allowedRuntimes: null,
};

/** The id of the policy in reasons. */
export const POLICY_ID = "policy";

export function readPolicy(json: Json): Policy {
  const root = object(json);
  refuseOtherVersions(root);
  const around: Around = described(root, {
    document: POLICY_ID,
    within: null,
    title: null,
    description: null,
    documentation: null,
    origin: null,
  });
  let policy = NO_POLICY;
  readMembers(
    root,
    {
      apiVersion: readApiVersion,
      kind: (value) => readKind(value, "Policy"),
      name: string,
      description: string,
      documentation: string,
      annotations: textMap,
      allowUndetermined: (value) => {
        policy = { ...policy, allowUndetermined: boolean(value) };
      },
      requires: (value) => {
        policy = { ...policy, requires: readCondition(value, around) };
      },
      prefers: (value) => {
        policy = { ...policy, preferences: readPreferences(value, around) };
      },
      runtimes: (value) => {
        policy = { ...policy, allowedRuntimes: readAllowList(value) };
      },
      bases: (value) => {
        readAllowList(value);
      },
      onMissing: readOnMissing,
    },
    ["apiVersion", "kind"],
  );
  return policy;
}

// An empty list is a way to say "none"; it is no error.
function readAllowList(json: Json): readonly string[] {
  let allow: readonly string[] = [];
  readMembers(
    object(json),
    {
      allow: (value) => {
        allow = strings(value);
      },
    },
    ["allow"],
  );
  return allow;
}

function readOnMissing(json: Json): void {
  if (!["accept", "undetermined", "refuse"].includes(string(json)))
    throw new Refusal("bad-value", json.pointer);
}
