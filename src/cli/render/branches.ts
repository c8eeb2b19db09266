/**
 * Which alternatives a reason stands in, read from its place in the document: every `any` (NFD: `matchAny` and the sets)
 * and the entry of `runtimes` on the way to it. The core names the innermost alone (`within`).
 */
import type { Reason } from "../../../bindings/js/types.ts";

/** One of several alternatives. */
export interface Branch {
  /** Names the alternatives as a whole: the document, and the list's pointer in it. */
  readonly among: string;
  readonly of: "conditions" | "runtimes" | "sets";
  /** Which of them it is, counted from 1 as people do. */
  readonly number: number;
}

/** The alternatives around a reason, the outermost first. */
export function branchesOf({ document, pointer, within }: Reason): readonly Branch[] {
  if (within === null || !pointer.startsWith(`${within}/`)) return [];
  const tokens = pointer.split("/").slice(1);
  const innermost = within.split("/").length - 2;
  const branches: Branch[] = [];
  for (let at = 0; at <= innermost; at++) {
    const token = tokens[at] ?? "";
    // What stands below a feature (a key with a dot) are words about its flags or instances, but for the innermost.
    const inCondition = !tokens.slice(0, at).some((outer) => outer.includes("."));
    const isList = at === 0 ? ROOT_LISTS.has(token) : ANY.has(token) && inCondition;
    const index = tokens[at + 1];
    if ((isList || at === innermost) && index !== undefined && /^\d+$/.test(index)) {
      branches.push({
        among: `${document} /${tokens.slice(0, at + 1).join("/")}`,
        of: (at === 0 ? ROOT_LISTS.get(token) : undefined) ?? "conditions",
        number: Number(index) + 1,
      });
    }
  }
  return branches;
}

/** Lists of alternatives at the root of a document. */
const ROOT_LISTS: ReadonlyMap<string, Branch["of"]> = new Map([
  ["runtimes", "runtimes"],
  ["compatibilities", "sets"],
]);
/** Keys of lists of alternatives inside conditions. */
const ANY: ReadonlySet<string> = new Set(["any", "matchAny"]);

/** Whether a reason is about the condition of an `if`: nobody wants it to be so, it only says what is asked for. */
export function isCondition({ pointer }: Reason): boolean {
  const tokens = pointer.split("/").slice(1);
  const feature = tokens.findIndex((token) => token.includes("."));
  return tokens.slice(0, feature === -1 ? tokens.length : feature).includes("if");
}

/** Whether two reasons stand in the same alternative. */
export function sameBranches(a: readonly Branch[], b: readonly Branch[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ among, number }, at) => among === b[at]?.among && number === b[at]?.number)
  );
}
