/**
 * Measures the JavaScript binding by itself, in Node, Deno and Bun: bench/bindings/go/main.go says what the arguments and lines are. The library
 * is the built one, whose path is the first argument.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Fleet } from "../../bindings/js/fleet.ts";
import type * as FleetLibrary from "../../bindings/js/fleet-node.ts";
import type * as Library from "../../bindings/js/index.ts";

/** How many hosts a row is about: those at hand, again and again. */
const HOSTS_OF_FLEET = 10_000;

const [library, document, hosts, first] = process.argv.slice(2);
const { createMatcher } = (await import(pathToFileURL(library!).href)) as typeof Library;
const matcher = await createMatcher();
const requirements = matcher.compile([{ id: "document", document: readFileSync(document!) }]);
const lines = readFileSync(hosts!, "utf8").trimEnd().split("\n");

if (first === "--first") {
  console.log(matcher.evaluate(requirements, matcher.facts(lines[0]!)).verdict);
} else await measure();

/** One document for a fleet, by the library for fleets beside the other. */
async function rowOfFleet(): Promise<() => void> {
  const url = new URL("./fleet.js", pathToFileURL(library!));
  const { createFleetMatcher } = (await import(url.href)) as typeof FleetLibrary;
  const owner = await createFleetMatcher();
  const fleet: Fleet = owner.fleet();
  for (let i = 0; i < HOSTS_OF_FLEET; i++) fleet.add(lines[i % lines.length]!);
  const compiled = owner.compile([{ id: "document", document: readFileSync(document!) }]);
  return () => {
    fleet.evaluate(compiled);
  };
}

async function measure(): Promise<void> {
  const loaded = lines.map((line) => matcher.facts(line));
  console.log(JSON.stringify({ answers: matcher.decideMany(requirements, loaded) }));
  const modes: Record<string, () => void> = {
    decide: () => {
      for (const host of loaded) matcher.decide(requirements, host);
    },
    many: () => {
      matcher.decideMany(requirements, loaded);
    },
    evaluate: () => {
      for (const host of loaded) matcher.evaluate(requirements, host);
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [mode = "", milliseconds] = line.split(" ");
    if (mode === "row" && modes["row"] === undefined) modes["row"] = await rowOfFleet();
    const run = modes[mode];
    if (run === undefined) throw new Error(`no such mode: ${mode}`);
    // Of a row it is the whole that counts.
    const operations = mode === "row" ? 1 : loaded.length;
    const limit = Number(milliseconds) * 1e6;
    const begin = process.hrtime.bigint();
    let rounds = 0;
    let took = 0;
    do {
      run();
      rounds++;
      took = Number(process.hrtime.bigint() - begin);
    } while (took < limit);
    console.log(JSON.stringify({ nanoseconds: took / (rounds * operations) }));
  }
}
