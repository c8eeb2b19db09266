import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createMatcher,
  HostfitError,
  InputError,
  LimitError,
  LoadError,
  type Matcher,
  UnsupportedVersionError,
} from "../../bindings/js/index.ts";

const HEADING = { apiVersion: "hostfit/v1.0", kind: "Requirements" };
const SHARED = { "cpu.cpuid": ["AVX2"] };
const NEEDS_AVX2 = { ...HEADING, requires: { "cpu.cpuid": ["AVX2"] } };

function hostWith(flags: readonly string[] | null) {
  return {
    kind: "Host",
    features: flags === null ? {} : { flags: { "cpu.cpuid": { elements: flags } } },
  };
}

let matcher: Matcher;
beforeAll(async () => {
  matcher = await createMatcher();
});

function thrownBy(action: () => unknown): HostfitError {
  try {
    action();
  } catch (error) {
    if (error instanceof HostfitError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a matcher", () => {
  test("takes documents and facts as objects, text or bytes", () => {
    const host = matcher.facts(hostWith(["AVX2"]));
    const text = JSON.stringify(NEEDS_AVX2);
    for (const document of [NEEDS_AVX2, text, new TextEncoder().encode(text)]) {
      expect(matcher.evaluate(matcher.compile(document), host).verdict).toBe("compatible");
    }
  });

  test("decides as it evaluates, for one host and for many", () => {
    const requirements = matcher.compile(NEEDS_AVX2);
    const lists = Array.from({ length: 70 }, (_, i) => [["AVX2"], ["AVX"], null][i % 3]!);
    const hosts = lists.map((flags) => matcher.facts(hostWith(flags)));
    const wanted = hosts.map((host) => matcher.evaluate(requirements, host).verdict);
    expect(wanted.slice(0, 3)).toEqual(["compatible", "incompatible", "undetermined"]);
    expect(hosts.map((host) => matcher.decide(requirements, host))).toEqual(wanted);
    expect(matcher.decideMany(requirements, hosts)).toEqual(wanted);
    expect(matcher.decideMany(requirements, [])).toEqual([]);
  });

  test("gives errors that are classes with codes, places and help", () => {
    const error = thrownBy(() =>
      matcher.compile([{ id: "index", document: { ...HEADING, requires: { "cpu.cpuid": [] } } }]),
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({
      code: "empty",
      place: { document: "index", pointer: "/requires/cpu.cpuid" },
    });
    expect(error.help).not.toBe("");
    const newer = thrownBy(() => matcher.compile({ ...HEADING, apiVersion: "hostfit/v1.7" }));
    expect(newer).toBeInstanceOf(UnsupportedVersionError);
    const deep = thrownBy(() => matcher.compile("[".repeat(200)));
    expect(deep).toBeInstanceOf(LimitError);
  });

  test.each([
    ["an integer past 2^53", { ...HEADING, requires: { "a.b": { c: 2 ** 60 } } }],
    ["an infinity", { ...HEADING, requires: { "a.b": { c: Number.POSITIVE_INFINITY } } }],
    ["a lone surrogate", { ...HEADING, name: "\ud800" }],
    ["a lone surrogate in a key", { ...HEADING, annotations: { "\udc00": "" } }],
    ["a bigint", { ...HEADING, requires: { "a.b": { c: 1n } } }],
    ["a function", { ...HEADING, name: () => "" }],
    ["undefined, which JSON would leave out", { ...HEADING, requires: undefined }],
    ["a date", { ...HEADING, name: new Date(0) }],
    ["a map", { ...HEADING, annotations: new Map([["a", "b"]]) }],
  ])("refuses %s, which JSON can't say exactly", (_, document) => {
    expect(thrownBy(() => matcher.compile(document))).toMatchObject({ code: "not-json" });
  });

  test("takes plain JavaScript's mistakes as misuse", async () => {
    const host = matcher.facts(hostWith([]));
    const misused: readonly (() => unknown)[] = [
      () => matcher.compile([]),
      () => matcher.compile([null] as never),
      () => matcher.compile(HEADING, { dialect: "foo" as never }),
      () => matcher.rank(null as never, host),
      () => matcher.rank([null] as never, host),
    ];
    for (const action of misused) expect(thrownBy(action)).toMatchObject({ code: "bad-input" });
    for (const memory of [-1, 1.5, 2 ** 31, "x" as never]) {
      await expect(createMatcher({ memory })).rejects.toMatchObject({ code: "bad-limit" });
    }
    const fresh = await createMatcher();
    expect(fresh.decideMany(fresh.compile(NEEDS_AVX2), [])).toEqual([]);
  });

  test("says what stands where something else is expected", () => {
    const requirements = matcher.compile(NEEDS_AVX2);
    const host = matcher.facts(hostWith([]));
    expect(thrownBy(() => matcher.evaluate(host as never, requirements as never))).toMatchObject({
      code: "wrong-handle",
      message: "requirements must stand here, not a host's facts",
    });
    expect(thrownBy(() => matcher.decide(requirements, requirements as never))).toMatchObject({
      code: "wrong-handle",
      message: "a host's facts must stand here, not requirements",
    });
  });

  test("refuses a cycle", () => {
    const document: Record<string, unknown> = { ...HEADING };
    document["annotations"] = { self: document };
    expect(thrownBy(() => matcher.compile(document))).toMatchObject({
      code: "not-json",
      details: { pointer: "/annotations/self" },
    });
  });

  test.each([
    ["", { ...HEADING, toJSON: () => HEADING }],
    ["/name", { ...HEADING, name: Number.NaN }],
    ["/annotations/a~1b~0c", { ...HEADING, annotations: { "": "x", "a/b~c": 1n } }],
    ["/requires/all/2/cpu.cpuid/0", { requires: { all: [{ x: [] }, [[]], { "cpu.cpuid": [undefined] }] } }],
    ["/prefers/1", { requires: { all: [{}, {}] }, prefers: [{ when: {} }, new Date(0)] }],
    ["/shared/b", { a: SHARED, shared: { b: Symbol("s"), ...SHARED } }],
  ])("says where it is that JSON can't say it: %j", (pointer, document) => {
    const error = thrownBy(() => matcher.compile(document));
    expect(error).toMatchObject({ code: "not-json", details: { pointer } });
    expect(error.message).toContain(pointer === "" ? "the value" : `${pointer} is`);
  });

  test("takes one object in two places", () => {
    const document = { ...HEADING, requires: { all: [SHARED, SHARED] } };
    expect(matcher.compile(document).kind).toBe("requirements");
  });

  test("tells a disposed handle, a handle of another matcher and a disposed matcher", async () => {
    const requirements = matcher.compile(NEEDS_AVX2);
    const host = matcher.facts(hostWith([]));
    host.dispose();
    host.dispose();
    expect(thrownBy(() => matcher.decide(requirements, host))).toMatchObject({ code: "disposed" });
    const other = await createMatcher();
    const theirs = other.facts(hostWith([]));
    expect(thrownBy(() => matcher.decide(requirements, theirs))).toMatchObject({ code: "wrong-matcher" });
    other.dispose();
    expect(thrownBy(() => other.facts(hostWith([])))).toMatchObject({ code: "disposed" });
  });

  test("frees handles at the end of their scope", async () => {
    const own = await createMatcher();
    const run = () => {
      const requirements = own.compile(NEEDS_AVX2);
      const host = own.facts(hostWith(["AVX2"]));
      const verdict = own.decide(requirements, host);
      requirements[Symbol.dispose]();
      host[Symbol.dispose]();
      return verdict;
    };
    for (let i = 0; i < 5_000; i++) expect(run()).toBe("compatible");
  });

  test("refuses a module that isn't hostfit's", async () => {
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    await expect(createMatcher({ wasm: empty })).rejects.toBeInstanceOf(LoadError);
    await expect(createMatcher({ wasm: new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({
      code: "not-hostfit",
    });
  });

  test("takes the module from the embedder, as bytes or compiled", async () => {
    const bytes = await readFile(new URL("../../dist/hostfit.wasm", import.meta.url));
    const compiled = new WebAssembly.Module(bytes);
    for (const wasm of [bytes, compiled]) {
      using own = await createMatcher({ wasm });
      expect(own.decide(own.compile(NEEDS_AVX2), own.facts(hostWith(["AVX2"])))).toBe("compatible");
    }
  });

  test("reaches its memory ceiling with an error, and stays usable", async () => {
    const own = await createMatcher({ memory: 4 << 20 });
    const big = hostWith(Array.from({ length: 200_000 }, (_, i) => `flag-${i}`));
    expect(thrownBy(() => own.facts(big))).toMatchObject({ code: "out-of-memory" });
    expect(own.decide(own.compile(NEEDS_AVX2), own.facts(hostWith(["AVX2"])))).toBe("compatible");
  });

  test("reaches its work budget with an error, and stays usable", async () => {
    const own = await createMatcher({ work: 20_000 });
    const big = hostWith(Array.from({ length: 20_000 }, (_, i) => `flag-${i}`));
    expect(thrownBy(() => own.facts(big))).toMatchObject({ code: "budget-exceeded" });
    expect(own.decide(own.compile(NEEDS_AVX2), own.facts(hostWith(["AVX2"])))).toBe("compatible");
  });
});
