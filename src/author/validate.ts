/**
 * Documents against their JSON Schemas, for people who write them: every finding says what is wrong and what to write.
 * The validators were compiled by ajv when hostfit was built. The core checks documents on its own; this only explains
 * more of a wrong one at a time.
 */
import { type DescribedKind, explain, type SchemaError, type SchemaFinding } from "./schema-messages.ts";
import type { Schemas } from "./schema-walk.ts";

/** A compiled validator; `errors` holds those of the last call. */
export interface CompiledValidator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** What build/schemas.mjs generates. */
export interface Validators {
  readonly validators: Readonly<Record<string, CompiledValidator>>;
  readonly schemas: Schemas;
}

/** Deeper values are left to the core, which refuses them: validators are recursive. */
const MAX_DEPTH = 130;
/** Larger ones as well: validators keep an error for everything that is wrong. */
const MAX_VALUES = 200_000;
/** Most findings about one document. */
const MAX_FINDINGS = 100;

let loaded: Promise<Validators> | undefined;

/**
 * Loads the generated validators: the module beside this one in `dist/`, or, running from source, the one that the build
 * left there.
 */
export function loadValidators(): Promise<Validators> {
  loaded ??= import(
    new URL(
      import.meta.url.endsWith(".ts") ? "../../dist/schema-validators.js" : "./schema-validators.js",
      import.meta.url,
    ).href
  ) as Promise<Validators>;
  return loaded;
}

/**
 * Checks a parsed document against the schema of its kind. In the order of the schema's walk, one finding a place, without
 * the ones that only follow from others; at most 100. A value nested too deep, or too large, gives none.
 */
export function validate(
  kind: DescribedKind,
  value: unknown,
  { validators, schemas }: Validators,
): SchemaFinding[] {
  const validator = validators[kind];
  if (validator === undefined || isTooMuch(value)) return [];
  if (validator(value)) return [];
  const errors = validator.errors ?? [];
  // Another version of the language may differ in everything else, so nothing else is said.
  const version = errors.filter((error) => error.instancePath === "/apiVersion");
  const findings = new Map<string, SchemaFinding>();
  for (const error of version.length > 0 ? version : errors) {
    const finding = explain(error, kind, value, schemas);
    if (finding === null) continue;
    const place = `${finding.part} ${finding.pointer} ${finding.code === "missing-key" ? finding.message : ""}`;
    if (!findings.has(place)) findings.set(place, finding);
    if (findings.size >= MAX_FINDINGS) break;
  }
  return [...findings.values()];
}

function isTooMuch(value: unknown): boolean {
  let level: unknown[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MAX_DEPTH || values > MAX_VALUES) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}
