import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openRoot } from "../../src/probe/root.ts";
import { findPaths, isAllowedPath, matchPart } from "../../src/probe/vocabulary/path-pattern.ts";
import { parsePattern } from "../../src/probe/vocabulary/pattern.ts";
import { withTree } from "./tree.ts";

const plenty = (): { steps: number } => ({ steps: 1e9 });

/** What JavaScript's own matcher says of the same pattern. */
function ofJavaScript(pattern: string, line: string): Record<string, string> | undefined {
  const found = new RegExp(pattern).exec(line);
  if (found === null) return undefined;
  return Object.fromEntries(
    Object.entries(found.groups ?? {}).filter(([, text]) => text !== undefined),
  ) as Record<string, string>;
}

describe("a pattern captures what a backtracking matcher would", () => {
  it.each([
    ["^(?<value>\\d+)$", "42"],
    ["(?<a>a|ab)(?<b>c|bcd)", "abcd"],
    ["(?<a>a*?)(?<b>a*)", "aaa"],
    ["^(?<maj>\\d+)\\.(?<min>\\d+)(?:\\.(?<rev>\\d+))?", "5.14"],
    ["x{2,3}(?<rest>.*)", "axxxx"],
    ["[^:]*: *(?<value>\\w+)", "4: ACTIVE"],
    ["(?<v>(?:ab)+)", "zababx"],
    ["(?<v>)$", "abc"],
    ["(?:a|(?<v>b))*", "ab"],
  ])("%s on %s", (pattern, line) => {
    expect(parsePattern(pattern).match(line, plenty())).toEqual(ofJavaScript(pattern, line));
  });

  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "(?:a|b)", "(?:ab)", "^", "$");
  const repeat = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}", "*?", "+?", "??");
  // JavaScript refuses to repeat an assertion.
  const part = fc.tuple(atom, repeat).map(([one, more]) => (one === "^" || one === "$" ? one : one + more));
  const sequence = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));

  it("on any pattern and any line", () => {
    fc.assert(
      fc.property(
        sequence,
        sequence,
        sequence,
        fc.array(fc.constantFrom("a", "b", "1", "-"), { maxLength: 8 }).map((chars) => chars.join("")),
        (before, inner, other, line) => {
          const pattern = `${before}(?<value>${inner}|${other})${before}`;
          expect(parsePattern(pattern).match(line, plenty())).toEqual(ofJavaScript(pattern, line));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("a pattern", () => {
  it.each([
    ["(", "without its )"],
    ["a)", "without its ("],
    ["[a", "without its ]"],
    ["*a", "nothing before it"],
    ["a**", "repetition of a repetition"],
    ["a{2,1}", "smaller number first"],
    ["a{999}", "at most 100"],
    ["\\1", "not supported"],
    ["(?=a)", "a group is"],
    ["(?<v>a)(?<v>b)", "two groups"],
    ["a{", "write \\{"],
    ["a\\", "at the end"],
    ["(((a{50}){50}){50}){50}", "repeats too much"],
    ["a".repeat(300), "more than 256"],
  ])("%s is refused: %s", (pattern, why) => {
    expect(() => parsePattern(pattern)).toThrow(why);
  });

  it("that makes backtracking matchers run for ever takes steps in proportion to the line", () => {
    const budget = plenty();
    const line = "a".repeat(10_000);
    expect(parsePattern("^(?:a*)*(?:a|a)*(?<value>b)$").match(line, budget)).toBeUndefined();
    expect(1e9 - budget.steps).toBeLessThan(100 * line.length);
  });

  it("gives up when its steps are used up", () => {
    const budget = { steps: 50 };
    expect(parsePattern("(?<value>b)").match(`${"a".repeat(1_000)}b`, budget)).toBeUndefined();
    expect(budget.steps).toBeLessThanOrEqual(0);
  });
});

describe("a part of a path", () => {
  it.each([
    ["libmpi.so.{a}.{b}.{c}", "libmpi.so.40.30.4", { a: "40", b: "30", c: "4" }],
    ["{a}-{b}", "x-y-z", { a: "x", b: "y-z" }],
    ["{a}.conf", "a.b.conf", { a: "a.b" }],
    ["*", "anything", {}],
    ["{a}{b}", "xy", undefined],
    ["{a}-{a}", "x-x", { a: "x" }],
    ["{a}-{a}", "x-y", undefined],
    ["mlx5_{n}", "mlx5_", undefined],
  ])("%s on %s", (part, text, names) => {
    expect(matchPart(part, text, {})).toEqual(names);
  });
});

describe("paths", () => {
  const TREE = `/sys/class/ib/a/ports/1/state = 1
/sys/class/ib/a/ports/2/state = 1
/sys/class/ib/b/other = 1
/etc/passwd = x
/sys/class/ib/c -> /outside
`;
  const find = (pattern: string): Promise<unknown> =>
    withTree(TREE, (root) => {
      const { paths, missing } = findPaths(openRoot(root), pattern, {}, () => true);
      return { found: paths.map(({ names }) => names), missing };
    });

  it("are found with their names", async () => {
    expect(await find("/sys/class/ib/{device}/ports/{port}")).toEqual({
      found: [
        { device: "a", port: "1" },
        { device: "a", port: "2" },
      ],
      missing: undefined,
    });
    expect(await find("/sys/class/ib/{device}/other")).toEqual({
      found: [{ device: "b" }],
      missing: undefined,
    });
  });

  it("that start nowhere say where", async () => {
    expect(await find("/sys/class/drm/{card}")).toEqual({ found: [], missing: "/sys/class/drm" });
    expect(await find("/sys/class/drm")).toEqual({ found: [], missing: "/sys/class/drm" });
  });

  it.each([
    ["/sys/class/infiniband/{device}", true],
    ["/opt/mpi/{version}", true],
    ["/etc/os-release", true],
    ["/etc/shadow", false],
    ["/etc/hostfit/../shadow", false],
    ["/proc/self/environ", false],
    ["/proc/{pid}/environ", false],
    ["/proc/cpuinfo", true],
    ["/systems", false],
    ["/home/x", false],
    ["/{any}/x", false],
    ["relative", false],
  ])("%s may be read by a vocabulary from elsewhere: %s", (path, allowed) => {
    expect(isAllowedPath(path)).toBe(allowed);
  });
});
