/** Every way to hold the library wrongly that docs/bindings.md lists, and the error of each. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InstanceError, LimitError, LoadError, MisuseError } from "../../bindings/js/errors.ts";
import { createMatcher, createMatcherSync } from "../../bindings/js/index.ts";
import * as web from "../../bindings/js/web.ts";
import * as workerd from "../../bindings/js/workerd.ts";
import { moduleOf } from "./conformance/report.ts";
import type { MisuseCase } from "./misuse/case.ts";
import { MISUSE } from "./misuse/table.ts";

const CORE = readFileSync(new URL("../../dist/hostfit.wasm", import.meta.url));
const FILE = new URL("../vectors/misuse/cases.json", import.meta.url);
const DOCUMENT = { apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { "cpu.cpuid": ["AVX2"] } };

function limitsOf({ memory, work }: MisuseCase) {
  return { ...(memory === undefined ? {} : { memory }), ...(work === undefined ? {} : { work }) };
}

async function outcome(action: () => unknown): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    return error;
  }
}

/** The classes that docs/bindings.md gives the codes of the table. */
const CLASSES = {
  "not-hostfit": LoadError,
  "abi-mismatch": LoadError,
  "bad-limit": MisuseError,
  "out-of-memory": LimitError,
  "budget-exceeded": LimitError,
} as const;

describe("misuse that is data", () => {
  test("is in the vectors", () => {
    const lines = MISUSE.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
    const text = `{\n  "description": "Modules that are not hostfit's core, and limits: the code of the error.",\n  "cases": [\n${lines}\n  ]\n}\n`;
    if (process.env["HOSTFIT_WRITE_VECTORS"] === "1") writeFileSync(FILE, text);
    expect(
      readFileSync(FILE, "utf8") === text,
      "run with HOSTFIT_WRITE_VECTORS=1 after changing the table",
    ).toBe(true);
  });

  const ways = {
    "with a promise": createMatcher,
    "at once": createMatcherSync,
  } as const;
  for (const [way, create] of Object.entries(ways)) {
    test.each(MISUSE)(`$name, ${way}`, async (one) => {
      const code = one.expect.code as keyof typeof CLASSES;
      const options = { ...moduleOf(one, CORE), ...limitsOf(one) };
      const matcher = await outcome(() => create(options));
      const error =
        one.expect.from === "load"
          ? matcher
          : await outcome(() => (matcher as Awaited<ReturnType<typeof createMatcher>>).facts(one.facts!));
      expect(error).toBeInstanceOf(CLASSES[code]);
      expect(error).toMatchObject({ code });
    });
  }
});

describe("a module that is fetched", () => {
  let server: Server;
  let base: URL;
  /** What the server does by path. */
  const answers: Readonly<Record<string, (response: import("node:http").ServerResponse) => void>> = {
    "/hostfit.wasm": (response) => {
      response.writeHead(200, { "content-type": "application/wasm" });
      response.end(CORE);
    },
    "/untyped.wasm": (response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      response.end(CORE);
    },
    "/half.wasm": (response) => {
      response.writeHead(200, { "content-type": "application/wasm", "content-length": CORE.length });
      response.write(CORE.subarray(0, CORE.length / 2), () => response.destroy());
    },
    "/half-untyped.wasm": (response) => {
      response.writeHead(200, { "content-length": CORE.length });
      response.write(CORE.subarray(0, CORE.length / 2), () => response.destroy());
    },
    "/short.wasm": (response) => {
      response.writeHead(200, { "content-type": "application/wasm" });
      response.end(CORE.subarray(0, CORE.length / 2));
    },
    "/page.wasm": (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<!doctype html>");
    },
    "/missing.wasm": (response) => {
      response.writeHead(404);
      response.end();
    },
    "/silent.wasm": (response) => response.destroy(),
  };

  beforeAll(async () => {
    server = createServer((request, response) => answers[request.url ?? ""]?.(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each(["hostfit.wasm", "untyped.wasm"])(
    "is taken from a URL, a Response, or the promise of one: %s",
    async (path) => {
      const url = new URL(path, base);
      const sources = [() => url, () => fetch(url), async () => (await fetch(url)).clone()];
      for (const { createMatcher: create } of [web, { createMatcher }]) {
        for (const source of sources) {
          using matcher = await create({ wasm: source() });
          expect(matcher.decide(matcher.compile(DOCUMENT), matcher.facts({ kind: "Host" }))).toBe(
            "undetermined",
          );
        }
        using matcher = await create({ wasm: await fetch(url) });
        expect(matcher.compile(DOCUMENT).kind).toBe("requirements");
      }
    },
  );

  test.each([
    ["half.wasm", "module-incomplete", LoadError],
    ["half-untyped.wasm", "module-incomplete", LoadError],
    ["short.wasm", "not-hostfit", LoadError],
    ["page.wasm", "not-hostfit", LoadError],
    ["missing.wasm", "module-unreachable", LoadError],
    ["silent.wasm", "module-unreachable", LoadError],
  ] as const)("fails in a way that is told: %s is %s", async (path, code, kind) => {
    const url = new URL(path, base);
    for (const source of [() => url, () => fetch(url)]) {
      const error = await outcome(() => web.createMatcher({ wasm: source() }));
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ code });
      expect((error as LoadError).help).not.toBe("");
    }
  });

  test("is fetched from beside the library, which here is no server", async () => {
    expect(await outcome(() => web.createMatcher())).toMatchObject({
      name: "LoadError",
      code: "module-unreachable",
    });
  });
});

describe("a matcher in plain JavaScript", () => {
  test.each([{}, [], "text", 7, new Date(0), { ok: true }])("doesn't take %j for a module", async (wasm) => {
    for (const { createMatcher: create, createMatcherSync: atOnce } of [
      { createMatcher, createMatcherSync },
      web,
      workerd,
    ]) {
      for (const make of [() => create({ wasm: wasm as object }), () => atOnce({ wasm: wasm as object })]) {
        expect(await outcome(make)).toMatchObject({ name: "LoadError", code: "not-hostfit" });
      }
    }
  });

  test("is told where a module must be given", async () => {
    for (const make of [workerd.createMatcher, workerd.createMatcherSync]) {
      expect(await outcome(() => make({} as never))).toMatchObject({
        name: "MisuseError",
        code: "no-module",
      });
      expect(await outcome(() => make(undefined as never))).toMatchObject({ code: "no-module" });
    }
    expect(await outcome(() => web.createMatcherSync({} as never))).toMatchObject({ code: "not-hostfit" });
  });
});

describe("an instance that the runtime cuts off", () => {
  /** Calls `action` deeper and deeper until the stack has no room for it; what was thrown there. */
  function atTheEndOfTheStack(action: () => void): unknown {
    let thrown: unknown;
    (function deeper(): void {
      try {
        deeper();
      } catch {
        if (thrown !== undefined) return;
        try {
          action();
        } catch (error) {
          thrown = error;
        }
      }
    })();
    return thrown;
  }

  test("is told, and is not used again; another works", async () => {
    const matcher = await createMatcher();
    const requirements = matcher.compile(DOCUMENT);
    const host = matcher.facts({ kind: "Host" });
    const thrown = atTheEndOfTheStack(() => matcher.evaluate(requirements, host));
    // The stack may end before the core is entered: then nothing is lost.
    const after = await outcome(() => matcher.evaluate(requirements, host).verdict);
    if (thrown instanceof InstanceError) expect(after).toBe(thrown);
    else expect([thrown instanceof RangeError, after]).toEqual([true, "undetermined"]);
    requirements.dispose();
    host.dispose();
    matcher.dispose();
  });

  test("is lost with a trap", async () => {
    const bytes = CORE.slice();
    const { instance } = await WebAssembly.instantiate(bytes, {});
    const trap = new WebAssembly.RuntimeError("unreachable");
    const { Core } = await import("../../bindings/js/core.ts");
    const exports = {
      ...instance.exports,
      hf_evaluate: () => {
        throw trap;
      },
    };
    const core = new Core(exports as unknown as ConstructorParameters<typeof Core>[0], [1, 2]);
    const host = core.facts(new TextEncoder().encode('{"kind":"Host"}'));
    const lost = await outcome(() => core.evaluate(host, host, 0, null));
    expect(lost).toBeInstanceOf(InstanceError);
    expect(lost).toMatchObject({ code: "instance-lost", cause: trap });
    expect(await outcome(() => core.facts(new Uint8Array(2)))).toBe(lost);
    core.free(host);
  });
});

/** As workerd, and a page without 'wasm-unsafe-eval', behave. */
const FORBIDDING = `
  const forbidden = () => { throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder"); };
  WebAssembly.compile = async () => forbidden();
  WebAssembly.Module = class { constructor() { forbidden(); } };
`;

describe("a runtime that can't run the core", () => {
  const library = new URL("../../dist/index.js", import.meta.url).href;
  const script = (before: string) => `
    ${before}
    const { createMatcher, createMatcherSync } = await import(${JSON.stringify(library)});
    const told = [];
    for (const make of [createMatcher, createMatcherSync]) {
      try { await make(); told.push("none"); } catch (error) { told.push(error.name + " " + error.code); }
    }
    console.log(told.join());
  `;

  test.each([
    // V8 offers no SIMD on a processor without SSE 4.1 (or one that it takes for such).
    ["SIMD", ["--no-enable-sse4-1"], "", "no-simd"],
    ["WebAssembly", [], "delete globalThis.WebAssembly;", "no-webassembly"],
    ["leave to compile", [], FORBIDDING, "compile-forbidden"],
  ])("says that it is without %s", (_, flags, before, code) => {
    if (code === "no-simd" && process.arch !== "x64") return;
    const told = execFileSync(process.execPath, [...flags, "--input-type=module", "-e", script(before)], {
      encoding: "utf8",
    });
    expect(told).toBe(`LoadError ${code},LoadError ${code}\n`);
  });
});
