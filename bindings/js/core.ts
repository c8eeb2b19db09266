import {
  type HostfitError,
  InputError,
  InstanceError,
  LimitError,
  LoadError,
  MisuseError,
  UnsupportedVersionError,
} from "./errors.ts";
import { notHostfit } from "./load.ts";

/** The exports of hostfit.wasm: docs/abi.md is their reference. */
export interface CoreExports {
  readonly memory: { readonly buffer: ArrayBufferLike };
  hf_abi(): number;
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
}

/** The ABI that this binding speaks: another major is refused, and an older minor. */
export const ABI_MAJOR = 1;
export const ABI_MINOR = 0;

const LIMIT_CODES = new Set(["out-of-memory", "budget-exceeded", "limit", "too-large", "too-deep"]);
const MISUSE_CODES = new Set(["stale-handle", "wrong-handle", "bad-call"]);

interface CoreFailure {
  readonly code: string;
  readonly message: string;
  readonly document: string;
  readonly offset: number;
  readonly pointer: string;
  readonly help: string;
}

/** One instance of the core: bytes in, bytes out. Everything typed is in matcher implementations above it. */
export class Core {
  readonly #exports: CoreExports;
  #lost: InstanceError | null = null;
  readonly #result: number;
  #bytes: Uint8Array;
  #view: DataView;
  readonly #decoder = new TextDecoder();

  constructor(exports: CoreExports, seed: readonly [number, number]) {
    checkAbi(exports);
    this.#exports = exports;
    exports.hf_seed(seed[0], seed[1]);
    this.#result = exports.hf_result();
    this.#bytes = new Uint8Array(exports.memory.buffer);
    this.#view = new DataView(exports.memory.buffer);
  }

  /** Bytes that the core has in use. */
  get memoryInUse(): number {
    return this.#call((core) => core.hf_memory()) >>> 0;
  }

  /** Sets the memory ceiling in bytes and the work budget of a call in units. */
  configure(limits: { memory?: number | undefined; work?: number | undefined }): void {
    for (const value of [limits.memory, limits.work]) {
      if (value === undefined || (Number.isInteger(value) && value > 0 && value <= 0x7fffffff)) continue;
      throw new MisuseError("bad-limit", `${String(value)} is no limit`, {
        help: "limits are integers from 1 to 2,147,483,647",
      });
    }
    const { memory, work } = limits;
    if (memory !== undefined) this.#checked(this.#call((core) => core.hf_set(0, memory)));
    if (work !== undefined) this.#checked(this.#call((core) => core.hf_set(1, work)));
  }

  /** Compiles a bundle (docs/abi.md, "Bundle"): a requirements handle. */
  compile(bundle: Uint8Array): number {
    return this.#asked(bundle, (core, length) => core.hf_compile(length));
  }

  /** Loads facts: a handle. */
  facts(json: Uint8Array): number {
    return this.#asked(json, (core, length) => core.hf_facts(length));
  }

  /** Loads a policy: a handle. */
  policy(json: Uint8Array): number {
    return this.#asked(json, (core, length) => core.hf_policy(length));
  }

  /** Frees a handle. Of an instance that is lost everything is free. */
  free(handle: number): void {
    if (this.#lost !== null) return;
    this.#checked(this.#call((core) => core.hf_free(handle)));
  }

  /** 2 compatible, 1 undetermined, 0 incompatible. */
  decide(requirements: number, facts: number): number {
    return this.#checked(this.#call((core) => core.hf_decide(requirements, facts)));
  }

  /** As decide, for many hosts in one call: 2, 1 or 0 for each. */
  decideMany(requirements: number, facts: readonly number[]): Uint8Array {
    const handles = new Uint8Array(facts.length * 4);
    const view = new DataView(handles.buffer);
    facts.forEach((handle, i) => {
      view.setUint32(4 * i, handle, true);
    });
    this.#asked(handles, (core) => core.hf_decide_many(requirements, facts.length));
    this.#refresh();
    const planes = this.#view.getUint32(this.#result + 4, true);
    const half = this.#view.getUint32(this.#result + 8, true) / 2;
    const values = new Uint8Array(facts.length);
    for (let i = 0; i < facts.length; i++) {
      const at = planes + (i >>> 3);
      const mask = 1 << (i & 7);
      values[i] =
        ((this.#bytes[at]! & mask) === 0 ? 0 : 1) + ((this.#bytes[at + half]! & mask) === 0 ? 0 : 1);
    }
    return values;
  }

  /** The verdict as JSON text. */
  evaluate(requirements: number, facts: number, policy: number, candidate: Uint8Array | null): string {
    const length = candidate === null ? 0 : this.#write(candidate);
    this.#checked(this.#call((core) => core.hf_evaluate(requirements, facts, policy, length)));
    return this.#answer();
  }

  /** The ranking as JSON text. */
  rank(facts: number, policy: number, input: Uint8Array): string {
    this.#asked(input, (core, length) => core.hf_rank(facts, policy, length));
    return this.#answer();
  }

  /** For cores with more exports: a call, with an input if there is one; its status, or what went wrong thrown. */
  protected ask(call: (core: CoreExports, length: number) => number, input?: Uint8Array): number {
    if (input === undefined) return this.#checked(this.#call((core) => call(core, 0)));
    return this.#asked(input, call);
  }

  /** The bytes of the last call's answer: a copy. */
  protected answerBytes(): Uint8Array<ArrayBuffer> {
    this.#refresh();
    const address = this.#view.getUint32(this.#result + 4, true);
    return this.#bytes.slice(address, address + this.#view.getUint32(this.#result + 8, true));
  }

  /** The last call's answer as text. */
  protected answerText(): string {
    return this.#answer();
  }

  /** A call with an input. */
  #asked(input: Uint8Array, call: (core: CoreExports, length: number) => number): number {
    const length = this.#write(input);
    return this.#checked(this.#call((core) => call(core, length)));
  }

  /** INVARIANT: no export is called but here, so that an instance whose call was cut off is never called again. */
  #call(call: (core: CoreExports) => number): number {
    if (this.#lost !== null) throw this.#lost;
    try {
      return call(this.#exports);
    } catch (error) {
      this.#lost = new InstanceError(
        "instance-lost",
        "the runtime cut off a call of the core: the instance is lost",
        {
          help: "make another matcher; call it with less on the stack",
          cause: error,
        },
      );
      throw this.#lost;
    }
  }

  #write(bytes: Uint8Array): number {
    const address = this.#checked(this.#call((core) => core.hf_input(bytes.length)));
    this.#refresh();
    this.#bytes.set(bytes, address >>> 0);
    return bytes.length;
  }

  /** Growth of the memory detaches what was viewed before. */
  #refresh(): void {
    const buffer = this.#exports.memory.buffer;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  #answer(): string {
    this.#refresh();
    const address = this.#view.getUint32(this.#result + 4, true);
    const length = this.#view.getUint32(this.#result + 8, true);
    return this.#decoder.decode(this.#bytes.subarray(address, address + length));
  }

  #checked(status: number): number {
    if (status >= 0) return status;
    this.#refresh();
    const text = this.#answer();
    if (text === "")
      throw new LimitError("out-of-memory", "the memory ceiling is reached", {
        help: "free handles or raise the ceiling",
      });
    throw errorOf(JSON.parse(text) as CoreFailure);
  }
}

function errorOf(failure: CoreFailure): HostfitError {
  const { code, message, help, document, offset, pointer } = failure;
  const where = pointer === "" ? "" : ` at ${pointer}`;
  const text = `${document === "" ? "" : `${document}: `}${message}${where}`;
  const place = { document, offset, pointer };
  if (code === "unsupported-version") return new UnsupportedVersionError(code, text, help, place);
  if (LIMIT_CODES.has(code)) return new LimitError(code, text, { help, details: place });
  if (MISUSE_CODES.has(code)) return new MisuseError(code, text, { help });
  return new InputError(code, text, help, place);
}

const FUNCTIONS: readonly Exclude<keyof CoreExports, "memory">[] = [
  "hf_abi",
  "hf_result",
  "hf_seed",
  "hf_set",
  "hf_memory",
  "hf_input",
  "hf_compile",
  "hf_facts",
  "hf_policy",
  "hf_free",
  "hf_decide",
  "hf_decide_many",
  "hf_evaluate",
  "hf_rank",
];

function checkAbi(exports: CoreExports): void {
  if (typeof exports.hf_abi !== "function" || !(exports.memory instanceof WebAssembly.Memory))
    throw notHostfit();
  let abi: number;
  try {
    abi = exports.hf_abi();
  } catch (error) {
    throw notHostfit(error);
  }
  const major = abi >> 16;
  const minor = abi & 0xffff;
  if (major !== ABI_MAJOR || minor < ABI_MINOR) {
    throw new LoadError(
      "abi-mismatch",
      `the module speaks ABI ${major}.${minor}, this binding ${ABI_MAJOR}.${ABI_MINOR}`,
      { help: "use the binding and hostfit.wasm of one version" },
    );
  }
  // What another major has is its own affair; ours has all of these.
  if (FUNCTIONS.some((name) => typeof exports[name] !== "function")) throw notHostfit();
}
