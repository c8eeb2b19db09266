/** Which runtime a verdict chooses: docs/language.md, "Runtimes". */
import type { RuntimeChoice } from "../../bindings/js/types.ts";
import type { Tested } from "./attribute.ts";
import { type Condition, type Leaf, truthOf } from "./condition.ts";
import type { NativeDocument, RuntimeEntry } from "./document.ts";
import type { Situation } from "./situation.ts";

/** What binds runtimes beside the host's map of them. */
export interface RuntimeBounds {
  /** Handlers of the platform that was taken; null: they are not given, or none was taken. */
  readonly handlers: readonly string[] | null;
  /** Likewise of each platform that may be taken once everything is known, that one included. */
  readonly openHandlers: readonly (readonly string[] | null)[];
  /** The policy's list; null: all. */
  readonly allowed: readonly string[] | null;
}

export interface Runtimes {
  readonly condition: Condition & { op: "any" };
  readonly types: readonly string[];
}

/** The runtimes part of the verdict, or null if no document has a list. */
export function runtimesOf(documents: readonly NativeDocument[], bounds: RuntimeBounds): Runtimes | null {
  const listed = documents.filter((document) => document.runtimes !== null);
  const entries = listed.at(-1)?.runtimes;
  if (entries === undefined || entries === null) return null;
  const children = entries.map((entry): Condition => {
    const requires = listed.map((document) => requiresIn(document, entry));
    return { op: "all", children: [...requires, availability(entry, bounds)] };
  });
  return { condition: { op: "any", children }, types: entries.map((entry) => entry.type) };
}

/** The first entry that is true. */
export function chooseRuntime(runtimes: Runtimes, situation: Situation): RuntimeChoice | null {
  const index = runtimes.condition.children.findIndex((child) => truthOf(child, situation) === "true");
  const type = runtimes.types[index];
  if (type === undefined) return null;
  return { type, handler: situation.host.runtimes?.get(type) ?? null };
}

function requiresIn(document: NativeDocument, entry: RuntimeEntry): Condition {
  const runtimes = document.runtimes ?? [];
  const own = runtimes.find((candidate) => candidate.type === entry.type);
  if (own !== undefined) return own.requires;
  // A type that another document doesn't list is a reason at that document's list, found: the types it lists.
  const types = runtimes.map((runtime) => runtime.type);
  const around = {
    ...entry.around,
    document: document.id,
    title: null,
    description: null,
    documentation: null,
  };
  return leaf(entry, { pointer: "/runtimes", around: { ...around, within: null } }, () => ({
    value: "false",
    found: types,
  }));
}

function availability(entry: RuntimeEntry, bounds: RuntimeBounds): Leaf {
  return leaf(entry, {}, (situation) => available(entry.type, situation, bounds));
}

// What is found: the handler (or null) if available, the policy's list if that forbids the type, the platform's
// handlers if the handler is not among them, the host's types if the type has no handler, null if unknown.
function available(type: string, situation: Situation, bounds: RuntimeBounds): Tested {
  const { handlers, openHandlers, allowed } = bounds;
  if (allowed !== null && !allowed.includes(type)) return { value: "false", found: allowed };
  const { runtimes } = situation.host;
  if (type === "default") return { value: "true", found: runtimes?.get(type) ?? null };
  if (runtimes === null) return { value: "unknown", found: null };
  const handler = runtimes.get(type);
  if (handler === undefined) return { value: "false", found: [...runtimes.keys()] };
  const serving = openHandlers.filter((list) => list === null || list.includes(handler));
  if (serving.length === openHandlers.length) return { value: "true", found: handler };
  // Whether it is there depends on the platform that will be taken.
  return serving.length > 0 ? { value: "unknown", found: null } : { value: "false", found: handlers };
}

function leaf(entry: RuntimeEntry, other: Partial<Leaf>, ask: (situation: Situation) => Tested): Leaf {
  return {
    op: "leaf",
    kind: "runtime",
    pointer: entry.pointer,
    feature: null,
    name: null,
    wanted: entry.wanted,
    around: entry.around,
    ask,
    ...other,
  };
}
