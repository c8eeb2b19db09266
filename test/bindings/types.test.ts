/** The types of answers: that a switch narrows them is seen by the compiler, that they are true by every vector. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, test } from "vitest";
import type {
  FittingPlatform,
  FoundInstances,
  FoundText,
  Platform,
  PlatformAnswer,
  Ranked,
  Reason,
  Verdict,
} from "../../bindings/js/types.ts";
import type { VectorFile } from "../conformance/vector.ts";

const FOLDER = new URL("../vectors/", import.meta.url);

/** Every verdict that the vectors expect. */
const VERDICTS: readonly { readonly name: string; readonly verdict: Verdict }[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) => (JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as VectorFile).cases)
  .flatMap(({ name, expect: answer }) => {
    if ("error" in answer) return [];
    const verdicts: readonly Verdict[] = "verdict" in answer ? [answer] : answer.candidates;
    return verdicts.map((verdict) => ({ name, verdict }));
  });

/** What is amiss with a verdict, by its types; narrowing alone makes this compile. */
function amiss(verdict: Verdict | Ranked): string[] {
  const found = verdict.reasons.flatMap(amissInReason);
  switch (verdict.verdict) {
    case "compatible":
      expectTypeOf(verdict.platform).toEqualTypeOf<FittingPlatform | null>();
      if (verdict.platform !== null) found.push(...amissInPlatform(verdict.platform, ["true"]));
      return found;
    case "incompatible":
      expectTypeOf(verdict.reasons[0]).toEqualTypeOf<Reason>();
      if (verdict.reasons.length === 0) found.push("no reason");
      if (verdict.platform !== null)
        found.push(...amissInPlatform(verdict.platform, ["true", "false", "unknown"]));
      return found;
    case "undetermined":
      expectTypeOf(verdict.reasons[0]).toEqualTypeOf<Reason>();
      if (verdict.reasons.length === 0) found.push("no reason");
      if (verdict.platform !== null) found.push(...amissInPlatform(verdict.platform, ["true", "unknown"]));
      return found;
    default:
      expectTypeOf(verdict).toBeNever();
      return ["a fourth verdict"];
  }
}

function amissInPlatform(platform: PlatformAnswer, values: readonly string[]): string[] {
  if (!values.includes(platform.value)) return [`platform ${platform.value}`];
  switch (platform.value) {
    case "true":
      expectTypeOf(platform.host).toEqualTypeOf<number>();
      expectTypeOf(platform.wanted).toEqualTypeOf<Platform>();
      return typeof platform.host === "number" && platform.wanted !== null
        ? []
        : ["a platform that fits without one"];
    case "false":
      expectTypeOf(platform.host).toEqualTypeOf<null>();
      return platform.host === null && platform.wanted !== null
        ? []
        : ["a platform of the host that doesn't fit"];
    case "unknown":
      return [];
  }
}

function amissInReason(reason: Reason): string[] {
  const wrong = [`${reason.kind}: ${JSON.stringify(reason)}`];
  switch (reason.kind) {
    case "flag": {
      expectTypeOf(reason.found).toEqualTypeOf<"present" | "absent" | null>();
      if (reason.value === "true") expectTypeOf(reason.found).toEqualTypeOf<"present">();
      const found = { true: "present", false: "absent", unknown: null }[reason.value];
      return reason.found === found && isText(reason.feature, reason.name, reason.wanted) ? [] : wrong;
    }
    case "attribute":
      expectTypeOf(reason.found).toEqualTypeOf<FoundText>();
      return isFoundText(reason.found) && isText(reason.feature, reason.name) ? [] : wrong;
    case "instances":
    case "count":
      expectTypeOf(reason.found.matching).toEqualTypeOf<number>();
      return isCounted(reason.found) && isText(reason.feature) && reason.name === null ? [] : wrong;
    case "platform":
      expectTypeOf(reason.wanted).toEqualTypeOf<Platform | null>();
      expectTypeOf(reason.found).toEqualTypeOf<readonly Platform[] | null>();
      return reason.document === "" &&
        reason.pointer === "" &&
        (reason.wanted === null || isText(reason.wanted.os, reason.wanted.architecture)) &&
        (reason.found?.every(({ os, architecture }) => isText(os, architecture)) ?? true)
        ? []
        : wrong;
    case "runtime":
      expectTypeOf(reason.wanted).toEqualTypeOf<string>();
      return isText(reason.wanted) &&
        (reason.found === null ||
          isText(...(typeof reason.found === "string" ? [reason.found] : reason.found)))
        ? []
        : wrong;
    case "nfd":
      return reason.found === null || isFoundText(reason.found) || isCounted(reason.found) ? [] : wrong;
    default:
      expectTypeOf(reason).toBeNever();
      return wrong;
  }
}

function isText(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

function isFoundText(found: FoundText | FoundInstances): boolean {
  if (typeof found === "string") return true;
  if ("absent" in found) return found.absent;
  if ("unreadable" in found) return isText(found.unreadable);
  return "unknown" in found && found.unknown === true;
}

function isCounted(found: FoundText | FoundInstances): boolean {
  if (typeof found === "string" || !("instances" in found)) return false;
  const { instances, matching, unknown, partial } = found;
  return [instances, matching, unknown].every(Number.isInteger) && typeof partial === "boolean";
}

describe("the types of answers", () => {
  test("are true of every verdict in the vectors", () => {
    const found = VERDICTS.flatMap(({ name, verdict }) => amiss(verdict).map((what) => `${name}: ${what}`));
    expect(found).toEqual([]);
  });

  test.each(["compatible", "incompatible", "undetermined"])(
    "are tried with verdicts that are %s",
    (value) => {
      expect(VERDICTS.filter(({ verdict }) => verdict.verdict === value).length).toBeGreaterThan(100);
    },
  );

  test.each(["flag", "attribute", "instances", "count", "platform", "runtime", "nfd"])(
    "are tried with reasons of the kind %s",
    (kind) => {
      const reasons: readonly Reason[] = VERDICTS.flatMap(({ verdict }) => verdict.reasons);
      expect(reasons.filter((reason) => reason.kind === kind).length).toBeGreaterThan(10);
    },
  );
});
