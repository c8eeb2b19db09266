/**
 * Which part of a JSON Schema speaks of a place in a document. Knows what hostfit's own schemas use: `$ref`, `properties`,
 * `patternProperties`, `additionalProperties`, `items`; no alternatives, because there are none.
 */

/** A node of a schema, as far as messages need it. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** Schemas by name; `requirements.schema.json` is `requirements`. */
export type Schemas = Readonly<Record<string, SchemaNode>>;

/** A schema node together with the schema that its `$ref`s are relative to. */
export interface SchemaPlace {
  readonly node: SchemaNode;
  readonly root: string;
}

/** The schema of what stands at `tokens` in `value`, references followed; null where no schema speaks of it. */
export function schemaAt(
  schemas: Schemas,
  root: string,
  value: unknown,
  tokens: readonly string[],
): SchemaPlace | null {
  let place = follow(schemas, { node: schemas[root] ?? {}, root });
  let at = value;
  for (const token of tokens) {
    if (place === null) return null;
    const next = stepInto(place.node, at, token);
    if (next === null) return null;
    place = follow(schemas, { node: next, root: place.root });
    at = valueAt(at, [token]);
  }
  return place;
}

/** What stands at `tokens` in a parsed JSON value; undefined if nothing does. */
export function valueAt(value: unknown, tokens: readonly string[]): unknown {
  let at = value;
  for (const token of tokens) {
    if (Array.isArray(at)) at = at[Number(token)];
    else if (typeof at === "object" && at !== null && Object.hasOwn(at, token)) {
      at = (at as Record<string, unknown>)[token];
    } else return undefined;
  }
  return at;
}

function stepInto(node: SchemaNode, value: unknown, token: string): SchemaNode | null {
  if (Array.isArray(value)) return node.items ?? null;
  if (node.properties !== undefined && Object.hasOwn(node.properties, token))
    return node.properties[token] ?? null;
  for (const [pattern, schema] of Object.entries(node.patternProperties ?? {})) {
    if (new RegExp(pattern, "u").test(token)) return schema;
  }
  const rest = node.additionalProperties;
  return typeof rest === "object" ? rest : null;
}

/** Follows `$ref`s; what stands beside one (a description of this use) is kept over what it names. */
function follow(schemas: Schemas, from: SchemaPlace): SchemaPlace | null {
  let { node, root } = from;
  for (let hops = 0; node.$ref !== undefined; hops++) {
    if (hops > 8) return null;
    const [file = "", path = ""] = node.$ref.split("#");
    if (file !== "") root = file.replace(/\.schema\.json$/, "");
    let target: unknown = schemas[root];
    for (const token of path.split("/").slice(1)) {
      target = (target as Readonly<Record<string, unknown>> | undefined)?.[token];
    }
    if (typeof target !== "object" || target === null) return null;
    const { $ref: _, ...beside } = node;
    node = { ...(target as SchemaNode), ...beside };
  }
  return { node, root };
}
