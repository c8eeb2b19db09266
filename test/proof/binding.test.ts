/** What JavaScript can hold and JSON can't say is refused before the core sees it; nothing is rounded or left out in silence. */
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher, type Matcher, MisuseError } from "../../bindings/js/index.ts";

let matcher: Matcher;
beforeAll(async () => {
  matcher = await createMatcher();
});

const cycle: Record<string, unknown> = { kind: "Host" };
cycle["features"] = { flags: cycle };

/** An object in an object in an object ... */
function deep(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let i = 0; i < levels; i++) value = { a: value };
  return value;
}

const REFUSED: readonly (readonly [string, unknown])[] = [
  ["an integer past 2^53", 2 ** 53],
  ["a negative integer past 2^53", -(2 ** 53) - 2],
  ["1e300", 1e300],
  ["1e400, which is infinite", Number("1e400")],
  ["minus infinity", Number.NEGATIVE_INFINITY],
  ["NaN", Number.NaN],
  ["a bigint", 5n],
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a high surrogate alone", "a\ud800"],
  ["a low surrogate alone", "\udc00a"],
  ["two surrogates in the wrong order", "\udc00\ud800"],
  ["a key with a lone surrogate", { "\ud800": "x" }],
];

describe("the JavaScript binding refuses", () => {
  it.each(REFUSED)("%s in facts, documents, policies, candidates and rankings", (_name, value) => {
    const facts = { kind: "Host", features: { attributes: { "a.x": { elements: { n: value } } } } };
    const document = { apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { "a.x": { n: value } } };
    const policy = { apiVersion: "hostfit/v1.0", kind: "Policy", requires: { "a.x": { n: value } } };
    expect(() => matcher.facts(facts)).toThrow(MisuseError);
    expect(() => matcher.compile(document)).toThrow(MisuseError);
    expect(() => matcher.policy(policy)).toThrow(MisuseError);
    const host = matcher.facts({ kind: "Host", features: {} });
    const candidate = { id: "c", annotations: { n: value as string } };
    expect(() => matcher.rank([candidate], host)).toThrow(MisuseError);
    const requirements = matcher.compile({ apiVersion: "hostfit/v1.0", kind: "Requirements" });
    expect(() => matcher.evaluate(requirements, host, { candidate })).toThrow(MisuseError);
    requirements.dispose();
    host.dispose();
  });

  it("an object that contains itself", () => {
    expect(() => matcher.facts(cycle)).toThrow(/contains it/);
  });

  it("objects that are nested more deeply than the stack", () => {
    expect(() => matcher.facts(deep(100_000))).toThrow(MisuseError);
  });

  it("text with a lone surrogate", () => {
    expect(() => matcher.facts('{"kind":"Host","name":"\ud800"}')).toThrow(MisuseError);
  });

  it.each([
    ["a number", 5],
    ["null", null],
    ["undefined", undefined],
    ["true", true],
  ])("%s instead of a document", (_name, value) => {
    expect(() => matcher.facts(value as unknown as string)).toThrow(MisuseError);
  });

  it("undefined in a list", () => {
    const document = {
      apiVersion: "hostfit/v1.0",
      kind: "Requirements",
      requires: { "a.x": ["a", undefined] },
    };
    expect(() => matcher.compile(document)).toThrow();
  });
});

describe("text passes as it is, to the last digit", () => {
  it.each(["1e400", "9007199254740993", "-0", "0.1000000000000000055511151231257827", "1E+2"])(
    "%s",
    (number) => {
      const host = matcher.facts(
        `{"kind":"Host","features":{"attributes":{"a.x":{"elements":{"n":${number}}}}}}`,
      );
      const document = {
        apiVersion: "hostfit/v1.0",
        kind: "Requirements",
        requires: { "a.x": { n: number } },
      };
      const requirements = matcher.compile(document);
      expect(matcher.evaluate(requirements, host).verdict).toBe("compatible");
      requirements.dispose();
      host.dispose();
    },
  );
});
