/** The dialect nfd: docs/nfd-dialect.md, row by row. NFD's side of each row was checked against its own rule engine (v0.19.0). */
import { ALL, AVX, AVX2, document, nfdAnswer, nfdMatch, OPEN, SET, TERM, withTerms } from "./nfd-cases.ts";
import { ROWS, rowCase } from "./nfd-expressions.ts";
import { OBSERVED } from "./nfd-observed.ts";
import { REASONS } from "./nfd-reasons.ts";
import { REFUSED, SPELLINGS } from "./nfd-refused.ts";
import { RULES, SETS } from "./nfd-rules.ts";
import { host, refused, requires, type Table, type TableCase, verdict } from "./table.ts";

export const nfd: Table = {
  file: "nfd",
  description:
    "NFD's image-compatibility documents: what NFD answers, what the verdict is, reasons, and what is refused.",
  cases: [
    ...ROWS.map(rowCase),
    ...RULES,
    ...SETS,
    ...OBSERVED.map(
      ([name, features, members, term, match, truth]): TableCase => ({
        name,
        documents: [withTerms(term)],
        facts: host(features, { ...members }),
        want: verdict(truth, { nfd: [nfdAnswer(match, TERM)] }),
      }),
    ),
    ...REASONS,
    ...SPELLINGS,
    ...REFUSED.map(
      ([name, code, pointer, text]): TableCase => ({
        name: `refused: ${name}`,
        documents: [document(text)],
        facts: ALL,
        want: refused(code, pointer, "nfd"),
      }),
    ),
    {
      name: "both dialects in one handle",
      documents: [
        requires({ "cpu.cpuid": ["AVX2"] }, "native"),
        document({ compatibilities: [SET(7, [AVX2])] }),
      ],
      facts: ALL,
      want: verdict("T", { score: 7, maxScore: 7, nfd: nfdMatch(0, 7) }),
    },
    {
      name: "both dialects in one handle, NFD's fails",
      documents: [
        document({ compatibilities: [SET(7, [AVX])] }),
        requires({ "cpu.cpuid": ["FMA3"] }, "native"),
      ],
      facts: ALL,
      want: verdict("F", {
        reasons: [
          { document: "nfd", kind: "nfd" },
          { document: "native", kind: "flag" },
        ],
      }),
    },
    {
      name: "two documents of NFD, of which the second fails",
      documents: [
        document({ compatibilities: [SET(7, [AVX2])] }, "nfd"),
        document({ compatibilities: [SET(3, [AVX])] }, "other"),
      ],
      facts: ALL,
      want: verdict("F", { score: 7, maxScore: 10, reasons: [{ document: "other", kind: "nfd" }] }),
    },
    {
      name: "three documents of NFD, of which the last is open",
      documents: [
        document({ compatibilities: [SET(1, [AVX2])] }, "nfd"),
        document({ compatibilities: [SET(2, [AVX2])] }, "other"),
        document({ compatibilities: [SET(3, [OPEN])] }, "last"),
      ],
      facts: ALL,
      want: verdict("U", { score: 3, maxScore: 6, reasons: [{ document: "last", kind: "nfd" }] }),
    },
    {
      name: "two documents of NFD are conjoined, their scores summed",
      documents: [
        document({ compatibilities: [SET(7, [AVX2])] }, "nfd"),
        document({ compatibilities: [SET(3, [AVX2]), SET(1, [AVX2])] }, "other"),
      ],
      facts: ALL,
      want: verdict("T", {
        score: 10,
        maxScore: 10,
        nfd: [
          ...nfdMatch(0, 7),
          { document: "other", match: true, set: { index: 0, weight: 3, tag: null, description: null } },
        ],
      }),
    },
  ],
};
