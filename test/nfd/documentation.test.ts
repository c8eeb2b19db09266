/** The example of NFD's documentation, whose answers are reasoned by hand. */
import { describe, expect, it } from "vitest";
import { matcher } from "./answers.ts";

const EXAMPLE = {
  version: "v1alpha1",
  compatibilities: [
    {
      description: "My image requirements",
      rules: [
        {
          name: "kernel and cpu",
          matchFeatures: [
            { feature: "kernel.loadedmodule", matchExpressions: { "vfio-pci": { op: "Exists" } } },
            { feature: "cpu.model", matchExpressions: { vendor_id: { op: "In", value: ["Intel", "AMD"] } } },
          ],
        },
        {
          name: "one of available nics",
          matchAny: ["0eee", "0fff"].map((vendor) => ({
            matchFeatures: [
              {
                feature: "pci.device",
                matchExpressions: {
                  vendor: { op: "In", value: [vendor] },
                  class: { op: "In", value: ["0200"] },
                },
              },
            ],
          })),
        },
      ],
    },
  ],
};

/** A host with many modules and devices, of which the last is a card of `vendor`. */
function host(vendor: string, flags: object = { elements: { "vfio-pci": {}, ...modules } }) {
  const device = (attributes: object) => ({ attributes });
  return {
    kind: "Host",
    features: {
      flags: { "kernel.loadedmodule": flags },
      attributes: { "cpu.model": { elements: { vendor_id: "Intel", family: "6" } } },
      instances: {
        "pci.device": {
          elements: [
            ...Array.from({ length: 130 }, (_, i) =>
              device({ vendor: i % 2 === 0 ? "0fff" : "8086", class: "0604" }),
            ),
            device({ vendor, class: "0200" }),
          ],
        },
      },
    },
  };
}

const modules = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`module_${i}`, {}]));

function verdictOn(facts: object) {
  using requirements = matcher.compile(EXAMPLE, { dialect: "nfd" });
  using loaded = matcher.facts(facts as Record<string, unknown>);
  const verdict = matcher.evaluate(requirements, loaded);
  expect(matcher.decide(requirements, loaded)).toBe(verdict.verdict);
  return verdict;
}

describe("NFD's documentation example", () => {
  it("fits a host that has the module, the vendor and one of the cards", () => {
    const { verdict, nfd, score, maxScore } = verdictOn(host("0fff"));
    expect({ verdict, nfd, score, maxScore }).toEqual({
      verdict: "compatible",
      nfd: [
        {
          document: "",
          match: true,
          set: { index: 0, weight: 0, tag: null, description: "My image requirements" },
        },
      ],
      score: 0,
      maxScore: 0,
    });
  });

  it("does not fit where vendor and class are not of one device", () => {
    const { verdict, nfd, reasons } = verdictOn(host("10de"));
    expect(verdict).toBe("incompatible");
    expect(nfd).toEqual([{ document: "", match: false, set: null }]);
    expect(reasons.map(({ pointer, found, within, title }) => ({ pointer, found, within, title }))).toEqual(
      [0, 1].map((i) => ({
        pointer: `/compatibilities/0/rules/1/matchAny/${i}/matchFeatures/0/matchExpressions`,
        found: { instances: 131, matching: 0, unknown: 0, partial: false },
        within: "/compatibilities/0/rules/1/matchAny",
        title: "one of available nics",
      })),
    );
  });

  it("is undetermined where nobody looked for the module, which NFD takes for a mismatch", () => {
    const { verdict, nfd, reasons } = verdictOn(
      host("0eee", { elements: { module_1: {} }, scope: ["module_1"] }),
    );
    expect(verdict).toBe("undetermined");
    expect(nfd).toEqual([{ document: "", match: false, set: null }]);
    expect(reasons).toEqual([
      {
        document: "",
        pointer: "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions/vfio-pci",
        kind: "nfd",
        value: "unknown",
        feature: "kernel.loadedmodule",
        name: "vfio-pci",
        wanted: { op: "Exists" },
        found: { unknown: true },
        within: "/compatibilities",
        title: "kernel and cpu",
        description: "My image requirements",
        documentation: null,
        origin: null,
      },
    ]);
  });
});
