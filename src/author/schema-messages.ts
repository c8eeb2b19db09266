/** What ajv's errors mean to the author of a document: one sentence, and what to write instead. */
import { nearest } from "./nearest.ts";
import { childPointer, pointerTokens } from "./pointer.ts";
import { type SchemaNode, type Schemas, schemaAt, valueAt } from "./schema-walk.ts";

/** Kinds of document that have a schema and that the core reads. */
export type SchemaKind = "requirements" | "host" | "policy";

/** All kinds of document that have a schema. */
export type DescribedKind = SchemaKind | "vocabulary";

/** One of ajv's errors, as its compiled validators leave them. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** What a schema says about a place of a document. Codes are the core's where it has one for the same thing. */
export interface SchemaFinding {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly pointer: string;
  /** Whether the key or the value is at fault. */
  readonly part: "key" | "value";
}

/** Explains an error; null for one that only sums up others. */
export function explain(
  error: SchemaError,
  kind: DescribedKind,
  document: unknown,
  schemas: Schemas,
): SchemaFinding | null {
  const pointer = error.instancePath;
  const tokens = pointerTokens(pointer);
  const value = valueAt(document, tokens);
  const schema = schemaAt(schemas, kind, document, tokens)?.node ?? {};
  const subject = tokens.length === 0 ? "the document" : shown(tokens.at(-1) ?? "", document, tokens);
  const at = { pointer, part: "value" } as const;
  switch (error.keyword) {
    case "if":
    case "allOf":
    case "propertyNames":
      return null;
    case "additionalProperties":
      return unknownKey(String(error.params.additionalProperty), pointer, schema);
    case "required":
      return missingKey(String(error.params.missingProperty), at, schema, value);
    case "dependentRequired":
      return {
        code: "bad-value",
        message: `${String(error.params.property)} stands without if`,
        help: "put the condition that decides under if, in the same map",
        pointer: childPointer(pointer, String(error.params.property)),
        part: "key",
      };
    case "type":
      // Only weights are whole numbers.
      return typeof value === "number" && schema.type === "integer"
        ? badWeight(at, subject, value)
        : wrongType(at, subject, schema, value);
    case "minItems":
    case "minProperties":
      return empty(at, subject, schema, value);
    case "const":
    case "enum":
      return wrongConstant(at, tokens, subject, schema, value);
    case "minimum":
    case "maximum":
      return badWeight(at, subject, value);
    case "minLength":
      return { ...at, code: "bad-value", message: `${subject} is an empty text`, help: "write what it is" };
    case "maxItems":
      return {
        ...at,
        code: "limit",
        message: `${subject} has too many elements`,
        help: `at most ${String(schema.maxItems)} are read`,
      };
    case "pattern":
      return badFeatureName(at, error, value);
    default:
      return {
        ...at,
        code: "bad-value",
        message: `${subject} ${error.message ?? "is wrong"}`,
        help: hint(schema),
      };
  }
}

/** What the schema says of a place, where an error has no advice of its own. */
function hint(schema: SchemaNode): string {
  return schema.description === undefined ? "change it, or remove it" : lowerFirst(schema.description);
}

type At = Pick<SchemaFinding, "pointer" | "part">;

function unknownKey(key: string, pointer: string, schema: SchemaNode): SchemaFinding {
  const known = Object.keys(schema.properties ?? {});
  const features = schema.patternProperties !== undefined;
  const close = nearest(key, known);
  const at = { pointer: childPointer(pointer, key), part: "key" } as const;
  if (features && key.includes(".")) {
    return {
      ...at,
      code: "bad-value",
      message: `${JSON.stringify(key)} is not the name of a feature`,
      help: "a feature is source.feature or domain/source.feature, such as kernel.version",
    };
  }
  const also = features ? ", or a feature, whose name has a dot (source.feature)" : "";
  return {
    ...at,
    code: "unknown-key",
    message: `${JSON.stringify(key)} is not a key of ${withArticle(schema.title ?? "map")}`,
    help: close === null ? `keys are ${known.join(", ")}${also}` : `did you mean ${close}?`,
  };
}

function missingKey(key: string, at: At, schema: SchemaNode, value: unknown): SchemaFinding {
  if (key === "then" && isMap(value) && Object.hasOwn(value, "if")) {
    return {
      ...at,
      code: "missing-key",
      message: "if stands without then and else",
      help: "add then, else or both to the same map",
    };
  }
  const described = schema.properties?.[key];
  const constant = described?.const;
  return {
    ...at,
    code: "missing-key",
    message: `${withArticle(schema.title ?? "map")} needs ${key}`,
    help: constant === undefined ? hintFor(key, described) : `add ${key}: ${String(constant)}`,
  };
}

function hintFor(key: string, schema: SchemaNode | undefined): string {
  return schema?.description === undefined ? `add ${key}` : `add ${key}: ${lowerFirst(schema.description)}`;
}

function badWeight(at: At, subject: string, value: unknown): SchemaFinding {
  return {
    ...at,
    code: "bad-value",
    message: `${subject} must be a whole number from 1 to 100, but is ${JSON.stringify(value)}`,
    help: "weigh the preferences against each other within 1 to 100",
  };
}

function wrongType(at: At, subject: string, schema: SchemaNode, value: unknown): SchemaFinding {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  const wanted = types.map((type) => TYPE_WORDS[type] ?? type);
  const what = schema.title === undefined || types.length < 2 ? "" : `${withArticle(schema.title)}: `;
  if (value === null) {
    return {
      ...at,
      code: "wrong-type",
      message: `${subject} has no value`,
      help: `give it ${what === "" ? wanted.join(" or ") : `${what}${wanted.join(" or ")}`}, or remove it`,
    };
  }
  return {
    ...at,
    code: "wrong-type",
    message: `${subject} must be ${what}${wanted.join(" or ")}, but is ${found(value)}`,
    help: typeHelp(types, value, schema),
  };
}

function typeHelp(types: readonly string[], value: unknown, schema: SchemaNode): string {
  const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (scalar && types.includes("string")) return `quote it: ${JSON.stringify(String(value))}`;
  if (scalar && types.includes("array") && takesText(schema.items))
    return `put it in brackets: [${String(value)}]`;
  if (types.includes("boolean") && types.length === 1) return "write true or false, without quotes";
  if (typeof value === "string" && (types.includes("integer") || types.includes("number"))) {
    return "write the number without quotes";
  }
  return hint(schema);
}

function takesText(items: SchemaNode | undefined): boolean {
  return items?.type === "string" || (Array.isArray(items?.type) && items.type.includes("string"));
}

function empty(at: At, subject: string, schema: SchemaNode, value: unknown): SchemaFinding {
  if (isMap(value) && Object.keys(value).length > 0) {
    return {
      ...at,
      code: "empty",
      message: `${subject} only explains: nothing is demanded`,
      help: "add a feature, or all, any, not or if",
    };
  }
  return {
    ...at,
    code: "empty",
    message: `${subject} is empty`,
    help: `${withArticle(schema.title ?? "list")} that demands nothing is left out`,
  };
}

function wrongConstant(
  at: At,
  tokens: readonly string[],
  subject: string,
  schema: SchemaNode,
  value: unknown,
): SchemaFinding {
  const choices = (schema.enum ?? [schema.const]).map(String);
  const help = `write ${choices.join(" or ")}`;
  if (tokens.length === 1 && tokens[0] === "apiVersion") {
    if (typeof value === "string" && /^hostfit\/v[0-9]+(\.[0-9]+)?$/.test(value)) {
      return {
        ...at,
        code: "unsupported-version",
        message: `${value} is another version of the language than this hostfit's, which is ${choices.join(" or ")}`,
        help: "use a newer hostfit; nothing is guessed",
      };
    }
    if (typeof value === "string") {
      return {
        ...at,
        code: "bad-api-version",
        message: `${JSON.stringify(value)} is no apiVersion of hostfit`,
        help,
      };
    }
  }
  if (typeof value !== "string") {
    return { ...at, code: "wrong-type", message: `${subject} must be text, but is ${found(value)}`, help };
  }
  const close = nearest(value, choices);
  return {
    ...at,
    code: "bad-value",
    message: `${subject} must be ${choices.join(" or ")}, but is ${JSON.stringify(value)}`,
    help: close === null ? help : `did you mean ${close}?`,
  };
}

/** Names of features: as the keys of a map (then `propertyName` names the key), or in a list. */
function badFeatureName(at: At, error: SchemaError, value: unknown): SchemaFinding {
  const key = (error as { readonly propertyName?: unknown }).propertyName;
  const name = typeof key === "string" ? key : String(value);
  const place =
    typeof key === "string" ? ({ pointer: childPointer(at.pointer, key), part: "key" } as const) : at;
  if (/^(host|candidate)\./.test(name)) {
    return {
      ...place,
      code: "reserved-feature",
      message: `${JSON.stringify(name)} can't be given: features that start with host. and candidate. are hostfit's own`,
      help: "say the host's platforms under platforms",
    };
  }
  return {
    ...place,
    code: "bad-value",
    message: `${JSON.stringify(name)} is not the name of a feature`,
    help: "a feature is source.feature or domain/source.feature, such as kernel.version",
  };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};

function found(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string")
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value)}`;
  if (typeof value === "boolean") return String(value);
  return `the number ${String(value)}`;
}

/** How the value is called: by its key, or as an element of the list that it stands in. */
function shown(token: string, document: unknown, tokens: readonly string[]): string {
  if (!Array.isArray(valueAt(document, tokens.slice(0, -1)))) return JSON.stringify(token);
  const list = tokens.at(-2);
  const element = `element ${Number(token) + 1}`;
  return list === undefined ? element : `${element} of ${JSON.stringify(list)}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withArticle(title: string): string {
  if (/^(host facts|features|flags|attributes|instances|annotations)/.test(title)) return title;
  return /^[aeiou]/i.test(title) ? `an ${title}` : `a ${title}`;
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, "");
}
