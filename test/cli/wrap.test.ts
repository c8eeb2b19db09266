import { describe, expect, test } from "vitest";
import { wrapped } from "../../src/cli/render/wrap.ts";

const ESC = "\u001b";

describe("lines for a terminal", () => {
  test.each([
    ["what fits stays", "a".repeat(40), "a".repeat(40)],
    ["words stay whole", `  ${"word ".repeat(8)}word`, `  ${"word ".repeat(6)}word\n      word word`],
    [
      "a digest that is too long has a line of its own",
      `at ${"f".repeat(71)} end`,
      `at\n    ${"f".repeat(71)}\n    end`,
    ],
    [
      "columns stay columns",
      ` 1  ${"x".repeat(30)}   compatible  score`,
      ` 1  ${"x".repeat(30)}\n     compatible  score`,
    ],
    ["empty lines stay", "\n\n", "\n\n"],
  ])("%s", (_what, text, expected) => {
    expect(wrapped(text, 40)).toBe(expected);
  });

  test("colours take no room", () => {
    const text = `${ESC}[1m${"a".repeat(20)}${ESC}[22m ${ESC}[2m${"b".repeat(19)}${ESC}[22m`;
    expect(wrapped(text, 40)).toBe(text);
    expect(wrapped(`${text} c`, 40)).toBe(`${text}\n    c`);
  });

  test("a line of a file and the caret below it stay together", () => {
    const text = `x.yaml:1:50: error a: ${"word ".repeat(10)}\n    ${"long line ".repeat(6)}\n    ${" ".repeat(50)}^\n`;
    const [, , file, caret] = wrapped(text, 60).split("\n");
    expect(file).toBe(`    ${"long line ".repeat(6)}`);
    expect(caret).toBe(`    ${" ".repeat(50)}^`);
  });

  test("no terminal is narrower than forty columns", () => {
    expect(wrapped("a".repeat(30), 10)).toBe("a".repeat(30));
  });
});
