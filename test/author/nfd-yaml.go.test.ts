/**
 * The NFD dialect's YAML against the real sigs.k8s.io/yaml, over generated scalars and documents: what both accept must
 * be the same value in Go's types, and hostfit must not accept what NFD refuses.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../tools.ts";
import { seededRandom } from "./random.ts";
import { SigsYaml } from "./sigs-yaml.ts";
import { mutatedText } from "./yaml-mutations.ts";

describeWith("go", "NFD's YAML against sigs.k8s.io/yaml", () => {
  let sigs: SigsYaml;
  beforeAll(() => {
    sigs = new SigsYaml();
  }, 180_000);
  afterAll(() => sigs.remove());

  it("reads every generated scalar alike, in every place a scalar may stand", async () => {
    const random = seededRandom(20260);
    const documents = SCALARS.concat(Array.from({ length: 4000 }, () => randomScalar(random))).flatMap(
      (scalar) => [
        `compatibilities: [{rules: [{matchFeatures: [{feature: f, matchExpressions: {k: {op: In, value: [${scalar}]}}}]}]}]\n`,
        `compatibilities:\n- weight: ${scalar}\n  rules:\n  - name: ${scalar}\n    vars:\n      ${scalar}: ${scalar}\n`,
      ],
    );
    const results = await sigs.compare(documents);
    expect(
      results.filter(({ answer }) => answer.outcome === "different" || answer.outcome === "accepted"),
    ).toEqual([]);
    expect(results.filter(({ answer }) => answer.outcome === "refused")).toEqual([]);
    expect(results.filter(({ answer }) => answer.outcome === "equal").length).toBeGreaterThan(4000);
  }, 120_000);

  it("reads every generated document alike: case, duplicates, merges, aliases, tags, styles", async () => {
    const random = seededRandom(77);
    const documents = Array.from({ length: 3000 }, () => randomDocument(random));
    const results = await sigs.compare(documents);
    expect(
      results.filter(({ answer }) => answer.outcome === "different" || answer.outcome === "accepted"),
    ).toEqual([]);
    // Where two keys become one, NFD's choice is random, so hostfit refuses.
    expect(
      results.filter(({ answer, code }) => answer.outcome === "refused" && code !== "nfd-key-clash"),
    ).toEqual([]);
    expect(results.filter(({ answer }) => answer.outcome === "equal").length).toBeGreaterThan(1500);
  }, 120_000);

  it("never takes a text that sigs.k8s.io/yaml refuses, nor reads one otherwise, whatever its syntax", async () => {
    const random = seededRandom(31);
    const results = await sigs.compare(Array.from({ length: 8000 }, () => mutatedText(random)));
    expect(
      results.filter(({ answer }) => answer.outcome === "different" || answer.outcome === "accepted"),
    ).toEqual([]);
    expect(results.filter(({ answer }) => answer.outcome === "equal").length).toBeGreaterThan(2000);
    // Refusing what NFD takes is safe, but must stay rare.
    expect(results.filter(({ answer }) => answer.outcome === "refused").length).toBeLessThan(400);
  }, 120_000);
});

const SCALARS = [
  "0200 0o200 0x1F 0X1f 0b11 0B11 0b-11 -0b11 0b+1 1_000 _1 1__0 +5 -5 -0 +0 00 08 09 0o8 1.10 1.0 1. .5 .4_0 ._4 .4_ -.4_0 -.5 +.5 .",
  "1e3 1E3 1e+3 1e-7 .5e3 1.5e400 1e400 -1e400 123456789 1234567890123 9223372036854775807 9223372036854775808",
  "18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809 0x8000000000000000",
  "yes Yes YES yEs no n y N Y on On ON oN off true True TRUE tRue false null Null NULL nuLL ~ .inf -.inf +.INF .nan .NaN",
  "2001-01-01 2001-1-1 2001-01-01T10:00:00Z 190:20:30 1:30 1.2.3 5.14.0-427 0.1 0.10 22.04 22.10 3.0e0 16777217.0",
  "0.00001 0.0001 100000.0 1000000.0 33554433.5 << = 1_0.5 0_1 0x_1 0o_7 0b_1 +0x1F -0x1F +0o7 6.02e23 10e5 10de 0302",
].flatMap((line) => line.split(" "));

function randomScalar(random: () => number): string {
  const alphabets = [
    "0123456789",
    "01",
    "0123456789abcdefx",
    "0123456789._-+eE",
    "01_xob+-",
    "yesnotrufalNY",
    "0123456789:-T.",
  ];
  const alphabet = alphabets[Math.floor(random() * alphabets.length)] ?? "0";
  const first = alphabet.replace(/[-:]/g, "");
  const length = 1 + Math.floor(random() * 12);
  let text = "";
  while (text.length < length) {
    const from = text.length === 0 ? first : alphabet;
    text += from[Math.floor(random() * from.length)];
  }
  return text.replace(/[:-]+$/, "0");
}

function randomDocument(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = (chance: number): boolean => random() < chance;
  const anchors: string[] = [];
  const scalar = (): string => {
    if (anchors.length > 0 && some(0.05)) return `*${pick(anchors)}`;
    const text = some(0.5) ? randomScalar(random) : pick(SCALARS);
    if (some(0.6)) return text === "<<" ? "x" : text;
    if (some(0.3)) return `"${text}"`;
    if (some(0.3)) return `'${text}'`;
    if (some(0.3)) return `${pick(["!!str", "!!int", "!!float", "!!bool", "!!null", "!", "!own"])} ${text}`;
    if (some(0.2)) {
      const name = `a${anchors.length}`;
      anchors.push(name);
      return `&${name} ${text}`;
    }
    return pick(["text", "a b", "null", "~", "''"]);
  };
  const cased = (name: string): string =>
    some(0.06) ? pick([name.toUpperCase(), (name[0] ?? "").toUpperCase() + name.slice(1), `${name}x`]) : name;
  const member = (name: string, value: string): string => `${cased(name)}: ${value}`;
  const map = (members: readonly string[]): string => {
    const all = some(0.04) ? [...members, ...members.slice(0, 1)] : [...members];
    if (some(0.04)) all.splice(Math.floor(random() * 2), 0, `<<: {${pick(all) ?? "a: b"}}`);
    if (some(0.02)) all.splice(0, 0, `<<: [{${pick(all) ?? "a: b"}}, {op: Exists, name: merged}]`);
    return `{ ${all.join(", ")} }`;
  };
  const list = (of: () => string, most: number): string =>
    some(0.02)
      ? pick(["null", "5", "text", "{}"])
      : `[${Array.from({ length: Math.floor(random() * (most + 1)) }, of).join(", ")}]`;
  const expression = (): string =>
    some(0.05)
      ? pick(["null", "~", "{}"])
      : map([
          member("op", pick(["In", "Exists", "Gt", "y"])),
          member("value", list(scalar, 3)),
          member("type", "version"),
        ]);
  const key = (): string => {
    const text = some(0.5)
      ? randomScalar(random)
      : pick(["AVX", "full", "yes", "0302", "1.10", '"1"', "1", "0x1"]);
    return text;
  };
  const term = (): string =>
    map([
      member("feature", scalar()),
      member(
        "matchExpressions",
        some(0.1)
          ? pick(["{}", "null", "~"])
          : map([`${key()}: ${expression()}`, `${key()}: ${expression()}`]),
      ),
      ...(some(0.2) ? [member("matchName", expression())] : []),
    ]);
  const rule = (): string =>
    map([
      member("name", scalar()),
      ...(some(0.3) ? [member("vars", map([`${key()}: ${scalar()}`, `v: ${scalar()}`]))] : []),
      ...(some(0.7) ? [member("matchFeatures", list(term, 2))] : []),
      ...(some(0.3)
        ? [
            member(
              "matchAny",
              list(() => map([member("matchFeatures", list(term, 2))]), 2),
            ),
          ]
        : []),
    ]);
  const set = (): string =>
    map([
      member("rules", list(rule, 2)),
      ...(some(0.4)
        ? [member("weight", some(0.8) ? pick(["1", "010", "+5", "1.0", "1e2", "0x10"]) : scalar())]
        : []),
      ...(some(0.3) ? [member("description", scalar())] : []),
    ]);
  const tail = some(0.05) ? "\n---\nother: [" : "";
  return `${member("version", scalar())}\n${member("compatibilities", list(set, 3))}${tail}\n`;
}
