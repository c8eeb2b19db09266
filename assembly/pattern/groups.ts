/**
 * The groups that are open while a pattern is read, innermost first, and what is known of their parts: not a tree, only
 * the few numbers that Go's limits are about.
 *
 * Go limits the height of the tree that it builds. So that the same patterns are refused, a height is counted as it
 * counts: neighbouring characters are one node, a sequence in a sequence is one sequence, alternatives that are single
 * characters are one class. (Go also factors common beginnings out of alternatives; that is not counted.)
 */
import { PatternError, fail } from "./errors";
import { MAX_INSTRUCTIONS } from "./program";
import { allocate } from "./scratch";

/** The greatest height of a pattern, as in Go. */
export const MAX_HEIGHT: u32 = 1000;
/** The most copies of one thing that nested repetitions may make, as in Go. */
export const MAX_COPIES: u32 = 1000;

/** What a part of a pattern is, as far as it matters to the height of what it becomes a part of. */
export const enum Shape {
  /** There is no part. */
  None = 0,
  /** Matches the empty text. */
  Empty = 1,
  /** One character. */
  Character = 2,
  /** Several characters in a row. */
  Text = 3,
  /** A class of characters. */
  Class = 4,
  Sequence = 5,
  Alternatives = 6,
  Other = 7,
}

/** An open group, or the whole pattern. */
@unmanaged
export class Group {
  outer: usize;
  /** Where in the pattern its parenthesis is. */
  offset: u32;
  /** The flags that hold again after it. */
  flags: u32;
  /** Whether it captures, which Go counts as a node. */
  captures: bool;
  /** Where its instructions begin. */
  start: u32;
  /** Where the instructions of the alternative at hand begin. */
  alternative: u32;
  /** The last of the jumps from the end of its alternatives; 0: none yet. */
  jump: u32;

  // The part that was read last: what a repetition would repeat.
  partShape: Shape;
  partFolded: bool;
  partStart: u32;
  partWeight: u32;
  partHeight: u32;
  partCopies: u32;

  // The alternative at hand, without its last part.
  count: u32;
  shape: Shape;
  folded: bool;
  endsInText: bool;
  soleHeight: u32;
  innerHeight: u32;
  weight: u32;
  copies: u32;

  // The alternatives before it.
  choices: u32;
  choiceShape: Shape;
  lastChoiceShape: Shape;
  choiceSoleHeight: u32;
  choiceInnerHeight: u32;
  choiceWeight: u32;
  choiceCopies: u32;
}

let innermost: usize = 0;
/** Groups that were closed, for use again. */
let closed: usize = 0;

/** Begins a compilation: no groups. */
export function openGroups(): void {
  innermost = 0;
  closed = 0;
}

/** The innermost open group. */
export function group(): Group {
  return changetype<Group>(innermost);
}

/** Opens a group. False, with the error set, without memory. */
export function openGroup(offset: u32, start: u32, flags: u32, captures: bool): bool {
  let place = closed;
  if (place != 0) {
    closed = changetype<Group>(place).outer;
    memory.fill(place, 0, offsetof<Group>());
  } else {
    place = allocate(offsetof<Group>());
    if (place == 0) return false;
  }
  const opened = changetype<Group>(place);
  opened.outer = innermost;
  opened.offset = offset;
  opened.flags = flags;
  opened.captures = captures;
  opened.start = start;
  opened.alternative = start;
  innermost = place;
  return true;
}

/** Closes the innermost group, after `endAlternative`, and makes it the last part of the one around it. */
export function closeGroup(offset: u32): bool {
  const inner = group();
  let shape = inner.choiceShape;
  let height = inner.choiceSoleHeight;
  let weight = inner.choiceWeight;
  if (inner.choices > 1) {
    shape = Shape.Alternatives;
    height = inner.choiceInnerHeight;
  }
  if (inner.captures) {
    shape = Shape.Other;
    height++;
    weight += 2;
  }
  innermost = inner.outer;
  inner.outer = closed;
  closed = changetype<usize>(inner);
  return addPart(shape, inner.folded, inner.start, weight, height, inner.choiceCopies, offset);
}

function isText(shape: Shape): bool {
  return shape == Shape.Character || shape == Shape.Text;
}

function isOneCharacter(shape: Shape): bool {
  return shape == Shape.Character || shape == Shape.Class;
}

/** Whether a part may be as heavy and as high as this; the error is set if not. */
function withinLimits(weight: u32, height: u32, offset: u32): bool {
  if (weight > MAX_INSTRUCTIONS) return fail(PatternError.ExpressionTooLarge, offset);
  return height <= MAX_HEIGHT || fail(PatternError.NestingTooDeep, offset);
}

/**
 * Adds a part to the alternative at hand, written from the instruction `start` on. `weight` is how many instructions it
 * is, counted as Go counts, and `copies` how many times its most repeated part is repeated.
 */
export function addPart(
  shape: Shape,
  folded: bool,
  start: u32,
  weight: u32,
  height: u32,
  copies: u32,
  offset: u32,
): bool {
  joinPart();
  const g = group();
  g.partShape = shape;
  g.partFolded = folded;
  g.partStart = start;
  g.partWeight = weight;
  g.partHeight = height;
  g.partCopies = copies;
  return withinLimits(weight, height, offset);
}

/** Makes the last part a repetition of itself, `min` to `max` times (-1: without limit). */
export function repeatPart(counted: bool, min: i32, max: i32, offset: u32): bool {
  const g = group();
  let weight = g.partWeight;
  let copies = g.partCopies;
  if (max < 0) weight = min == 0 ? weight + 2 : weight * <u32>min + 1;
  else weight = weight * <u32>max + <u32>(max - min);
  if (counted) {
    const most = max < 0 ? min : max;
    copies = max == 0 ? 1 : copies * <u32>(most > 0 ? most : 1);
    if (most >= 2 && copies > MAX_COPIES) return fail(PatternError.InvalidRepeatCount, offset);
  }
  g.partShape = Shape.Other;
  g.partWeight = weight > 0 ? weight : 1;
  g.partHeight++;
  g.partCopies = copies;
  return withinLimits(g.partWeight, g.partHeight, offset);
}

/** Takes the last part, if there is one, into the alternative: it can no longer be repeated. */
export function joinPart(): void {
  const g = group();
  const shape = g.partShape;
  if (shape == Shape.None) return;
  if (g.endsInText && isText(shape) && g.folded == g.partFolded) {
    if (g.count == 1) g.shape = Shape.Text;
  } else {
    g.count++;
    if (g.count == 1) {
      g.shape = shape;
      g.soleHeight = g.partHeight;
    }
  }
  g.endsInText = isText(shape);
  g.folded = g.partFolded;
  g.innerHeight = max(g.innerHeight, shape == Shape.Sequence ? g.partHeight : g.partHeight + 1);
  g.weight += g.partWeight;
  g.copies = max(g.copies, g.partCopies);
  g.partShape = Shape.None;
}

/** Ends the alternative at hand and begins the next. */
export function endAlternative(offset: u32): bool {
  joinPart();
  const g = group();
  let shape = g.shape;
  let height = g.soleHeight;
  if (g.count == 0) {
    shape = Shape.Empty;
    height = 1;
  } else if (g.count > 1) {
    shape = Shape.Sequence;
    height = g.innerHeight;
  }
  const weight = max(g.weight, 1);
  const last = g.lastChoiceShape;
  const joined =
    (isOneCharacter(last) && isOneCharacter(shape)) || (last == Shape.Empty && shape == Shape.Empty);
  if (joined) {
    if (shape != Shape.Empty) shape = Shape.Class;
    if (g.choices == 1) g.choiceShape = shape;
  } else {
    g.choices++;
    if (g.choices == 1) {
      g.choiceShape = shape;
      g.choiceSoleHeight = height;
    }
  }
  g.lastChoiceShape = shape;
  g.choiceInnerHeight = max(g.choiceInnerHeight, shape == Shape.Alternatives ? height : height + 1);
  // The instructions that split off the alternative and lead from its end.
  g.choiceWeight += g.choiceWeight == 0 ? weight : weight + 2;
  g.choiceCopies = max(g.choiceCopies, max(g.copies, 1));
  g.count = 0;
  g.endsInText = false;
  g.innerHeight = 0;
  g.weight = 0;
  g.copies = 0;
  const inner = g.choices > 1 ? g.choiceInnerHeight : 0;
  return withinLimits(weight, height, offset) && withinLimits(g.choiceWeight, inner, offset);
}
