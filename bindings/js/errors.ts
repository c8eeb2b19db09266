/**
 * The one base class of everything that hostfit throws on purpose.
 *
 * `code` is stable and kebab-case (`manifest-unknown`, `unknown-key`); programs branch on it. `message` says what was
 * wrong and where, `help` what to do about it. `details` carries the place in a form that a program can use.
 */
export class HostfitError extends Error {
  override readonly name: string = "HostfitError";
  readonly code: string;
  readonly help: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { help?: string; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.help = options.help;
    this.details = options.details ?? {};
  }
}

/** Where in a document, facts or policy the core found an error. */
export interface CorePlace {
  /** The document's id, or "" for one that was given without an id. */
  readonly document: string;
  /** Byte offset in the document's JSON. */
  readonly offset: number;
  /** JSON Pointer (RFC 6901) of the value. */
  readonly pointer: string;
}

/**
 * The core refused a document, facts, a policy or a ranking's input: malformed JSON, an unknown key, a range that can't be
 * read, a limit passed. `place` says where; codes are listed in docs/abi.md.
 */
export class InputError extends HostfitError {
  override readonly name: string = "InputError";
  readonly place: CorePlace;

  constructor(code: string, message: string, help: string, place: CorePlace) {
    super(code, message, { help, details: { ...place } });
    this.place = place;
  }
}

/** The document is written in a newer minor or another major version of the language (code `unsupported-version`). */
export class UnsupportedVersionError extends InputError {
  override readonly name: string = "UnsupportedVersionError";
}

/** The core reached a limit of its own: memory ceiling or work budget. The instance stays usable. */
export class LimitError extends HostfitError {
  override readonly name: string = "LimitError";
}

/**
 * The core can't be had, isn't ours, or can't run here. Codes: `not-hostfit`, `abi-mismatch`, `module-unreachable`, `module-incomplete` (the connection broke),
 * `no-webassembly`, `no-simd`, `compile-forbidden` (a page's Content-Security-Policy, or a runtime that compiles nothing).
 */
export class LoadError extends HostfitError {
  override readonly name: string = "LoadError";
}

/**
 * The runtime ended a call of the core in its middle, as when the stack around the call was used up: what that instance holds
 * is lost (code `instance-lost`). Make another matcher.
 */
export class InstanceError extends HostfitError {
  override readonly name: string = "InstanceError";
}

/** The binding was used wrongly: a disposed handle, one of another matcher, a value that JSON can't say. */
export class MisuseError extends HostfitError {
  override readonly name: string = "MisuseError";
}
