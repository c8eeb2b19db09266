/** The core's bare ABI, for proofs: the release, or the guarded build that checks itself after every call. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BundlePart, layOutBundle } from "../../bindings/js/bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Exports {
  readonly memory: WebAssembly.Memory;
  hf_result(): number;
  hf_seed(a: number, b: number): number;
  hf_set(setting: number, value: number): number;
  hf_memory(): number;
  hf_input(length: number): number;
  hf_compile(length: number): number;
  hf_facts(length: number): number;
  hf_policy(length: number): number;
  hf_free(handle: number): number;
  hf_decide(requirements: number, facts: number): number;
  hf_decide_many(requirements: number, count: number): number;
  hf_evaluate(requirements: number, facts: number, policy: number, length: number): number;
  hf_rank(facts: number, policy: number, length: number): number;
  hf_fail_allocation(n: number): number;
  /** Of the module with fleets, and the guarded build. */
  hf_fleet(): number;
  hf_fleet_put(fleet: number, slot: number, facts: number, length: number): number;
  hf_fleet_remove(fleet: number, slot: number): number;
  hf_fleet_size(fleet: number, what: number): number;
  hf_fleet_trim(fleet: number): number;
  hf_fleet_row(
    fleet: number,
    requirements: number,
    policy: number,
    length: number,
    parts: number,
    best: number,
  ): number;
  hf_fleet_rows(fleet: number, count: number): number;
  hf_fleet_evaluate(
    fleet: number,
    slot: number,
    requirements: number,
    policy: number,
    length: number,
  ): number;
  /** Of the guarded build alone. */
  guard_heap?(): number;
  guard_regions(): number;
  guard_owned(): number;
  guard_steps(): bigint;
  guard_charged(): bigint;
  guard_limit(steps: bigint): void;
  guard_pending(): number;
  guard_serial(last: number): void;
  guard_access(address: number, offset: number, bytes: number): number;
}

/** Error codes that proofs ask for (assembly/errors.ts). */
export const Code = {
  INVALID_JSON: 1,
  INVALID_UTF8: 2,
  DUPLICATE_KEY: 3,
  TOO_DEEP: 14,
  TOO_LARGE: 15,
  LIMIT: 16,
  OUT_OF_MEMORY: 17,
  BUDGET: 18,
  STALE_HANDLE: 19,
  WRONG_HANDLE: 20,
  BAD_CALL: 21,
} as const;

/** What a call left behind. */
export interface Outcome {
  readonly status: number;
  readonly code: number;
  readonly offset: number;
  /** The answer, or the error: JSON, or "" where there was nothing to say. */
  readonly text: string;
}

export interface Limits {
  readonly seed?: readonly [number, number];
  readonly memory?: number;
  readonly work?: number;
}

/** What a row is asked about beside its document. */
export interface FleetQuestion {
  readonly policy?: number;
  readonly candidate?: Uint8Array | null;
  readonly parts?: number;
  readonly best?: number;
}

const modules = new Map<string, WebAssembly.Module>();

/** The release, as `npm run build` left it. */
export function releaseModule(): WebAssembly.Module {
  return moduleOf("dist/hostfit.wasm");
}

let failedBuild: unknown;

/** The release with fleets. */
export function fleetModule(): WebAssembly.Module {
  return moduleOf("dist/hostfit-fleet.wasm");
}

/** The guarded build, made of the sources as they are. */
export function guardedModule(): WebAssembly.Module {
  if (failedBuild !== undefined) throw failedBuild;
  if (!modules.has("dist/hostfit.checked.wasm")) {
    try {
      execFileSync(process.execPath, ["build/checked.mjs", "--if-needed"], {
        cwd: root,
        stdio: ["ignore", "inherit", "pipe"],
      });
    } catch (error) {
      failedBuild = error;
      throw error;
    }
  }
  return moduleOf("dist/hostfit.checked.wasm");
}

function moduleOf(file: string): WebAssembly.Module {
  let module = modules.get(file);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(`${root}/${file}`));
    modules.set(file, module);
  }
  return module;
}

const strict = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** The bytes of a value: text and bytes as they are, everything else as JSON. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return encoder.encode(typeof value === "string" ? value : JSON.stringify(value));
}

/** A proof that failed: what was seen after a call. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** Steps that the guarded build may take in one call before it is a trap: far past what a budget of work allows. */
const DEADLINE = 100_000_000_000n;

/** One instance. */
export class BareCore {
  readonly #exports: Exports;
  readonly #result: number;
  #bytes: Uint8Array;
  #view: DataView;
  readonly #live = new Set<number>();

  constructor(module: WebAssembly.Module, limits: Limits = {}) {
    this.#exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    const [a, b] = limits.seed ?? [0x5eed, 0xfeed];
    this.#exports.hf_seed(a, b);
    this.limit(limits);
    this.#result = this.#exports.hf_result();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#view = new DataView(this.#exports.memory.buffer);
    if (this.isGuarded) this.#exports.guard_limit(DEADLINE);
  }

  get isGuarded(): boolean {
    return this.#exports.guard_heap !== undefined;
  }

  /** Bytes in use, as the core counts them. */
  get memory(): number {
    return this.#exports.hf_memory() >>> 0;
  }

  /** Bytes of linear memory. */
  get linearMemory(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Handles that were made and not freed. */
  get handles(): readonly number[] {
    return [...this.#live];
  }

  limit(limits: Limits): void {
    this.#set(0, limits.memory);
    this.#set(1, limits.work);
  }

  #set(setting: number, value: number | undefined): void {
    if (value !== undefined && this.#exports.hf_set(setting, value) < 0)
      throw new Violation(`setting ${setting} can't be ${value}`);
  }

  /** The n-th allocation from now fails; 0: none. */
  failAllocation(n: number): void {
    this.#exports.hf_fail_allocation(n);
  }

  /** Seeds the hash, which was done when the instance was made. */
  seed(a: number, b: number): Outcome {
    return this.#outcome(this.#exports.hf_seed(a, b), false);
  }

  /** Of the guarded build: as if so many facts had been loaded. */
  setSerial(last: number): void {
    this.#exports.guard_serial(last | 0);
  }

  /** Of the guarded build: a call is a trap after so many turns of loops. */
  stepsAreAtMost(steps: number): void {
    this.#exports.guard_limit(BigInt(steps));
  }

  /** Of the guarded build: whether that allocation has not come yet. */
  get failurePending(): boolean {
    return this.#exports.guard_pending() === 1;
  }

  /** Of the guarded build: whether these bytes may be touched. */
  mayTouch(address: number, bytes: number): boolean {
    try {
      this.#exports.guard_access(address, 0, bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** Puts bytes where the next call reads them: their address, or negative if the core has no room. */
  input(bytes: Uint8Array): number {
    const address = this.#exports.hf_input(bytes.length);
    if (address < 0) return address;
    this.#refresh();
    this.#bytes.set(bytes, address);
    return address;
  }

  compile(...parts: readonly Partial<BundlePart>[]): Outcome {
    return this.bundle(
      layOutBundle(
        parts.map((part) => ({ id: part.id ?? "", dialect: part.dialect ?? "native", bytes: part.bytes! })),
      ),
    );
  }

  /** Compiles a bundle as it lies there. */
  bundle(bytes: Uint8Array): Outcome {
    return this.#made(bytes, (length) => this.#exports.hf_compile(length));
  }

  facts(bytes: Uint8Array): Outcome {
    return this.#made(bytes, (length) => this.#exports.hf_facts(length));
  }

  policy(bytes: Uint8Array): Outcome {
    return this.#made(bytes, (length) => this.#exports.hf_policy(length));
  }

  free(handle: number): Outcome {
    const status = this.#exports.hf_free(handle);
    if (status >= 0) this.#live.delete(handle);
    return this.#outcome(status, false);
  }

  decide(requirements: number, facts: number): Outcome {
    return this.#outcome(this.#exports.hf_decide(requirements, facts), false);
  }

  /** The verdicts for many hosts: 2, 1 or 0 for each. */
  decideMany(
    requirements: number,
    hosts: readonly number[],
  ): { readonly outcome: Outcome; readonly values: readonly number[] } {
    const handles = new Uint8Array(new Int32Array(hosts).buffer);
    if (this.input(handles) < 0) return { outcome: this.#outcome(-1, false), values: [] };
    const outcome = this.#outcome(this.#exports.hf_decide_many(requirements, hosts.length), false);
    if (outcome.status < 0) return { outcome, values: [] };
    this.#refresh();
    const answer = this.#view.getUint32(this.#result + 4, true);
    const words = Math.ceil(hosts.length / 32);
    if (this.#view.getUint32(this.#result + 8, true) !== words * 8)
      throw new Violation("planes of another length");
    const bit = (plane: number, i: number) =>
      (this.#view.getUint32(answer + 4 * (plane * words + (i >>> 5)), true) >>> (i & 31)) & 1;
    return { outcome, values: hosts.map((_, i) => bit(0, i) + bit(1, i)) };
  }

  evaluate(requirements: number, facts: number, policy = 0, candidate: Uint8Array | null = null): Outcome {
    if (candidate !== null && this.input(candidate) < 0) return this.#outcome(-1, true);
    return this.#outcome(
      this.#exports.hf_evaluate(requirements, facts, policy, candidate?.length ?? 0),
      true,
    );
  }

  rank(facts: number, policy: number, input: Uint8Array): Outcome {
    if (this.input(input) < 0) return this.#outcome(-1, true);
    return this.#outcome(this.#exports.hf_rank(facts, policy, input.length), true);
  }

  fleet(): Outcome {
    const status = this.#exports.hf_fleet();
    if (status > 0) this.#live.add(status);
    return this.#outcome(status, false);
  }

  /** Puts a host into a slot (-1: a free one); `host` is a handle or its facts. */
  fleetPut(fleet: number, slot: number, host: number | Uint8Array): Outcome {
    if (typeof host === "number")
      return this.#outcome(this.#exports.hf_fleet_put(fleet, slot, host, 0), false);
    if (this.input(host) < 0) return this.#outcome(-1, false);
    return this.#outcome(this.#exports.hf_fleet_put(fleet, slot, 0, host.length), false);
  }

  fleetRemove(fleet: number, slot: number): Outcome {
    return this.#outcome(this.#exports.hf_fleet_remove(fleet, slot), false);
  }

  fleetSize(fleet: number, what: 0 | 1 | 2): number {
    return this.#exports.hf_fleet_size(fleet, what);
  }

  fleetTrim(fleet: number): Outcome {
    return this.#outcome(this.#exports.hf_fleet_trim(fleet), false);
  }

  /** A row, its bytes as hexadecimal digits. */
  fleetRow(
    fleet: number,
    requirements: number,
    { policy = 0, candidate = null, parts = 0, best = 0 }: FleetQuestion = {},
  ): Outcome {
    if (candidate !== null && this.input(candidate) < 0) return this.#outcome(-1, false);
    const length = candidate?.length ?? 0;
    return this.#binary(this.#exports.hf_fleet_row(fleet, requirements, policy, length, parts, best));
  }

  fleetRows(fleet: number, requirements: readonly number[]): Outcome {
    if (this.input(new Uint8Array(new Int32Array(requirements).buffer)) < 0) return this.#outcome(-1, false);
    return this.#binary(this.#exports.hf_fleet_rows(fleet, requirements.length));
  }

  fleetEvaluate(fleet: number, slot: number, requirements: number, policy = 0): Outcome {
    return this.#outcome(this.#exports.hf_fleet_evaluate(fleet, slot, requirements, policy, 0), true);
  }

  /** An outcome whose answer isn't text. */
  #binary(status: number): Outcome {
    if (status < 0) return this.#outcome(status, false);
    this.check();
    this.#refresh();
    const at = this.#view.getUint32(this.#result + 4, true);
    const bytes = this.#bytes.subarray(at, at + this.#view.getUint32(this.#result + 8, true));
    return { status, code: 0, offset: 0, text: Buffer.from(bytes).toString("hex") };
  }

  /** Calls with a length that has nothing to do with what was put in. */
  raw(name: "hf_compile" | "hf_facts" | "hf_policy", length: number): Outcome {
    const status = this.#exports[name](length);
    if (status > 0) this.#live.add(status);
    return this.#outcome(status, false);
  }

  freeAll(): void {
    for (const handle of this.#live) {
      const { code } = this.free(handle);
      if (code !== 0) throw new Violation(`handle ${handle} can't be freed: code ${code}`);
    }
  }

  /** Of the guarded build: loops' turns and units charged since the last time. */
  takeWork(): { readonly steps: number; readonly charged: number } {
    return { steps: Number(this.#exports.guard_steps()), charged: Number(this.#exports.guard_charged()) };
  }

  /** Throws a Violation where the heap is not what it must be between calls. */
  check(): void {
    const fault = this.#exports.guard_heap?.() ?? 0;
    if (fault !== 0) throw new Violation(`the heap is not well-formed: ${fault}`);
    if (!this.isGuarded) return;
    const regions = this.#exports.guard_regions();
    const owned = this.#exports.guard_owned();
    if (regions !== owned) throw new Violation(`handles have ${owned} regions, but there are ${regions}`);
    if (owned < this.#live.size) throw new Violation(`${this.#live.size} handles, but ${owned} regions`);
  }

  #made(bytes: Uint8Array, call: (length: number) => number): Outcome {
    if (this.input(bytes) < 0) return this.#outcome(-1, true);
    const status = call(bytes.length);
    if (status > 0) this.#live.add(status);
    return this.#outcome(status, false);
  }

  /** Growth of the memory detaches what was viewed before. */
  #refresh(): void {
    const { buffer } = this.#exports.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  #outcome(status: number, answers: boolean): Outcome {
    this.check();
    if (status >= 0 && !answers) return { status, code: 0, offset: 0, text: "" };
    this.#refresh();
    const word = (at: number) => this.#view.getUint32(this.#result + at, true);
    const text = strict.decode(this.#bytes.subarray(word(4), word(4) + word(8)));
    const outcome = { status, code: word(12), offset: word(16), text };
    if (status < 0 && outcome.code === 0) throw new Violation("a call failed without a code");
    if (status < 0 && text !== "" && (JSON.parse(text) as { offset: number }).offset !== outcome.offset) {
      throw new Violation(`the offset ${outcome.offset} is another in ${text}`);
    }
    if (status >= 0 && outcome.code !== 0)
      throw new Violation(`a call that went well has the code ${outcome.code}`);
    return outcome;
  }
}
