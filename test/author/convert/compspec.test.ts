import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatcher } from "../../../bindings/js/index.ts";
import { compspecToNative, looksLikeCompspec } from "../../../src/author/convert/compspec-to-native.ts";
import { catalogOf, shippedVocabularies } from "../../../src/probe/vocabulary/catalog.ts";

const catalog = catalogOf(await shippedVocabularies(), []);
const matcher = await createMatcher();

const listed = (name: string, attributes: Record<string, unknown>) => ({
  kind: "CompatibilitySpec",
  compatibilities: [{ name, version: "0.0.0", attributes }],
});

describe("a flat list becomes a native document", () => {
  const mpi = {
    "org.supercontainers/mpi.installation": {
      some: { implementation: "openmpi", version: { version: "=4.1.2" } },
    },
  };
  test.each([
    [
      "in compspec's form",
      listed("org.supercontainers", { "mpi.implementation": "OpenMPI", "mpi.version": "4.1.2" }),
      mpi,
    ],
    [
      "with annotations for attributes",
      {
        kind: "CompatibilitySpec",
        compatibilities: [
          { name: "org.supercontainers.mpi", annotations: { implementation: "openmpi", version: "4.1.2" } },
        ],
      },
      mpi,
    ],
    ["by group", { "org.supercontainers.mpi": { implementation: "openmpi", version: "4.1.2" } }, mpi],
    [
      "by group with versions",
      {
        "org.supercontainers": {
          version: "1.0.0",
          annotations: { "mpi.implementation": "openmpi", "mpi.version": "4.1.2" },
        },
      },
      mpi,
    ],
    [
      "archspec's target",
      listed("io.archspec", { "cpu.target": "haswell" }),
      { "cpu.microarchitecture": ["haswell"] },
    ],
    [
      "the processor's maker",
      listed("io.archspec.cpu", { vendor: "AuthenticAMD" }),
      { "cpu.model": { vendor_id: "AMD" } },
    ],
    [
      "a GPU",
      listed("org.supercontainers.hardware.gpu", { available: "yes" }),
      { "pci.device": { some: { class: ["0300", "0302"] } } },
    ],
    ["a flag", listed("cpu.cpuid", { AVX2: "yes" }), { "cpu.cpuid": ["AVX2"] }],
    [
      "nothing that is demanded",
      listed("org.supercontainers", { "hardware.gpu.available": "no" }),
      undefined,
    ],
  ])("%s", (_what, document, requires) => {
    const { document: native, findings } = compspecToNative(document, catalog);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(native?.["requires"]).toEqual(requires);
    matcher.compile(JSON.stringify(native)).dispose();
  });

  test.each([
    [
      "a name of no vocabulary",
      listed("org.supercontainers", { "os.name": "Ubuntu" }),
      "/compatibilities/0/attributes/os.name",
    ],
    [
      "a value that can never be",
      listed("org.supercontainers", { "mpi.implementation": "bogus" }),
      "/compatibilities/0/attributes/mpi.implementation",
    ],
    [
      "an architecture for a microarchitecture",
      listed("io.archspec", { "cpu.target": "amd64" }),
      "/compatibilities/0/attributes/cpu.target",
    ],
    ["a flag that isn't demanded", { "cpu.cpuid": { AVX2: "no" } }, "/cpu.cpuid/AVX2"],
    [
      "what is no text",
      { "org.supercontainers": { "mpi.version": ["4"] } },
      "/org.supercontainers/mpi.version",
    ],
    [
      "a GPU, perhaps",
      listed("org.supercontainers", { "hardware.gpu.available": "maybe" }),
      "/compatibilities/0/attributes/hardware.gpu.available",
    ],
  ])("%s is told by place", (_what, document, pointer) => {
    const { document: native, findings } = compspecToNative(document, catalog);
    expect(native).toBeNull();
    expect(findings.map((one) => one.pointer)).toEqual([pointer]);
  });

  test.each([
    ["a native document", { apiVersion: "hostfit/v1.0", kind: "Requirements" }],
    ["NFD's", { compatibilities: [{ rules: [] }] }],
    ["nothing", {}],
    ["something else", { a: 1 }],
  ])("%s is none", (_what, document) => {
    expect(looksLikeCompspec(document)).toBe(false);
  });
});

/** What is asked, what a host must be for it, and what else it could be. */
const ASKED = [
  {
    group: "org.supercontainers",
    key: "mpi.implementation",
    value: "mpich",
    feature: "org.supercontainers/mpi.installation",
    name: "implementation",
    other: "intel",
  },
  {
    group: "org.supercontainers",
    key: "mpi.version",
    value: "4.1.2",
    feature: "org.supercontainers/mpi.installation",
    name: "version",
    other: "4.1.3",
  },
  {
    group: "io.archspec",
    key: "cpu.vendor",
    value: "GenuineIntel",
    is: "Intel",
    feature: "cpu.model",
    name: "vendor_id",
    other: "AMD",
  },
  { group: "kernel", key: "version.major", value: "6", feature: "kernel.version", name: "major", other: "5" },
] as const;

test("it holds where every attribute is so, fails where one isn't, and isn't known where one isn't", () => {
  const states = fc.constantFrom("so", "other", "unknown");
  fc.assert(
    fc.property(
      fc.array(states, { minLength: 4, maxLength: 4 }),
      fc.subarray([...ASKED], { minLength: 1 }),
      (how, asked) => {
        const groups = new Map<string, Record<string, string>>();
        for (const { group, key, value } of asked) groups.set(group, { ...groups.get(group), [key]: value });
        const { document } = compspecToNative(
          {
            kind: "CompatibilitySpec",
            compatibilities: [...groups].map(([name, attributes]) => ({ name, attributes })),
          },
          catalog,
        );
        const of = new Map<string, { elements: Record<string, string>; unknown: string[] }>();
        for (const one of asked) {
          const state = how[ASKED.indexOf(one)];
          const facts = of.get(one.feature) ?? { elements: {}, unknown: [] };
          if (state === "unknown") facts.unknown.push(one.name);
          else facts.elements[one.name] = state === "other" ? one.other : "is" in one ? one.is : one.value;
          of.set(one.feature, facts);
        }
        const mpi = of.get("org.supercontainers/mpi.installation");
        const attributes = Object.fromEntries([...of].filter(([feature]) => !feature.startsWith("org.")));
        const host = {
          kind: "Host",
          features: {
            attributes,
            instances:
              mpi === undefined
                ? {}
                : {
                    "org.supercontainers/mpi.installation": {
                      elements: [{ attributes: mpi.elements, unknown: mpi.unknown }],
                    },
                  },
          },
        };
        const wanted = asked.map((one) => how[ASKED.indexOf(one)]);
        const expected = wanted.includes("other")
          ? "incompatible"
          : wanted.includes("unknown")
            ? "undetermined"
            : "compatible";
        using requirements = matcher.compile(JSON.stringify(document));
        using facts = matcher.facts(JSON.stringify(host));
        expect(matcher.evaluate(requirements, facts).verdict).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});
