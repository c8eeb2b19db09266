/** Random damage to well-formed JSON, so that refusals are compared too: what is wrong, and where it is found first. */
import fc from "fast-check";

/** What is done to the value at a random place. */
const JUNK: readonly unknown[] = [
  null,
  true,
  5,
  -1.5,
  "",
  "x",
  ">=",
  [],
  {},
  [[]],
  { x: 1 },
  ["f", 1],
  { "a.x": {} },
];

const KEYS = [
  "",
  "x",
  "a",
  "any",
  "not",
  "if",
  "else",
  "flags",
  "count",
  "name",
  "host.y",
  "a.x",
  ".",
  "kind",
] as const;

export interface Damage {
  /** Which value, counted in document order. */
  readonly place: number;
  readonly kind: "replace" | "remove" | "add" | "repeat" | "rename" | "truncate" | "insert";
  readonly junk: unknown;
  readonly key: string;
}

export const damage: fc.Arbitrary<Damage> = fc.record({
  place: fc.nat(60),
  kind: fc.constantFrom("replace", "remove", "add", "repeat", "rename", "truncate", "insert"),
  junk: fc.constantFrom(...JUNK),
  key: fc.constantFrom(...KEYS),
});

/** The text of `value` with the damage done to it. */
export function damaged(value: unknown, { place, kind, junk, key }: Damage): string {
  const text = JSON.stringify(value);
  if (kind === "truncate") return text.slice(0, place * 3);
  if (kind === "insert") return `${text.slice(0, place)}${key}${text.slice(place)}`;
  let countdown = place;
  const write = (node: unknown): string => {
    const isHit = countdown-- === 0;
    if (isHit && kind === "replace") return JSON.stringify(junk);
    if (Array.isArray(node)) {
      const elements = node.map(write);
      if (isHit && kind === "remove") elements.pop();
      if (isHit && (kind === "add" || kind === "repeat")) elements.push(JSON.stringify(junk));
      return `[${elements.join(",")}]`;
    }
    if (typeof node !== "object" || node === null) return JSON.stringify(node);
    const members = Object.entries(node).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
    if (isHit) harm(members, kind, key, junk);
    return `{${members.join(",")}}`;
  };
  return write(value);
}

function harm(members: string[], kind: Damage["kind"], key: string, junk: unknown): void {
  const member = `${JSON.stringify(key)}:${JSON.stringify(junk)}`;
  if (kind === "remove") members.shift();
  if (kind === "add") members.unshift(member);
  if (kind === "repeat") members.push(members[0] ?? member);
  if (kind === "rename") members.splice(0, 1, member);
}
