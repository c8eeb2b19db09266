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
