/** For runtimes that have a command line: the registries are its arguments. */
import { askRegistries } from "./client.ts";

// Deno keeps its arguments by itself; `process` is there in Node and Bun.
const told = (globalThis as { Deno?: { args: string[] } }).Deno?.args ?? process.argv.slice(2);
const [host = "", liar = "", mover = ""] = told;
console.log(JSON.stringify(await askRegistries(host, liar, mover)));
