/** What every entry of the package exports, whatever the runtime. */
export * from "./errors.ts";
export type * from "./fleet.ts";
export type { CompiledModule, FetchedModule, WasmAtHand, WasmSource } from "./load.ts";
export type * from "./matcher.ts";
export type { MatcherLimits } from "./open.ts";
export type * from "./types.ts";
