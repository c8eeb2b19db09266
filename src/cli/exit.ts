/** Exit statuses of `hostfit`, and which error ends in which. docs/cli.md lists both. */
import { MisuseError } from "../../bindings/js/errors.ts";
import type { VerdictValue } from "../../bindings/js/types.ts";
import { HostfitError } from "../errors.ts";
import { isUnreachable } from "../registry/errors.ts";

/** What the shell gets. A meaning never changes; new ones get new numbers. */
export const ExitStatus = {
  /** It fits, or one was chosen, or the document is right. */
  compatible: 0,
  /** It doesn't fit, or nothing in the index does. */
  incompatible: 1,
  /** It can't be said from the facts at hand. */
  undetermined: 2,
  /** The command line was wrong. */
  usage: 3,
  /** A file, a document, facts or an image is wrong, or isn't there. */
  badInput: 4,
  /** The registry or the folder could not be asked, or gave no whole answer. */
  unreachable: 5,
  /** The administrator's policy says no. */
  refused: 6,
  /** A document is written in a version of the language that this program doesn't know. */
  unsupportedVersion: 7,
  /** A defect in hostfit itself (EX_SOFTWARE of sysexits.h). */
  internal: 70,
} as const;

export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

/** The status of a verdict. */
export function exitStatusOfVerdict(verdict: VerdictValue): ExitStatus {
  return ExitStatus[verdict];
}

/** A command line that can't be understood: unknown command or option, a missing or contradicting argument. */
export class UsageError extends HostfitError {
  override readonly name: string = "UsageError";

  constructor(message: string, help?: string) {
    super("usage", message, help === undefined ? {} : { help });
  }
}

/**
 * Errors that don't end in `badInput`, by code. Registries' errors say themselves whether the fault lies in the way to
 * the registry (REGISTRY_ERRORS).
 */
const STATUS_OF_CODE: Readonly<Record<string, ExitStatus>> = {
  usage: ExitStatus.usage,
  "bad-platform": ExitStatus.usage,
  "no-candidate": ExitStatus.incompatible,
  "refused-by-policy": ExitStatus.refused,
  "unsupported-version": ExitStatus.unsupportedVersion,
};

/** The status that an error ends in. What is not hostfit's own error is a defect of hostfit. */
export function exitStatusOfError(error: unknown): ExitStatus {
  if (!(error instanceof HostfitError) || error instanceof MisuseError) return ExitStatus.internal;
  if (isUnreachable(error)) return ExitStatus.unreachable;
  return STATUS_OF_CODE[error.code] ?? ExitStatus.badInput;
}
