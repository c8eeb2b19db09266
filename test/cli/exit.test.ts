import { describe, expect, test } from "vitest";
import { InputError, LimitError, MisuseError, UnsupportedVersionError } from "../../bindings/js/errors.ts";
import { ExitStatus, exitStatusOfError, exitStatusOfVerdict, UsageError } from "../../src/cli/exit.ts";
import { HostfitError } from "../../src/errors.ts";
import { REGISTRY_ERRORS, RegistryError, type RegistryErrorCode } from "../../src/registry/errors.ts";

const PLACE = { document: "d", offset: 0, pointer: "" };

describe("exit statuses", () => {
  test("are the documented numbers", () => {
    expect(ExitStatus).toEqual({
      compatible: 0,
      incompatible: 1,
      undetermined: 2,
      usage: 3,
      badInput: 4,
      unreachable: 5,
      refused: 6,
      unsupportedVersion: 7,
      internal: 70,
    });
  });

  test.each([
    ["compatible", 0],
    ["incompatible", 1],
    ["undetermined", 2],
  ] as const)("the verdict %s is %i", (verdict, status) => {
    expect(exitStatusOfVerdict(verdict)).toBe(status);
  });

  test.each([
    [new UsageError("x"), 3],
    [new InputError("unknown-key", "x", "x", PLACE), 4],
    [new LimitError("work-budget", "x"), 4],
    [new HostfitError("anything-else", "x"), 4],
    [new HostfitError("refused-by-policy", "x"), 6],
    [new UnsupportedVersionError("unsupported-version", "x", "x", PLACE), 7],
    [new HostfitError("no-candidate", "x"), 1],
    [new MisuseError("disposed", "x"), 70],
    [new TypeError("x"), 70],
    ["a text", 70],
  ])("the error %s ends in %i", (error, status) => {
    expect(exitStatusOfError(error)).toBe(status);
  });

  test.each(Object.entries(REGISTRY_ERRORS))(
    "the source's error %s, which is %s, ends in 5 or 4",
    (code, side) => {
      const status = exitStatusOfError(new RegistryError(code as RegistryErrorCode, "x"));
      expect(status).toBe(side === "unreachable" ? 5 : 4);
    },
  );
});
