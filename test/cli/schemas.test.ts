import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ROOT } from "./harness.ts";

interface Schema {
  readonly $id: string;
  readonly $schema: string;
  readonly title: string;
}

/** Every schema that the package publishes, by file name. */
const SCHEMAS: readonly (readonly [file: string, schema: Schema])[] = [
  "src/author/schemas",
  "src/cli/schemas",
].flatMap((folder) =>
  readdirSync(ROOT + folder).map(
    (file) => [file, JSON.parse(readFileSync(`${ROOT}${folder}/${file}`, "utf8")) as Schema] as const,
  ),
);

describe("the published schemas", () => {
  test.each(SCHEMAS)(
    "%s has a stable $id, and compiles by it beside the others",
    (file, { $id, $schema }) => {
      expect($id).toBe(`https://hostfit.io/schemas/v1/${file}`);
      expect($schema).toBe("https://json-schema.org/draft/2020-12/schema");
      const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false, strictRequired: false });
      for (const [, schema] of SCHEMAS) ajv.addSchema(schema);
      expect(ajv.getSchema($id)).toBeTypeOf("function");
    },
  );

  test("no two have one $id", () => {
    expect(new Set(SCHEMAS.map(([, { $id }]) => $id)).size).toBe(SCHEMAS.length);
  });

  test("each can be had from the package by its name", () => {
    const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as {
      readonly exports: Readonly<Record<string, unknown>>;
    };
    expect(exports["./schemas/*"]).toBe("./dist/schemas/*");
    const built = readdirSync(`${ROOT}dist/schemas`);
    for (const [file] of SCHEMAS) expect(built).toContain(file);
  });

  test("docs/cli.md says where they are identified", () => {
    expect(readFileSync(`${ROOT}docs/cli.md`, "utf8")).toContain("https://hostfit.io/schemas/v1/");
  });
});
