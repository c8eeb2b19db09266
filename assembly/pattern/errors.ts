/**
 * Why a pattern was refused. The names are those of Go's `regexp/syntax.ErrorCode` (Go 1.26), in kebab-case; the ones
 * that Go does not have come last and belong to a stated limit.
 *
 * | code | name | meaning |
 * | ---: | --- | --- |
 * |  1 | invalid-character-range | `[z-a]`, `[[:foo:]]`, `\p{` without its `}` |
 * |  2 | invalid-escape | `\y`, `\8`, a back-reference such as `\1`, `\C` |
 * |  3 | invalid-named-capture | `(?P<n`, `(?P<>a)`, `(?P<a-b>a)` |
 * |  4 | invalid-perl-operator | `(?=a)`, `(?!a)`, `(?>a)`, `(?i` |
 * |  5 | invalid-nested-repetition | `a**`, `a+{2}` |
 * |  6 | invalid-repeat-count | `a{1001}`, `a{2,1}`, `(a{100}){100}` |
 * |  7 | invalid-utf8 | the pattern's bytes are not UTF-8 |
 * |  8 | missing-closing-bracket | `[a` |
 * |  9 | missing-closing-paren | `(a` |
 * | 10 | missing-repeat-argument | `*a`, `a|*` |
 * | 11 | trailing-backslash | `a\` |
 * | 12 | unexpected-paren | `a)` |
 * | 13 | nesting-too-deep | more than 1,000 levels |
 * | 14 | expression-too-large | more than 16,384 instructions, or than 32,768 ranges of code points (Go has far higher limits of its own) |
 * | 15 | unknown-unicode-class | `\p{Greek}`, `\p{Foo}`: only general categories are known, no scripts |
 * | 16 | pattern-too-long | more than 4,096 bytes |
 * | 17 | out-of-memory | the region gave no more memory |
 * | 18 | budget-exhausted | the call's budget of work is gone |
 */
export const enum PatternError {
  None = 0,
  InvalidCharacterRange = 1,
  InvalidEscape = 2,
  InvalidNamedCapture = 3,
  InvalidPerlOperator = 4,
  InvalidNestedRepetition = 5,
  InvalidRepeatCount = 6,
  InvalidUtf8 = 7,
  MissingClosingBracket = 8,
  MissingClosingParen = 9,
  MissingRepeatArgument = 10,
  TrailingBackslash = 11,
  UnexpectedParen = 12,
  NestingTooDeep = 13,
  ExpressionTooLarge = 14,
  UnknownUnicodeClass = 15,
  PatternTooLong = 16,
  OutOfMemory = 17,
  BudgetExhausted = 18,
}

/** Why the last compilation failed (a `PatternError`); 0 if it did not. */
export let patternError: i32 = 0;

/** Where in the pattern, in bytes from its beginning, the construct begins that made the last compilation fail. */
export let patternErrorOffset: u32 = 0;

/** Begins a compilation: no error yet. */
export function clearError(): void {
  patternError = 0;
  patternErrorOffset = 0;
}

/** Records the first error of a compilation; later ones are consequences and change nothing. Always false. */
export function fail(error: PatternError, offset: u32): bool {
  if (patternError == 0) {
    patternError = error;
    patternErrorOffset = offset;
  }
  return false;
}
