/** Documents in files and images in layouts, for the commands that write and list documents; and their checked answers. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { Content, temporaryFolder } from "../registry/content.ts";
import { requirements } from "../stories/image.ts";
import { hostfit, ROOT } from "./harness.ts";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const file of readdirSync(`${ROOT}src/cli/schemas`)) {
  ajv.addSchema(JSON.parse(readFileSync(`${ROOT}src/cli/schemas/${file}`, "utf8")), file);
}

/** Where everything of a test file is. */
export const folder = temporaryFolder();
export const NEEDS = join(folder, "needs.yaml");
export const OTHER = join(folder, "other.json");
export const NFD = join(folder, "nfd.yaml");
export const WRONG = join(folder, "wrong.yaml");
writeFileSync(NEEDS, "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { cpu.cpuid: [AVX2] }\n");
writeFileSync(OTHER, JSON.stringify(requirements(10)));
writeFileSync(
  NFD,
  "version: v1alpha1\ncompatibilities:\n  - rules:\n      - name: a\n        matchFeatures:\n          - feature: kernel.loadedmodule\n            matchExpressions: { vfio: { op: Exists } }\n",
);
writeFileSync(WRONG, "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { cpu.cpuid: AVX2 }\n");

let count = 0;
/** A layout with an image of three variants. */
export function layout(made = imageWithPlatforms()): string {
  return `oci:${made.writeLayout(join(folder, `image-${++count}`))}:1`;
}
/** An image of three variants, tagged 1. */
export function imageWithPlatforms(): Content {
  const content = new Content();
  const { index } = content.platforms([
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "amd64", variant: "v3" },
    { os: "linux", architecture: "arm64" },
  ]);
  content.tag("1", index);
  return content;
}

/** Runs a command, whose JSON must be of its schema's form. */
export async function answer<T>(schema: string, ...argv: string[]): Promise<T> {
  const { status, stdout, stderr } = await hostfit([...argv, "-o", "json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const json: unknown = JSON.parse(stdout);
  const validate = ajv.getSchema(`${schema}.schema.json`);
  validate?.(json);
  expect(validate?.errors ?? []).toEqual([]);
  return json as T;
}

export interface Listed {
  readonly documents: readonly {
    readonly subjectKind: string;
    readonly digest: string | null;
    readonly artifact: string | null;
    readonly dialect: string | null;
    readonly counts: boolean;
    readonly why: string | null;
    readonly revision: number | null;
    readonly created: string | null;
  }[];
}
export interface Attached {
  readonly attachments: readonly {
    readonly outcome: string;
    readonly artifact: string;
    readonly document: string;
  }[];
}
