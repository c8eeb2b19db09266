/** Writes the current error: { code, message, document, offset, pointer, help }. */
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { NO_NODE, errorCode, errorNode, errorOffset, errorPhrase } from "../errors";
import { Json, Kind, kindOf, spanStart, textLengthOf, textOf } from "../json/tape";
import { putPointer } from "./pointer";
import { put, putBytes, putEscaped, putNumber, putString } from "./writer";

/** Characters of a document's text that a message quotes. */
const QUOTED: u32 = 80;

/** Texts by number, from 0, each ended by `~`. */
const NAMES =
  "~invalid-json~invalid-utf8~duplicate-key~unknown-key~wrong-type~missing-key~empty~bad-value~bad-range~bad-pattern~reserved-feature~unsupported-version~bad-api-version~too-deep~too-large~limit~out-of-memory~budget-exceeded~stale-handle~wrong-handle~bad-call~unsupported~";
const COMPLAINTS =
  "~not JSON~a byte sequence that is not UTF-8~the key stands twice in one object~unknown key~wrong type~a key is missing~empty~value not allowed~not a range~not a pattern~reserved feature~unsupported version~not a version of hostfit's language~nested too deeply~too large~a limit is passed~the memory ceiling is reached~the call's work budget is used up~the handle was freed~the handle is of another kind~the call's arguments make no sense~not supported~";
/** How to mend it: by what was expected at the place (Syntax, Phrase), else by code. */
const EXPECTED =
  "~a value was expected~a comma or the container's end was expected~a key in double quotes was expected~a colon was expected~nothing may follow the document~a string has no end~control characters in strings must be escaped~an unknown escape~a surrogate without its other half~a number is not well-formed~~~~~~~~~~an object was expected~an array was expected~a string was expected~true or false was expected~a string, a number, true or false was expected~an integer was expected~~add elements~a condition is an object or an array of conditions, and asks for something: a feature, all, any, not or if~write a list of flags, or an object of attributes, flags, some, every, none or count~write a text, a list of texts, or an object with version, number, size, text or exists~write a range, such as >=5.14 <7~a weight is an integer from 1 to 100~if needs then or else~then and else need an if beside them~a feature is named source.feature or domain/source.feature~each runtime type may stand once~add apiVersion: hostfit/v1.0~kind must be that of the document: Requirements, Host or Policy~add os~add architecture~see docs/language.md for the keys that are required~write accept, undetermined or refuse~~~~of NFD's image compatibility, v1alpha1 is known~";
const ADVICE =
  "~a number is not well-formed~~remove one of the two~remove it, or mend its spelling; a feature's name contains a dot~~~remove it, or put something in~~write operators >= > <= < = != before bounds, spaces between terms, || between groups~patterns are in RE2 syntax, without look-around, back-references and scripts~only host.platform, candidate.platform and candidate.annotations exist, and facts can't set them~use a newer hostfit; this one knows hostfit/v1.0~write hostfit/v1.0~~~~free handles or raise the ceiling~~use handles that compile, facts and policy gave~~~~";

/** Writes the text of a number; false if the list has none. */
function putNth(list: Ascii, n: i32): bool {
  let p = asciiBytes(list);
  const end = p + asciiLength(list);
  for (; n > 0 && p < end; p++) if (load<u8>(p) == 0x7e) n--;
  const start = p;
  while (p < end && load<u8>(p) != 0x7e) p++;
  putBytes(start, <u32>(p - start));
  return p > start;
}

/** Writes the error; `json` may be 0 where no document is concerned. */
export function putFailure(json: Json, id: usize, idLength: u32): void {
  const code = errorCode();
  const node = errorNode();
  const placed = node != NO_NODE && changetype<usize>(json) != 0;
  put('{"code":"');
  putNth(NAMES, code);
  put('","message":"');
  putNth(COMPLAINTS, code);
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
  if (!putNth(EXPECTED, errorPhrase()) && !putNth(ADVICE, code)) put("docs/abi.md says more");
  put('"}');
}

/** Bytes to quote of a text: whole characters, at most QUOTED bytes. */
function cut(text: usize, length: u32): u32 {
  if (length <= QUOTED) return length;
  let end = QUOTED;
  while (end > 0 && (load<u8>(text + end) & 0xc0) == 0x80) end--;
  return end;
}
