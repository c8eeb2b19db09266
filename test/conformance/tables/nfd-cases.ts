import { host, native, type TableDocument } from "./table.ts";

export function document(content: unknown, id = "nfd"): TableDocument {
  return { ...native(typeof content === "string" ? content : JSON.stringify(content), id), dialect: "nfd" };
}

export function withTerms(...terms: readonly unknown[]): TableDocument {
  return document({
    version: "v1alpha1",
    compatibilities: [{ rules: [{ name: "rule", matchFeatures: terms }] }],
  });
}

export const TERM = "/compatibilities/0/rules/0/matchFeatures/0";

/** NFD's answer: true, false, or an error's code. */
export type Match = boolean | string;

export function nfdAnswer(match: Match, pointer: string, set: unknown = expectedSet(match)): object {
  return typeof match === "string"
    ? { document: "nfd", error: { code: match, pointer } }
    : { document: "nfd", match, set };
}

function expectedSet(match: Match): unknown {
  return match === true ? { index: 0, weight: 0, tag: null, description: null } : null;
}

export const ALL = host({
  flags: { "cpu.cpuid": { elements: { AVX2: {}, SSE4: {} } }, "kernel.loadedmodule": { elements: {} } },
  attributes: {
    "kernel.version": {
      elements: {
        full: "6.8.0-1010-aws",
        major: "6",
        minor: "8",
        el9: "5.14.0-427.el9_4.x86_64",
        odd: "1.2.3.4",
      },
    },
    "cpu.model": {
      elements: {
        family: "007",
        signed: "+5",
        spaced: " 5",
        float: "1.0",
        under: "1_0",
        huge: "9223372036854775808",
        max: "9223372036854775807",
        enabled: "true",
        off: "false",
        empty: "",
      },
    },
    "cpu.cpuid": { elements: { AVX10_VERSION: "1" } },
    "cpu.cstate": { elements: {} },
  },
  instances: {
    "pci.device": {
      elements: [
        { attributes: { vendor: "10de", class: "0302" } },
        { attributes: { vendor: "8086", class: "0200", sriov: "8" } },
      ],
    },
    "usb.device": { elements: [] },
  },
});

/** Rules, sets, vars: the document's members below `compatibilities`. */
export const AVX2 = { feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "Exists" } } };

export const AVX = { feature: "cpu.cpuid", matchExpressions: { AVX: { op: "Exists" } } };

export const OPEN = { feature: "no.such", matchExpressions: { x: { op: "Exists" } } };

export const WRONG = { feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "Like" } } };

export const SET = (weight: number, terms: readonly unknown[], more: object = {}) => ({
  weight,
  rules: [{ matchFeatures: terms }],
  ...more,
});

export const nfdMatch = (
  index: number,
  weight: number,
  tag: string | null = null,
  description: string | null = null,
) => [{ document: "nfd", match: true, set: { index, weight, tag, description } }];

export const NO_MATCH = [{ document: "nfd", match: false, set: null }];
