/** The core against the oracle, which was compared with NFD's own rule engine. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nativeDocument } from "../conformance/arbitrary-document.ts";
import { evaluateWithOracle } from "../oracle/oracle.ts";
import { answered, CASES, expected, matcher, runs } from "./answers.ts";
import { changed, document, facts } from "./arbitrary.ts";

const TIMEOUT = 600_000;

function agree(documents: readonly { dialect: "native" | "nfd"; document: unknown }[], host: unknown): void {
  const given = {
    documents: documents.map((part, i) => ({
      ...part,
      id: `d${i}`,
      document: JSON.stringify(part.document),
    })),
    facts: JSON.stringify(host),
  };
  expect(answered(given)).toBe(expected(given));
}

describe("the core answers as the oracle does", () => {
  it(
    "for a document",
    () => {
      fc.assert(
        fc.property(document, facts, (nfd, host) => agree([{ dialect: "nfd", document: nfd }], host)),
        runs(CASES),
      );
    },
    TIMEOUT,
  );

  it(
    "for several documents, of both dialects",
    () => {
      const part = fc.oneof(
        { weight: 3, arbitrary: fc.record({ dialect: fc.constant("nfd" as const), document }) },
        {
          weight: 1,
          arbitrary: fc.record({ dialect: fc.constant("native" as const), document: nativeDocument }),
        },
      );
      fc.assert(fc.property(fc.array(part, { minLength: 2, maxLength: 3 }), facts, agree), runs(CASES));
    },
    TIMEOUT,
  );

  it(
    "for one document and several hosts in turn, as if each came first",
    () => {
      const hosts = fc.array(facts, { minLength: 2, maxLength: 3 });
      fc.assert(
        fc.property(document, hosts, (nfd, list) => {
          const documents = [{ id: "", dialect: "nfd" as const, document: JSON.stringify(nfd) }];
          using requirements = matcher.compile(documents);
          const loaded = list.map((host) => matcher.facts(JSON.stringify(host)));
          for (const i of [...loaded.keys(), ...loaded.keys(), 0]) {
            const host = loaded[i]!;
            const { verdict } = evaluateWithOracle(documents, JSON.stringify(list[i]));
            expect(matcher.decide(requirements, host)).toBe(verdict);
            expect(JSON.stringify(matcher.evaluate(requirements, host))).toBe(
              expected({ documents, facts: JSON.stringify(list[i]) }),
            );
          }
          for (const host of loaded) host.dispose();
        }),
        runs(Math.ceil(CASES / 5)),
      );
    },
    TIMEOUT,
  );

  it(
    "for fields in other cases, in several spellings, and of other types",
    () => {
      fc.assert(
        fc.property(changed, facts, (nfd, host) => agree([{ dialect: "nfd", document: nfd }], host)),
        runs(CASES),
      );
    },
    TIMEOUT,
  );
});
