/** The commands that write documents into registries, or get them out of there: one module, as of-images.ts is. */
export * as attach from "./attach.ts";
export * as detach from "./detach.ts";
export * as embed from "./embed.ts";
export * as list from "./list.ts";
export * as pull from "./pull.ts";
export * as push from "./push.ts";
