/** Writes the current error: { code, message, document, offset, pointer, help }. */
import { NO_NODE, Phrase, errorCode, errorNode, errorOffset, errorPhrase } from "../errors";
import { Syntax } from "../json/syntax";
import { Json, Kind, kindOf, spanStart, textLengthOf, textOf } from "../json/tape";
import { putPointer } from "./pointer";
import { put, putEscaped, putNth, putNumber, putString } from "./writer";

/** Characters of a document's text that a message quotes. */
const QUOTED: u32 = 80;

/** Texts by number, from 0 (putNth). */
const NAMES =
  "~invalid-json~invalid-utf8~duplicate-key~unknown-key~wrong-type~missing-key~empty~bad-value~bad-range~bad-pattern~reserved-feature~unsupported-version~bad-api-version~too-deep~too-large~limit~out-of-memory~budget-exceeded~stale-handle~wrong-handle~bad-call~unsupported~";
const COMPLAINTS =
  "~not JSON~not UTF-8~the key stands twice in one object~unknown key~wrong type~a key is missing~empty~value not allowed~not a range~not a pattern~reserved feature~unsupported version~not a version of hostfit's language~nested too deeply~too large~a limit is passed~the memory ceiling is reached~the call's work budget is used up~the handle was freed~the handle is of another kind~the call's arguments make no sense~not supported~";
/** How to mend it: by what was expected at the place (Syntax, Phrase; of tokens and types their names alone), else by code. */
const EXPECTED =
  "~a value~a comma or the container's end~a key in double quotes~a colon~nothing may follow the document~a string has no end~control characters must be escaped~an unknown escape~half of a surrogate pair~a number is not well-formed~~~~~~~~~~an object~an array~a string~true or false~a string, a number, true or false~an integer~~add elements~a condition is an object or an array, and asks for a feature, all, any, not or if~write a list of flags, or an object of attributes, flags, some, every, none or count~write a text, a list of texts, or an object with version, number, size, text or exists~write a range, such as >=5.14 <7~a weight is an integer from 1 to 100~if needs then or else~then and else need an if beside them~a feature is named source.feature or domain/source.feature~each runtime type may stand once~add apiVersion: hostfit/v1.0~kind must be Requirements, Host or Policy~add os~add architecture~~write accept, undetermined or refuse~~~~of NFD's image compatibility, v1alpha1 is known~";
const ADVICE =
  "~a number is not well-formed~~remove one of the two~remove it or mend its spelling; a feature's name has a dot~~~remove it, or put something in~~write operators >= > <= < = != before bounds, spaces between terms, || between groups~patterns are in RE2 syntax, without look-around, back-references, scripts~only host.platform, candidate.platform and candidate.annotations exist, and facts can't set them~use a newer hostfit; this one knows hostfit/v1.0~write hostfit/v1.0~~~~free handles or raise the ceiling~~use handles that calls gave~~~~";

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
  const phrase = errorPhrase();
  if (putNth(EXPECTED, phrase)) {
    if (phrase <= Syntax.COLON || (phrase >= Phrase.OBJECT && phrase <= Phrase.INTEGER)) put(" was expected");
  } else if (!putNth(ADVICE, code)) put("docs/language.md and docs/abi.md say more");
  put('"}');
}

/** Bytes to quote of a text: whole characters, at most QUOTED bytes. */
function cut(text: usize, length: u32): u32 {
  if (length <= QUOTED) return length;
  let end = QUOTED;
  while (end > 0 && (load<u8>(text + end) & 0xc0) == 0x80) end--;
  return end;
}
