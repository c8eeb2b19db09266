/**
 * Turns the JSON Schemas of src/author/schemas into what is published: the schemas themselves, and a module of validators
 * that ajv compiled beforehand, so that neither ajv nor `eval` is needed when hostfit runs.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "author", "schemas");
/** Names the schemas (`$id`) for ever, within version 1 of the language. Nothing is fetched from there. */
const BASE = "https://hostfit.io/schemas/v1/";
const ENDING = ".schema.json";

/**
 * Writes `schema-validators.js` (an ES module without imports: `validators` and `schemas`, both by name, such as
 * `requirements`) and `schemas/*.schema.json` into a folder, which is made if it isn't there.
 */
export async function generateValidators(outDir) {
  const files = (await readdir(source)).filter((file) => file.endsWith(ENDING)).sort();
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true, lines: false },
  });
  const schemas = {};
  const exported = {};
  await mkdir(join(outDir, "schemas"), { recursive: true });
  for (const file of files) {
    const text = await readFile(join(source, file), "utf8");
    const name = file.slice(0, -ENDING.length);
    schemas[name] = JSON.parse(text);
    if (schemas[name].$id !== BASE + file) throw new Error(`${file}: its $id must be ${BASE}${file}`);
    exported[name] = schemas[name].$id;
    ajv.addSchema(schemas[name]);
    await writeFile(join(outDir, "schemas", file), text);
  }
  const code = `${standalone.default(ajv, exported)}
export const validators = { ${Object.keys(exported).join(", ")} };
export const schemas = ${JSON.stringify(schemas)};
`;
  await build({
    // ajv's own output requires small parts of its runtime: they are bundled in.
    stdin: { contents: code, resolveDir: root, sourcefile: "schema-validators.js", loader: "js" },
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    minify: true,
    legalComments: "none",
    outfile: join(outDir, "schema-validators.js"),
    logLevel: "warning",
  });
}
