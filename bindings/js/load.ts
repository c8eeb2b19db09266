/** From where the core's module comes, to a compiled module; and what went wrong on the way, told apart. */
import { LoadError } from "./errors.ts";

/** A `WebAssembly.Module`, without the need for a library that declares it. */
export type CompiledModule = object;

/** What is needed of a `Response` of `fetch`. */
export interface FetchedModule {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The core at hand: its bytes, or the compiled module. What `createMatcherSync` takes. */
export type WasmAtHand = Uint8Array | ArrayBuffer | CompiledModule;

/** The core: at hand, an answer of `fetch` (compiled while it arrives), or the URL to fetch. */
export type WasmSource = WasmAtHand | FetchedModule | PromiseLike<FetchedModule> | URL;

/** Compiles what is at hand. Throws LoadError `not-hostfit`, `no-simd`, `compile-forbidden`, `no-webassembly`. */
export function compileAtHand(source: WasmAtHand): WebAssembly.Module {
  checkRuntime();
  if (source instanceof WebAssembly.Module) return source;
  if (!isBytes(source)) throw notHostfit();
  try {
    return new WebAssembly.Module(source as BufferSource);
  } catch (error) {
    throw whyNotCompiled(error);
  }
}

/** Compiles a source. Throws what compileAtHand does, `module-unreachable` and `module-incomplete`. */
export async function compileSource(source: WasmSource): Promise<WebAssembly.Module> {
  checkRuntime();
  if (source instanceof WebAssembly.Module) return source;
  if (isBytes(source)) {
    try {
      return await WebAssembly.compile(source as BufferSource);
    } catch (error) {
      throw whyNotCompiled(error);
    }
  }
  return compileFetched(await answerOf(source as FetchedModule | PromiseLike<FetchedModule> | URL));
}

/** The answer of a fetch, which may be under way. */
async function answerOf(source: FetchedModule | PromiseLike<FetchedModule> | URL): Promise<FetchedModule> {
  let answer: FetchedModule;
  try {
    answer = await (source instanceof URL ? fetch(source) : source);
  } catch (error) {
    throw unreachable(source instanceof URL ? source.href : "hostfit.wasm", error);
  }
  if (typeof answer?.arrayBuffer !== "function") throw notHostfit();
  if (!answer.ok) throw unreachable(`${answer.url} (status ${answer.status})`);
  return answer;
}

/** Compiles while the bytes arrive, where the server names the type of the bytes so that a runtime agrees to. */
async function compileFetched(answer: FetchedModule): Promise<WebAssembly.Module> {
  const type = answer.headers.get("content-type") ?? "";
  if (/^application\/wasm\s*$/i.test(type) && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(answer as Response);
    } catch (error) {
      throw error instanceof WebAssembly.CompileError ? whyNotCompiled(error) : incomplete(answer, error);
    }
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await answer.arrayBuffer();
  } catch (error) {
    throw incomplete(answer, error);
  }
  return compileSource(bytes);
}

function isBytes(source: WasmSource): source is Uint8Array | ArrayBuffer {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

function checkRuntime(): void {
  if (typeof WebAssembly === "object") return;
  throw new LoadError("no-webassembly", "this runtime has no WebAssembly", {
    help: "use a runtime that has it, and doesn't switch it off",
  });
}

/** `(module)` */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** `(module (func (drop (v128.const i32x4 0 0 0 0))))`, with its constant made by i32x4.splat. */
const WITH_SIMD = Uint8Array.of(
  ...EMPTY,
  // type section: [] -> []; function section: one of it
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  // code section: i32.const 0, i32x4.splat, drop, end
  ...[10, 9, 1, 7, 0, 0x41, 0, 0xfd, 0x11, 0x1a, 0x0b],
);

/** Whether it is the runtime that is at fault, or the bytes. */
function whyNotCompiled(error: unknown): LoadError {
  if (WebAssembly.validate(EMPTY) && !WebAssembly.validate(WITH_SIMD)) {
    return new LoadError("no-simd", "this runtime has WebAssembly without SIMD", {
      help: "use a runtime of 2023 or later, on a processor with SSE 4.1 or NEON",
      cause: error,
    });
  }
  try {
    new WebAssembly.Module(EMPTY);
  } catch {
    return new LoadError("compile-forbidden", "this runtime may not compile WebAssembly", {
      help: "in a page allow 'wasm-unsafe-eval' in script-src; on workerd import hostfit.wasm and pass it as { wasm }",
      cause: error,
    });
  }
  return notHostfit(error);
}

/** The error for a module that isn't ours. */
export function notHostfit(cause?: unknown): LoadError {
  return new LoadError("not-hostfit", "this is not hostfit's core", {
    help: "pass hostfit.wasm of this package, whole: its bytes, a WebAssembly.Module, a Response or a URL",
    ...(cause === undefined ? {} : { cause }),
  });
}

function unreachable(what: string, cause?: unknown): LoadError {
  return new LoadError("module-unreachable", `the core can't be had from ${what}`, {
    help: "serve hostfit.wasm there, or pass it as { wasm }",
    ...(cause === undefined ? {} : { cause }),
  });
}

function incomplete(answer: FetchedModule, cause: unknown): LoadError {
  return new LoadError("module-incomplete", `the connection broke while the core came from ${answer.url}`, {
    help: "try again",
    cause,
  });
}
