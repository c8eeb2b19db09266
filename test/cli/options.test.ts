import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GLOBAL_OPTIONS, OPTIONS, type OptionSpec, readOptions } from "../../src/cli/options.ts";
import { COMMANDS } from "../../src/cli/table.ts";
import { ROOT } from "./harness.ts";

const ALL = Object.entries<OptionSpec>(OPTIONS);
const longOf = ({ flags }: OptionSpec): string => /--([\w-]+)/.exec(flags)?.[1] ?? "";

describe("the table of options", () => {
  test.each(ALL)("%s has the name of its long form", (name, spec) => {
    expect(longOf(spec).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())).toBe(name);
  });

  test("every option belongs to a command", () => {
    const taken = new Set(COMMANDS.flatMap(({ options }) => [...options, ...GLOBAL_OPTIONS].map(longOf)));
    expect(ALL.map(([, spec]) => longOf(spec)).filter((long) => !taken.has(long))).toEqual([]);
  });

  test("no command takes one twice", () => {
    for (const { name, options } of COMMANDS) {
      expect(new Set(options.map(longOf)).size, name).toBe(options.length);
    }
  });

  test("what isn't given is false, an empty list, the fallback or undefined", () => {
    const { debug, vocabulary, output, as, facts } = readOptions({});
    expect({ debug, vocabulary, output, as, facts }).toEqual({
      debug: false,
      vocabulary: [],
      output: "text",
      as: "inline",
      facts: undefined,
    });
  });
});

describe("docs/cli.md's table of options", () => {
  const page = readFileSync(`${ROOT}docs/cli.md`, "utf8");
  const rows = [...page.matchAll(/^\| (`.*?`) \| ([^|]*) \| .* \|$/gm)]
    .map(([, options = "", commands = ""]) => ({
      longs: [...options.matchAll(/--([\w-]+)/g)].map(([, long = ""]) => long),
      commands,
    }))
    .filter(({ longs }) => longs.length > 0);
  const takers = (long: string): string[] =>
    COMMANDS.filter(({ options }) => [...options, ...GLOBAL_OPTIONS].some((one) => longOf(one) === long)).map(
      ({ name }) => name,
    );
  const takesImage = COMMANDS.filter(({ options }) =>
    options.some((one) => longOf(one) === "plain-http"),
  ).map(({ name }) => name);

  test.each(ALL)("says which commands take %s", (_name, spec) => {
    const long = longOf(spec);
    const said = rows
      .filter(({ longs }) => longs.includes(long))
      .flatMap(({ commands }) => {
        if (commands === "all") return COMMANDS.map(({ name }) => name);
        if (commands === "all that take an image") return takesImage;
        const but = /^all but (.*)$/.exec(commands)?.[1]?.split(/, | and /);
        if (but !== undefined) return COMMANDS.map(({ name }) => name).filter((name) => !but.includes(name));
        return commands.split(", ");
      });
    expect([...said].sort()).toEqual([...takers(long)].sort());
  });
});
