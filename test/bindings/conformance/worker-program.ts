/** Runs in workerd: the vectors are the request, the report is the response. */
import { createMatcher, createMatcherSync } from "hostfit";
import wasm from "hostfit/hostfit.wasm";
import { reportOf, type VectorSet } from "./report.ts";

/** The part of an error that is looked at. */
interface Failure {
  readonly name: string;
  readonly code: string;
}

/** What is refused where nothing may be compiled. */
async function refusals(bytes: ArrayBuffer): Promise<readonly Failure[]> {
  const attempts: readonly (() => Promise<unknown>)[] = [
    () => createMatcher({ wasm: new Uint8Array(bytes) }),
    () => createMatcher(undefined as unknown as { wasm: object }),
  ];
  return Promise.all(
    attempts.map((attempt) =>
      attempt().then(
        () => ({ name: "none", code: "none" }),
        ({ name, code }: Failure) => ({ name, code }),
      ),
    ),
  );
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === "/refusals")
      return Response.json(await refusals(await request.arrayBuffer()));
    // Misuse is about modules to compile, which this runtime doesn't.
    const { files } = (await request.json()) as VectorSet;
    return Response.json([
      await reportOf(await createMatcher({ wasm }), files),
      await reportOf(createMatcherSync({ wasm }), files),
    ]);
  },
};
