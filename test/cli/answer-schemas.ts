import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { ROOT } from "./harness.ts";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const folder = `${ROOT}src/cli/schemas`;
for (const file of readdirSync(folder)) {
  ajv.addSchema(JSON.parse(readFileSync(`${folder}/${file}`, "utf8")), file);
}

/** Expects that an answer has the form of a published schema. */
export function expectValid(schema: string, answer: unknown): void {
  const validate = ajv.getSchema(`${schema}.schema.json`);
  expect(validate, schema).toBeDefined();
  validate?.(answer);
  expect(validate?.errors ?? []).toEqual([]);
}
