import { beforeAll, describe, expect, it } from "vitest";
import { Engine, loadEngine } from "./engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
describe("x", () => {
  it("y", () => {
    expect(engine.matches("abc", "xabcy")).toBe(true);
  });
});
