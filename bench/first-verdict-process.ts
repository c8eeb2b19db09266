/**
 * One process that gives one verdict and says what each step took, as JSON. Arguments: the way, and a JSON file with
 * { library, wasm, document, schema, features }.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type * as Library from "../bindings/js/index.ts";

interface Job {
  readonly library: string;
  readonly wasm: string;
  readonly document: unknown;
  readonly schema: unknown;
  /** A NodeFeature object. */
  readonly node: { readonly spec: { readonly features: unknown } };
}

const [way, file] = process.argv.slice(2);
const job = JSON.parse(readFileSync(file!, "utf8")) as Job;
const nodeJson = JSON.stringify(job.node);
const documentJson = JSON.stringify(job.document);
const marks: [step: string, nanoseconds: number][] = [];
let last = process.hrtime.bigint();

function mark(step: string): void {
  const now = process.hrtime.bigint();
  marks.push([step, Number(now - last)]);
  last = process.hrtime.bigint();
}

let fits: boolean;
if (way === "hostfit") {
  const { createMatcher } = (await import(pathToFileURL(job.library).href)) as typeof Library;
  mark("import");
  const matcher = await createMatcher({ wasm: readFileSync(job.wasm) });
  mark("instantiate");
  const requirements = matcher.compile(documentJson);
  mark("compile");
  const host = matcher.facts(nodeJson);
  mark("facts");
  fits = matcher.evaluate(requirements, host).verdict === "compatible";
  mark("evaluate");
} else {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  mark("import");
  const ajv = new Ajv2020({ strict: false });
  mark("instantiate");
  const validate = ajv.compile(job.schema as object);
  mark("compile");
  const { spec } = JSON.parse(nodeJson) as Job["node"];
  mark("facts");
  fits = validate(spec.features);
  mark("evaluate");
}
process.stdout.write(JSON.stringify({ fits, marks }));
