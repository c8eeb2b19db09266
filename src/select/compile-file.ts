/** The core as the linter of files asks it: does this compile, and if not, where is what wrong? */
import type { Matcher } from "../../bindings/js/matcher.ts";
import type { CompileFile } from "../author/core-findings.ts";
import { HostfitError } from "../errors.ts";
import { complaintOf, NO_ADVICE } from "./core-input.ts";
import { wrongExpression } from "./nfd-expressions.ts";

/** Lets a linter ask `matcher`. */
export function compileWith(matcher: Matcher): CompileFile {
  return (json, kind) => {
    try {
      switch (kind) {
        case "requirements":
          matcher.compile(json).dispose();
          break;
        case "nfd": {
          matcher.compile(json, { dialect: "nfd" }).dispose();
          const wrong = wrongExpression(matcher, JSON.parse(new TextDecoder().decode(json)));
          if (wrong !== null) return { ok: false, offset: 0, ...wrong };
          break;
        }
        case "host":
        case "node-feature":
          matcher.facts(json).dispose();
          break;
        case "policy":
          matcher.policy(json).dispose();
          break;
      }
      return { ok: true };
    } catch (error) {
      if (!(error instanceof HostfitError)) throw error;
      const { code, message, help } = complaintOf(error) ?? error;
      const { offset, pointer } = complaintOf(error)?.place ?? { offset: 0, pointer: "" };
      return { ok: false, code, message, offset, pointer, help: help ?? NO_ADVICE };
    }
  };
}
