/** Limits of ranges, patterns and platforms: the last that is taken, the first that is refused. */
import { ATOMS, refused, requires, type TableCase } from "./table.ts";

/** What lies at a limit, and what lies beyond it. */
export const LIMITS: readonly TableCase[] = [
  withRange("64 terms of a range", Array(64).fill("1").join(" "), null),
  withRange("65 terms of a range", Array(65).fill("1").join(" "), "limit"),
  withRange("64 groups of a range", Array(64).fill("1").join("||"), null),
  withRange("65 groups of a range", Array(65).fill("1").join(" || "), "limit"),
  withRange("65 terms, the first of which is bad", `x ${Array(64).fill("1").join(" ")}`, "bad-range"),
  withRange("65 terms, the last of which is bad", `${Array(64).fill("1").join(" ")} x`, "limit"),
  withPlatforms("64 platforms of a host", Array(64).fill({ os: "linux", architecture: "amd64" }), null),
  withPlatforms(
    "65 platforms of a host",
    Array(65).fill({ os: "linux", architecture: "amd64" }),
    "/platforms",
  ),
  withPlatforms("256 features of a platform", [platformWith(256)], null),
  withPlatforms("257 features of a platform", [platformWith(257)], "/platforms/0/os.features"),
  withPattern("a pattern of 4096 bytes", "a".repeat(4096), null),
  withPattern("a pattern of 4097 bytes", "a".repeat(4097), "bad-pattern"),
  withPattern("a pattern of 2049 characters of two bytes", "é".repeat(2049), "bad-pattern"),
];

function limited(
  name: string,
  code: string | null,
  at: string,
  id: string,
  row: Omit<TableCase, "name" | "want">,
): TableCase {
  return { ...row, name: `limits: ${name}`, want: code === null ? { answer: {} } : refused(code, at, id) };
}

function withRange(name: string, number: string, code: string | null): TableCase {
  const documents = [requires({ "a.x": { n: { number } } })];
  return limited(name, code, "/requires/a.x/n/number", "doc", { documents, facts: ATOMS });
}

function withPattern(name: string, matches: string, code: string | null): TableCase {
  const documents = [requires({ "a.x": { n: { text: { matches } } } })];
  return limited(name, code, "/requires/a.x/n/text/matches", "doc", { documents, facts: ATOMS });
}

function withPlatforms(name: string, platforms: readonly unknown[], at: string | null): TableCase {
  const facts = JSON.stringify({ kind: "Host", platforms });
  return limited(name, at === null ? null : "limit", at ?? "", "", { facts });
}

function platformWith(features: number): object {
  return {
    os: "linux",
    architecture: "amd64",
    "os.features": Array.from({ length: features }, (_, i) => `f${i}`),
  };
}
