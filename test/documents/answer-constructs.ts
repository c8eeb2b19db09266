/** Which constructs of answers an example shows: only what the page says counts, not what else the core answered. */

type Map = Readonly<Record<string, unknown>>;

export function answerConstructs(
  kind: "verdict" | "ranking" | "error",
  expected: unknown,
  found: Set<string>,
): void {
  const answer = map(expected);
  if (kind === "error") found.add(`error.${String(answer.code)}`);
  else if (kind === "verdict") verdict(answer, found);
  else {
    for (const candidate of maps(answer.candidates)) {
      if (typeof candidate.decidedBy === "string") found.add(`decidedBy.${candidate.decidedBy}`);
      verdict(candidate, found);
    }
  }
}

function verdict(answer: Map, found: Set<string>): void {
  if (typeof answer.verdict === "string") found.add(`verdict.${answer.verdict}`);
  const platform = map(answer.platform);
  if (typeof platform.value === "string") found.add(`platform-value.${platform.value}`);
  for (const one of maps(answer.preferences)) found.add(`preference-value.${String(one.value)}`);
  for (const one of maps(answer.nfd)) {
    if (one.error !== undefined) found.add("nfd-answer.error");
    else if (one.match !== undefined)
      found.add(one.match === true ? "nfd-answer.match" : "nfd-answer.no-match");
  }
  for (const reason of maps(answer.reasons)) {
    if (typeof reason.kind === "string") found.add(`kind.${reason.kind}`);
    if (typeof reason.value === "string") found.add(`value.${reason.value}`);
    for (const text of ["within", "title", "description", "documentation", "origin"]) {
      if (typeof reason[text] === "string") found.add(`reason.${text}`);
    }
    if ("found" in reason) found.add(`found.${shape(reason.found, reason.kind)}`);
  }
}

function shape(value: unknown, kind: unknown): string {
  if (value === null)
    return kind === "runtime"
      ? "unknown-runtimes"
      : kind === "platform"
        ? "unknown-platforms"
        : "unknown-flag";
  if (value === "present") return "present";
  if (value === "absent") return "absent-flag";
  if (typeof value === "string") return "text";
  if (Array.isArray(value)) return kind === "platform" ? "platforms" : "names";
  return Object.keys(map(value))[0] ?? "nothing";
}

function map(value: unknown): Map {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Map) : {};
}

function maps(value: unknown): readonly Map[] {
  return Array.isArray(value) ? value.map(map) : [];
}
