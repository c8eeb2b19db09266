import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lintFile } from "../../src/author/lint-file.ts";
import { checkVocabulary } from "../../src/author/vocabulary/check.ts";
import { ARM64_FLAGS, X86_64_LEVELS, X86_FLAGS } from "../../src/probe/linux/cpu/cpuid-names.ts";
import { microarchitectureNames } from "../../src/probe/linux/cpu/microarchitecture.ts";
import { SUBJECTS } from "../../src/probe/linux/subjects.ts";
import { PROBED_FEATURES } from "../../src/probe/probe.ts";
// @ts-expect-error: a script without types.
import { generated, SHIPPED_FILES } from "../../src/probe/vocabularies/generate.mjs";
import {
  catalogOf,
  pathsOf,
  probingVocabularies,
  shippedVocabularies,
} from "../../src/probe/vocabulary/catalog.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Builtins that are no subjects: what platforms depend on too, and what other systems than Linux say. */
const BESIDE_SUBJECTS = ["portable", "runtimes"];

describe("the shipped vocabularies", () => {
  it.each(Object.entries(generated() as Record<string, string>))(
    "%s is what their YAML says",
    (name, text) => {
      expect(readFileSync(at(`src/probe/vocabulary/${name}`), "utf8")).toBe(text);
    },
  );

  it.each(SHIPPED_FILES as string[])(
    "%s has nothing wrong but that its domain is hostfit's",
    async (name) => {
      const file = `src/probe/vocabularies/${name}.yaml`;
      const { kind, diagnostics } = await lintFile(readFileSync(at(file)), { file }, () => ({ ok: true }));
      expect(kind).toBe("vocabulary");
      const codes = new Set(diagnostics.map((one) => one.code));
      for (const code of codes) expect(["missing-key", "reserved-domain", "not-allowed"]).toContain(code);
    },
  );

  it("have nothing wrong as what they are", async () => {
    for (const one of await shippedVocabularies()) expect(checkVocabulary(one, "shipped")).toEqual([]);
  });

  it("name every builtin, and no other", () => {
    const named = probingVocabularies().flatMap(({ features }) =>
      Object.values(features).flatMap(({ probe }) => probe?.builtin ?? []),
    );
    expect([...new Set(named)].sort()).toEqual(
      [...SUBJECTS.map((subject) => subject.builtin), ...BESIDE_SUBJECTS].sort(),
    );
  });

  it("have a reason for each builtin, and for no other", () => {
    const page = readFileSync(at("docs/vocabularies.md"), "utf8");
    const table = page.slice(page.indexOf("## Builtins"));
    const explained = [...table.matchAll(/^\| `([a-z-]+)` \| \S/gm)].map((row) => row[1]);
    expect(explained.sort()).toEqual(
      [...SUBJECTS.map((subject) => subject.builtin), ...BESIDE_SUBJECTS].sort(),
    );
  });

  it("say of every feature what it is, and where it is read", async () => {
    for (const { name, feature } of catalogOf(await shippedVocabularies(), []).values()) {
      expect(feature.description, name).toBeTruthy();
      if (feature.probe !== undefined && !["system.name", "org.hostfit/system.os"].includes(name)) {
        expect(pathsOf(feature), name).not.toEqual([]);
      }
    }
  });

  it("are all on the page about facts", () => {
    const page = readFileSync(at("docs/facts.md"), "utf8");
    for (const feature of PROBED_FEATURES) {
      const [, source] = /([^/.]+)\./.exec(feature) ?? [];
      const short = `\`.${feature.slice(feature.lastIndexOf(".") + 1)}\``;
      expect(
        page.includes(`\`${feature}\``) || (page.includes(`\`${source}.`) && page.includes(short)),
        feature,
      ).toBe(true);
    }
  });
});

describe("names of processors' features and of microarchitectures", () => {
  it("stand in the vocabularies as in the probe's tables", async () => {
    const catalog = catalogOf(await shippedVocabularies(), []);
    const named = (feature: string): string[] =>
      Object.keys(catalog.get(feature)?.feature.names ?? {}).filter((name) => name !== "*");
    expect(named("cpu.microarchitecture")).toEqual(microarchitectureNames());
    const levels = X86_64_LEVELS.map((_names, index) => `X86_64_V${index + 1}`);
    const tables = [...X86_FLAGS, ...ARM64_FLAGS].map((entry) => entry.name);
    expect(named("cpu.cpuid").sort()).toEqual([...new Set([...tables, ...levels, "HTT", "AVXSLOW"])].sort());
  });
});
