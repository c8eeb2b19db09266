import { beforeAll, describe, expect, test } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { Matcher } from "../../bindings/js/matcher.ts";
import { probe } from "../../src/probe/probe.ts";
import { openHost } from "../../src/select/host.ts";

let matcher: Matcher;
beforeAll(async () => {
  matcher = await createMatcher();
});

const ask = (requires: object): object => ({ apiVersion: "hostfit/v1.0", kind: "Requirements", requires });

describe("a probed host", () => {
  const CONDITIONS: [what: string, document: string][] = [
    ["an attribute", JSON.stringify(ask({ "kernel.version": { full: { exists: true } } }))],
    [
      "an attribute of a feature that takes long to probe",
      JSON.stringify(ask({ "kernel.config": { SMP: { exists: true } } })),
    ],
    ["flags", JSON.stringify(ask({ "cpu.cpuid": ["SSE2"] }))],
    ["instances", JSON.stringify(ask({ "pci.device": { count: { is: ">=0" } } }))],
    ["a feature with a domain", JSON.stringify(ask({ "org.hostfit/gpu.nvidia": { count: { is: ">=0" } } }))],
    [
      "a name behind escapes",
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"kernel\\u002eversion":{"full":{"exists":true}}}}',
    ],
    [
      "a feature that no probe gives",
      JSON.stringify(ask({ "example.org/mpi.installation": { some: { version: "4" } } })),
    ],
  ];

  test.each(CONDITIONS)("faced with %s gives the verdict of a whole probe", async (_what, document) => {
    const host = await openHost(matcher, { kind: "probe", root: "/" }).facing([document]);
    const { host: whole } = await probe();
    using requirements = matcher.compile(document);
    using facts = matcher.facts({ ...whole });
    expect(matcher.evaluate(requirements, host.handle)).toEqual(matcher.evaluate(requirements, facts));
  });

  test("has the platforms of a whole probe, whatever it faces", async () => {
    const host = await openHost(matcher, { kind: "probe", root: "/" }).facing([]);
    expect(host.platforms).toEqual((await probe()).host.platforms);
  });

  test("is probed once for the same question", async () => {
    const host = openHost(matcher, { kind: "probe", root: "/" });
    expect(await host.facing(["kernel.version"])).toBe(await host.facing(["KERNEL.VERSION"]));
    expect(await host.facing([])).not.toBe(await host.facing(["kernel.version"]));
  });
});
