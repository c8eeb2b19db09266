/** People who write tools: with the library, and with the command line in a pipeline. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFleetMatcher } from "../../bindings/js/fleet-node.ts";
import { createMatcher, InputError } from "../../bindings/js/index.ts";
import { hostfit, ROOT } from "../cli/harness.ts";

const node = (name: string, kernel: string, runtimes: object) => ({
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  name,
  platforms: [{ os: "linux", architecture: "amd64" }],
  runtimes,
  features: { attributes: { "kernel.version": { elements: { full: kernel } } } },
});

const DOCUMENT = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  requires: { "kernel.version": { full: { version: ">=5.14" } } },
  prefers: [{ weight: 10, when: { "kernel.version": { full: { version: ">=6.6" } } } }],
  runtimes: [{ type: "wasm" }, { type: "default" }],
};

const NODES = [
  node("old", "4.18.0", { default: "runc" }),
  node("new", "6.12.0", { default: "runc", wasm: "spin" }),
  node("middle", "5.15.0", { default: "crun" }),
];

describe("TW-2: a library acts on documents", () => {
  test("a scheduler filters nodes and scores those that are left", async () => {
    using matcher = await createFleetMatcher();
    const fleet = matcher.fleet();
    const slots = NODES.map((one) => fleet.add(one));
    const row = fleet.evaluate(matcher.compile(DOCUMENT), { best: 2 });
    expect(row.best).toEqual([
      { slot: slots[1], verdict: "compatible", score: 10 },
      { slot: slots[2], verdict: "compatible", score: 0 },
    ]);
    expect([...row.incompatibleHosts()]).toEqual([slots[0]]);
  });

  test("an admission webhook refuses with the reasons", async () => {
    using matcher = await createMatcher();
    const verdict = matcher.evaluate(matcher.compile(DOCUMENT), matcher.facts(node("old", "4.18.0", {})));
    expect(verdict.verdict).toBe("incompatible");
    expect(verdict.reasons).toMatchObject([
      {
        kind: "attribute",
        feature: "kernel.version",
        name: "full",
        found: "4.18.0",
        wanted: { version: ">=5.14" },
      },
    ]);
  });

  test("a runtime class is chosen for a pod", async () => {
    using matcher = await createMatcher();
    const requirements = matcher.compile(DOCUMENT);
    const handlers = NODES.slice(1).map(
      (one) => matcher.evaluate(requirements, matcher.facts(one)).runtime?.handler,
    );
    expect(handlers).toEqual(["spin", "crun"]);
  });
});

describe("TW-3: validation is built into tools that are no runtime", () => {
  test("a pipeline fails on a wrong document, and has every place as data", async () => {
    const { status, stdout } = await hostfit(["lint", "examples/mistakes.yaml", "-o", "json"]);
    expect(status).toBe(4);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { line: number; column: number; pointer: string }[];
    };
    expect(diagnostics.length).toBeGreaterThan(1);
    for (const one of diagnostics)
      expect(one).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  test("a front end compiles without a host, and shows where the error is", async () => {
    using matcher = await createMatcher();
    const wrong = { ...DOCUMENT, requires: { "kernel.version": { full: { version: ">>5" } } } };
    const error = (() => {
      try {
        matcher.compile(wrong);
      } catch (why) {
        return why;
      }
      return null;
    })();
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      code: "bad-range",
      place: { pointer: "/requires/kernel.version/full/version" },
    });
  });

  test("an editor has a JSON Schema for each kind of document", () => {
    for (const kind of ["requirements", "host", "policy", "vocabulary"]) {
      const schema = JSON.parse(readFileSync(`${ROOT}dist/schemas/${kind}.schema.json`, "utf8")) as object;
      expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
    }
  });
});
