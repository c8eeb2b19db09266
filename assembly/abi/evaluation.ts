/** The verdict of one pair with its reasons, as JSON: what hf_evaluate answers. */
import { putVerdictBody, putVerdictName } from "../answer/verdict";
import { put } from "../answer/writer";
import { Code, fail } from "../errors";
import { Pair, judge } from "../evaluate/verdict";
import { regionCreate, regionFree } from "../memory/region";
import { checkCandidate, readCandidate } from "../rank/rank";
import { answered, checkInput, finish, inputJson, refuse, scanInput } from "./call";

const pairMemory: usize = memory.data(128, 8);

/** The pair of the call, with nothing in it. */
export function clearedPair(): Pair {
  memory.fill(pairMemory, 0, offsetof<Pair>());
  return changetype<Pair>(pairMemory);
}

/** Reads the candidate in the input, if it has a length, into a pair. False with the error recorded. */
export function readInputCandidate(scratch: usize, length: u32, pair: Pair): bool {
  return (
    checkInput(length) &&
    scanInput(length) &&
    checkCandidate(inputJson) &&
    readCandidate(scratch, inputJson, 0, pair)
  );
}

/** Evaluates a pair whose program, host and policy are set, and ends the call. */
export function evaluatePair(pair: Pair, length: u32): i32 {
  if (length == 0) {
    const alone = writeVerdict(pair);
    return alone < 0 ? refuse() : alone;
  }
  const scratch = regionCreate(4096);
  if (scratch == 0) {
    fail(Code.OUT_OF_MEMORY);
    return refuse();
  }
  const value = readInputCandidate(scratch, length, pair) ? writeVerdict(pair) : -1;
  if (changetype<usize>(pair.candidate) != 0) regionFree(pair.candidate.region);
  regionFree(scratch);
  return value < 0 ? refuse() : value;
}

function writeVerdict(pair: Pair): i32 {
  judge(pair);
  put('{"verdict":');
  putVerdictName(pair.value);
  put(",");
  putVerdictBody(pair);
  put("}");
  return answered() ? finish(<i32>pair.value) : -1;
}
