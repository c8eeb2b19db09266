/** JSON Merge Patch (RFC 7396): what a host would be with another kernel, system or device. */

type Json = unknown;

/** Deepest patch that is applied; facts are flatter by far. */
const MAX_DEPTH = 64;

/** `target` with `patch` laid over it: members are replaced, null removes them. Neither is changed. */
export function mergePatch(target: Json, patch: Json, depth = 0): Json {
  if (!isMap(patch) || depth > MAX_DEPTH) return patch;
  const result: Map<string, Json> = new Map(isMap(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value, depth + 1));
  }
  return Object.fromEntries(result);
}

function isMap(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
