/**
 * The shape of NFD's image-compatibility document (api/image-compatibility/v1alpha1 and the parts of api/nfd/v1alpha1
 * that it uses, NFD v0.19.0), as far as Go's JSON decoder sees it. Field names are those of the JSON tags.
 */

/** A Go type, as its JSON decoder treats it. `pointer` is one that may be nil: null stays null. */
export type GoType =
  | { readonly kind: "string" | "int" }
  | { readonly kind: "struct"; readonly name: string; readonly fields: Readonly<Record<string, GoType>> }
  | { readonly kind: "list" | "map" | "pointer"; readonly of: GoType };

const text: GoType = { kind: "string" };
const texts: GoType = { kind: "list", of: text };

const matchExpression: GoType = {
  kind: "struct",
  name: "MatchExpression",
  fields: { op: text, value: texts, type: text },
};

const matchFeatures: GoType = {
  kind: "list",
  of: {
    kind: "struct",
    name: "FeatureMatcherTerm",
    fields: {
      feature: text,
      matchExpressions: {
        kind: "pointer",
        of: { kind: "map", of: { kind: "pointer", of: matchExpression } },
      },
      matchName: { kind: "pointer", of: matchExpression },
    },
  },
};

const groupRule: GoType = {
  kind: "struct",
  name: "GroupRule",
  fields: {
    name: text,
    vars: { kind: "map", of: text },
    varsTemplate: text,
    matchFeatures,
    matchAny: { kind: "list", of: { kind: "struct", name: "MatchAnyElem", fields: { matchFeatures } } },
  },
};

/** `Spec`: the whole document. */
export const NFD_SPEC: GoType = {
  kind: "struct",
  name: "Spec",
  fields: {
    version: text,
    compatibilities: {
      kind: "list",
      of: {
        kind: "struct",
        name: "Compatibility",
        fields: {
          rules: { kind: "list", of: groupRule },
          weight: { kind: "int" },
          tag: text,
          description: text,
        },
      },
    },
  },
};
