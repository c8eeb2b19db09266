/**
 * Rows: the verdicts of a document for every host of a fleet, and scores. Block by block, documents in batches within a block, so that
 * what they share stays near.
 */
import { putRoom } from "../answer/writer";
import { Code, fail } from "../errors";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { Program } from "../program/program";
import { charge } from "../work";
import { beginBatch, isFull } from "./cache";
import { Fleet, reserve } from "./fleet";
import { andPlanes, constantPlanes, copyPlanes, countBits, ifPlanes, notPlanes, orPlanes } from "./planes";
import { LEAF, Leaf, LeafKind, Plan, PlanOp, leafAt, planOf, scoreAt } from "./plan";
import { prepareLeaf } from "./predicate";
import { BLOCK, BLOCK_SHIFT, PAIR_BYTES, PLANE_BYTES } from "./layout";

/** A row's header: slots, compatible, undetermined, incompatible, best. */
export const ROW_HEADER: u32 = 20;

const stack = changetype<Buffer>(memory.data(12, 8));
const KEPT_STACK: u32 = 1 << 17;
/** The plan of each document of a batch. */
const plans = changetype<Buffer>(memory.data(12, 8));
const KEPT_PLANS: u32 = 1 << 14;
/** The candidate's platform. */
const platformLeaf = changetype<Leaf>(memory.data(32, 8));
/** Hosts for which a set of a document counts already. */
const taken: usize = memory.data(512, 16);

/** Words of a plane over all slots. */
export function wordsOf(fleet: Fleet): u32 {
  return (fleet.slots + 31) >>> 5;
}

/** Sees to it that all leaves of a program have their planes. 0 with the error recorded. */
function prepare(program: Program): Plan {
  const none = changetype<Plan>(<usize>0);
  const plan = planOf(program);
  if (changetype<usize>(plan) == 0) return none;
  if (!charge(plan.leafCount << 3)) {
    fail(Code.BUDGET);
    return none;
  }
  for (let i: u32 = 0; i < plan.leafCount; i++) if (!prepareLeaf(program, leafAt(plan, i))) return none;
  return plan;
}

/** Room on the stack for a plan above what lies there. */
function reserveStack(plan: Plan, below: u32): bool {
  return bufferReserve(stack, (plan.depth + below) * PAIR_BYTES) || fail(Code.OUT_OF_MEMORY);
}

/** Bytes of a block's planes that hosts need, in whole vectors. */
@inline function bytesOf(fleet: Fleet, block: u32): u32 {
  return ((min(fleet.slots - (block << BLOCK_SHIFT), BLOCK) + 127) >>> 7) << 4;
}

/** Does a plan's operations `from` to `to` for a block; what they give lies at `base`. */
function run(plan: Plan, from: u32, to: u32, block: u32, bytes: u32, base: usize): void {
  let top = base - PAIR_BYTES;
  const end = plan.operations + ((<usize>to) << 2);
  for (let at = plan.operations + ((<usize>from) << 2); at < end; at += 4) {
    const operation = load<u32>(at);
    const op = operation & 15;
    if (op <= PlanOp.OR) {
      const leaf = changetype<Leaf>(plan.leaves + <usize>(operation >>> 4) * LEAF);
      const planes = leaf.planes + block * leaf.stride;
      if (op == PlanOp.AND) andPlanes(top, planes, bytes);
      else if (op == PlanOp.OR) orPlanes(top, planes, bytes);
      else {
        top += PAIR_BYTES;
        copyPlanes(top, planes, bytes);
      }
    } else if (op == PlanOp.AND_TOP || op == PlanOp.OR_TOP) {
      top -= PAIR_BYTES;
      if (op == PlanOp.AND_TOP) andPlanes(top, top + PAIR_BYTES, bytes);
      else orPlanes(top, top + PAIR_BYTES, bytes);
    } else if (op == PlanOp.NOT) notPlanes(top, bytes);
    else if (op == PlanOp.IF) {
      top -= PAIR_BYTES << 1;
      ifPlanes(top, bytes);
    } else {
      top += PAIR_BYTES;
      copyPlanes(top, constantPlanes(op == PlanOp.TRUE ? 2 : 0), bytes);
    }
  }
}

/** Whether there is work for a plan's operations over all hosts. */
function payFor(fleet: Fleet, operations: u32): bool {
  const units = <u64>operations * (8 + (fleet.slots >>> 6)) * max(fleet.blocks, 1);
  return (units < <u64>u32.MAX_VALUE && charge(<u32>units)) || fail(Code.BUDGET);
}

/** Writes a block's planes, which lie at `planes`, into a row, without the slots that have no host; counts into its header. */
function storeBlock(fleet: Fleet, row: usize, block: u32, planes: usize, bytes: u32): void {
  const alive = fleet.alive.address + block * PLANE_BYTES;
  for (let i: usize = 0; i < bytes; i += 16) {
    const mask = v128.load(alive + i);
    v128.store(planes + i, v128.and(v128.load(planes + i), mask));
    v128.store(planes + i, v128.and(v128.load(planes + i, PLANE_BYTES), mask), PLANE_BYTES);
  }
  const compatible = countBits(planes, bytes);
  store<u32>(row, load<u32>(row, 4) + compatible, 4);
  store<u32>(row, load<u32>(row, 8) + countBits(planes + PLANE_BYTES, bytes) - compatible, 8);
  const words = wordsOf(fleet) << 2;
  const at = block * PLANE_BYTES;
  const count = min(words - at, PLANE_BYTES);
  memory.copy(row + ROW_HEADER + at, planes, count);
  memory.copy(row + ROW_HEADER + words + at, planes + PLANE_BYTES, count);
}

function beginRow(fleet: Fleet, row: usize): void {
  // Without hosts nothing else is written.
  memory.fill(row, 0, ROW_HEADER + (fleet.hosts == 0 ? wordsOf(fleet) << 3 : 0));
  store<u32>(row, fleet.slots);
}

function endRow(fleet: Fleet, row: usize): void {
  store<u32>(row, fleet.hosts - load<u32>(row, 4) - load<u32>(row, 8), 12);
}

/** Rows for many programs, whose addresses are listed, one after the other at `rows`. False with the error recorded. */
export function evaluateRows(fleet: Fleet, programs: usize, count: u32, rows: usize): bool {
  const size = ROW_HEADER + (wordsOf(fleet) << 3);
  for (let i: u32 = 0; i < count; i++) beginRow(fleet, rows + i * size);
  bufferTrim(plans, KEPT_PLANS);
  bufferTrim(stack, KEPT_STACK);
  if (!reserve(plans, count << 2)) return false;
  let done: u32 = 0;
  while (done < count && fleet.hosts > 0) {
    beginBatch(fleet);
    const first = done;
    while (done < count && !(done > first && isFull(fleet))) {
      const plan = prepare(changetype<Program>(<usize>load<u32>(programs + ((<usize>done) << 2))));
      if (changetype<usize>(plan) == 0) return false;
      if (!reserveStack(plan, 0) || !payFor(fleet, plan.verdictEnd + 4)) return false;
      store<u32>(plans.address + ((<usize>done) << 2), <u32>changetype<usize>(plan));
      done++;
    }
    for (let block: u32 = 0; block < fleet.blocks; block++) {
      const bytes = bytesOf(fleet, block);
      for (let i = first; i < done; i++) {
        const plan = changetype<Plan>(<usize>load<u32>(plans.address + ((<usize>i) << 2)));
        run(plan, 0, plan.verdictEnd, block, bytes, stack.address);
        storeBlock(fleet, rows + i * size, block, stack.address, bytes);
      }
    }
  }
  for (let i: u32 = 0; i < count; i++) endRow(fleet, rows + i * size);
  return true;
}

/**
 * The row of a program at `row`, and with `scores` (an address, or 0) every host's score. `policy` may be 0; `judged` says whether a
 * candidate takes part: then the question is about its platform, too. False with the error recorded.
 */
export function evaluateRow(fleet: Fleet, program: Program, policy: Program, judged: bool, row: usize, scores: usize): bool {
  beginRow(fleet, row);
  bufferTrim(stack, KEPT_STACK);
  if (fleet.hosts == 0) {
    if (scores != 0) memory.fill(scores, 0, fleet.slots << 2);
    return true;
  }
  beginBatch(fleet);
  const plan = prepare(program);
  if (changetype<usize>(plan) == 0) return false;
  let rules = changetype<Plan>(<usize>0);
  if (changetype<usize>(policy) != 0) {
    rules = prepare(policy);
    if (changetype<usize>(rules) == 0 || !reserveStack(rules, 1)) return false;
  }
  if (judged) {
    memory.fill(changetype<usize>(platformLeaf), 0, LEAF);
    platformLeaf.kind = LeafKind.PLATFORM;
    if (!prepareLeaf(program, platformLeaf)) return false;
  }
  if (!reserveStack(plan, 1)) return false;
  const operations = plan.verdictEnd + 4 + (changetype<usize>(rules) == 0 ? 0 : rules.verdictEnd);
  if (!payFor(fleet, operations) || (scores != 0 && !payForScores(fleet, plan))) return false;
  const base = stack.address;
  for (let block: u32 = 0; block < fleet.blocks; block++) {
    const bytes = bytesOf(fleet, block);
    run(plan, 0, plan.verdictEnd, block, bytes, base);
    if (judged) andPlanes(base, platformLeaf.planes + block * platformLeaf.stride, bytes);
    if (changetype<usize>(rules) != 0) {
      run(rules, 0, rules.verdictEnd, block, bytes, base + PAIR_BYTES);
      andPlanes(base, base + PAIR_BYTES, bytes);
    }
    storeBlock(fleet, row, block, base, bytes);
    if (scores != 0) scoreBlock(fleet, plan, block, bytes, scores + ((<usize>block) << (BLOCK_SHIFT + 2)));
  }
  endRow(fleet, row);
  return true;
}

function payForScores(fleet: Fleet, plan: Plan): bool {
  if (plan.narrow == 0) return fail(Code.LIMIT);
  let operations: u32 = 0;
  for (let i: u32 = 0; i < plan.scoreCount; i++) operations += load<u32>(scoreAt(plan, i), 8) - load<u32>(scoreAt(plan, i), 4) + 8;
  return payFor(fleet, operations);
}

/** The scores of a block's hosts. */
function scoreBlock(fleet: Fleet, plan: Plan, block: u32, bytes: u32, scores: usize): void {
  const hosts = min(fleet.slots - (block << BLOCK_SHIFT), BLOCK);
  memory.fill(scores, 0, hosts << 2);
  const alive = fleet.alive.address + block * PLANE_BYTES;
  const planes = stack.address;
  let group: u32 = 0;
  for (let s: u32 = 0; s < plan.scoreCount; s++) {
    const score = scoreAt(plan, s);
    run(plan, load<u32>(score, 4), load<u32>(score, 8), block, bytes, planes);
    const own = load<u32>(score);
    if (own != 0) {
      if (own != group) memory.fill(taken, 0, PLANE_BYTES);
      for (let i: usize = 0; i < bytes; i += 16) {
        const holds = v128.load(planes + i);
        v128.store(planes + i, v128.andnot(holds, v128.load(taken + i)));
        v128.store(taken + i, v128.or(v128.load(taken + i), holds));
      }
    }
    group = own;
    for (let i: usize = 0; i < bytes; i += 16) v128.store(planes + i, v128.and(v128.load(planes + i), v128.load(alive + i)));
    addWeight(scores, planes, hosts, load<i32>(score, 12));
  }
}

/** Adds a weight to the scores of the hosts in a plane. */
function addWeight(scores: usize, plane: usize, hosts: u32, weight: i32): void {
  const add = i32x4.splat(weight);
  const low = i32x4(1, 2, 4, 8);
  const high = i32x4(16, 32, 64, 128);
  const whole = hosts >>> 3;
  for (let i: u32 = 0; i < whole; i++) {
    const bits = <u32>load<u8>(plane + i);
    if (bits == 0) continue;
    const at = scores + ((<usize>i) << 5);
    const each = i32x4.splat(bits);
    const a = v128.and(i32x4.eq(v128.and(each, low), low), add);
    const b = v128.and(i32x4.eq(v128.and(each, high), high), add);
    v128.store(at, i32x4.add(v128.load(at), a));
    v128.store(at, i32x4.add(v128.load(at, 16), b), 16);
  }
  for (let host = whole << 3; host < hosts; host++) {
    if (!((load<u8>(plane + (host >>> 3)) >>> <u8>(host & 7)) & 1)) continue;
    const at = scores + ((<usize>host) << 2);
    store<i32>(at, load<i32>(at) + weight);
  }
}
