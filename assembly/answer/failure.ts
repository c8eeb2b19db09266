/** Writes the current error: { code, message, document, offset, pointer, help }. */
import { Ascii } from "../ascii";
import { Code, NO_NODE, Phrase, errorCode, errorNode, errorOffset, errorPhrase } from "../errors";
import { Syntax } from "../json/scan";
import { Json, Kind, kindOf, spanStart, textLengthOf, textOf } from "../json/tape";
import { putPointer } from "./pointer";
import { put, putEscaped, putNumber, putString } from "./writer";

/** Characters of a document's text that a message quotes. */
const QUOTED: u32 = 80;

function codeName(code: i32): Ascii {
  if (code == Code.INVALID_JSON) return "invalid-json";
  if (code == Code.INVALID_UTF8) return "invalid-utf8";
  if (code == Code.DUPLICATE_KEY) return "duplicate-key";
  if (code == Code.UNKNOWN_KEY) return "unknown-key";
  if (code == Code.WRONG_TYPE) return "wrong-type";
  if (code == Code.MISSING_KEY) return "missing-key";
  if (code == Code.EMPTY) return "empty";
  if (code == Code.BAD_VALUE) return "bad-value";
  if (code == Code.BAD_RANGE) return "bad-range";
  if (code == Code.BAD_PATTERN) return "bad-pattern";
  if (code == Code.RESERVED_FEATURE) return "reserved-feature";
  if (code == Code.UNSUPPORTED_VERSION) return "unsupported-version";
  if (code == Code.BAD_API_VERSION) return "bad-api-version";
  if (code == Code.TOO_DEEP) return "too-deep";
  if (code == Code.TOO_LARGE) return "too-large";
  if (code == Code.LIMIT) return "limit";
  if (code == Code.OUT_OF_MEMORY) return "out-of-memory";
  if (code == Code.BUDGET) return "budget-exceeded";
  if (code == Code.STALE_HANDLE) return "stale-handle";
  if (code == Code.WRONG_HANDLE) return "wrong-handle";
  if (code == Code.UNSUPPORTED) return "unsupported";
  return "bad-call";
}

/** What is wrong; the quoted text of the place follows. */
function complaint(code: i32): Ascii {
  if (code == Code.INVALID_JSON) return "not JSON";
  if (code == Code.INVALID_UTF8) return "a byte sequence that is not UTF-8";
  if (code == Code.DUPLICATE_KEY) return "the key stands twice in one object";
  if (code == Code.UNKNOWN_KEY) return "unknown key";
  if (code == Code.WRONG_TYPE) return "wrong type";
  if (code == Code.MISSING_KEY) return "a key is missing";
  if (code == Code.EMPTY) return "empty";
  if (code == Code.BAD_VALUE) return "value not allowed";
  if (code == Code.BAD_RANGE) return "not a range";
  if (code == Code.BAD_PATTERN) return "not a pattern";
  if (code == Code.RESERVED_FEATURE) return "reserved feature";
  if (code == Code.UNSUPPORTED_VERSION) return "unsupported version";
  if (code == Code.BAD_API_VERSION) return "not a version of hostfit's language";
  if (code == Code.TOO_DEEP) return "nested too deeply";
  if (code == Code.TOO_LARGE) return "too large";
  if (code == Code.LIMIT) return "a limit is passed";
  if (code == Code.OUT_OF_MEMORY) return "the memory ceiling is reached";
  if (code == Code.BUDGET) return "the call's work budget is used up";
  if (code == Code.STALE_HANDLE) return "the handle was freed";
  if (code == Code.WRONG_HANDLE) return "the handle is of another kind";
  if (code == Code.UNSUPPORTED) return "not supported";
  return "the call's arguments make no sense";
}

/** How to mend it. */
function advice(code: i32, phrase: i32): Ascii {
  if (code == Code.INVALID_JSON) {
    if (phrase == Syntax.VALUE) return "a value was expected";
    if (phrase == Syntax.COMMA_OR_END) return "a comma or the container's end was expected";
    if (phrase == Syntax.KEY) return "a key in double quotes was expected";
    if (phrase == Syntax.COLON) return "a colon was expected";
    if (phrase == Syntax.END) return "nothing may follow the document";
    if (phrase == Syntax.STRING_END) return "a string has no end";
    if (phrase == Syntax.CONTROL) return "control characters in strings must be escaped";
    if (phrase == Syntax.ESCAPE) return "an unknown escape";
    if (phrase == Syntax.SURROGATE) return "a surrogate without its other half";
    return "a number is not well-formed";
  }
  if (phrase == Phrase.OBJECT) return "an object was expected";
  if (phrase == Phrase.ARRAY) return "an array was expected";
  if (phrase == Phrase.STRING) return "a string was expected";
  if (phrase == Phrase.BOOLEAN) return "true or false was expected";
  if (phrase == Phrase.SCALAR) return "a string, a number, true or false was expected";
  if (phrase == Phrase.INTEGER) return "an integer was expected";
  if (phrase == Phrase.ELEMENTS) return "add elements";
  if (phrase == Phrase.CONDITION) {
    return code == Code.EMPTY
      ? "a condition must ask for something: add a feature, all, any, not or if"
      : "a condition is an object or an array of conditions";
  }
  if (phrase == Phrase.MATCHER)
    return "write a list of flags, or an object of attributes, flags, some, every, none or count";
  if (phrase == Phrase.TEST)
    return "write a text, a list of texts, or an object with version, number, size, text or exists";
  if (phrase == Phrase.RANGE) return "write a range, such as >=5.14 <7";
  if (phrase == Phrase.WEIGHT) return "a weight is an integer from 1 to 100";
  if (phrase == Phrase.THEN) return "if needs then or else";
  if (phrase == Phrase.IF) return "then and else need an if beside them";
  if (phrase == Phrase.FEATURE) return "a feature is named source.feature or domain/source.feature";
  if (phrase == Phrase.TWICE) return "each runtime type may stand once";
  if (phrase == Phrase.API_VERSION) return "add apiVersion: hostfit/v1.0";
  if (phrase == Phrase.KIND) return "kind must be that of the document: Requirements, Host or Policy";
  if (phrase == Phrase.OS) return "add os";
  if (phrase == Phrase.ARCHITECTURE) return "add architecture";
  if (phrase == Phrase.REQUIRED) return "see docs/language.md for the keys that are required";
  if (phrase == Phrase.ON_MISSING) return "write accept, undetermined or refuse";
  if (phrase == Phrase.NFD_VERSION) return "of NFD's image compatibility, v1alpha1 is known";
  if (code == Code.UNKNOWN_KEY) return "remove it, or mend its spelling; a feature's name contains a dot";
  if (code == Code.DUPLICATE_KEY) return "remove one of the two";
  if (code == Code.EMPTY) return "remove it, or put something in";
  if (code == Code.BAD_RANGE)
    return "write operators >= > <= < = != before bounds, spaces between terms, || between groups";
  if (code == Code.BAD_PATTERN)
    return "patterns are in RE2 syntax, without look-around, back-references and scripts";
  if (code == Code.RESERVED_FEATURE)
    return "only host.platform, candidate.platform and candidate.annotations exist, and facts can't set them";
  if (code == Code.UNSUPPORTED_VERSION) return "use a newer hostfit; this one knows hostfit/v1.0";
  if (code == Code.BAD_API_VERSION) return "write hostfit/v1.0";
  if (code == Code.OUT_OF_MEMORY) return "free handles or raise the ceiling";
  if (code == Code.STALE_HANDLE || code == Code.WRONG_HANDLE)
    return "use handles that compile, facts and policy gave";
  return "docs/abi.md states the limits";
}

/** Writes the error; `json` may be 0 where no document is concerned. */
export function putFailure(json: Json, id: usize, idLength: u32): void {
  const code = errorCode();
  const node = errorNode();
  const placed = node != NO_NODE && changetype<usize>(json) != 0;
  put('{"code":"');
  put(codeName(code));
  put('","message":"');
  put(complaint(code));
  if (placed && kindOf(json, node) < Kind.ARRAY) {
    put(": ");
    const length = textLengthOf(json, node);
    const text = textOf(json, node);
    putEscaped(text, cut(text, length));
    if (length > QUOTED) put("...");
  }
  put('","document":');
  putString(id, idLength);
  put(',"offset":');
  putNumber(placed ? spanStart(json, node) : errorOffset());
  put(',"pointer":"');
  if (placed) putPointer(json, node);
  put('","help":"');
  put(advice(code, errorPhrase()));
  put('"}');
}

/** Bytes to quote of a text: whole characters, at most QUOTED bytes. */
function cut(text: usize, length: u32): u32 {
  if (length <= QUOTED) return length;
  let end = QUOTED;
  while (end > 0 && (load<u8>(text + end) & 0xc0) == 0x80) end--;
  return end;
}
