/**
 * The commands that read images, as one module: they share nearly all of their code, and every file more that a program
 * is cut into costs more to start than it saves to leave out.
 */
export * as check from "./check.ts";
export * as inspect from "./inspect.ts";
export * as rank from "./rank.ts";
export * as select from "./select.ts";
