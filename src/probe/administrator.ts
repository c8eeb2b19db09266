/**
 * Administrators' facts: `/etc/hostfit/facts.d/*.{json,yaml,yml}`, documents in the form of host facts, laid over what was probed in the
 * order of the files' names. A file that isn't understood is left out whole, with a note.
 */
import type { AttributeSet, FlagSet, HostFeatures, HostPlatform, Instance, InstanceSet } from "./facts.ts";
import { instance, type Observations } from "./observations.ts";
import { type HostFiles, isAbsent } from "./root.ts";

export const FACTS_DIRECTORY = "/etc/hostfit/facts.d";

const MAX_FILES = 256;
const FILE_LIMIT = 1024 * 1024;

/** What one file says. */
export interface AdministratorFacts {
  readonly file: string;
  readonly features: HostFeatures;
  readonly closedWorld: readonly string[];
  readonly platforms?: readonly HostPlatform[];
  readonly runtimes?: Readonly<Record<string, string>>;
}

/** Where a fact comes from. */
export interface FactSource {
  readonly feature: string;
  /** The flag or attribute; null for a whole feature, or for instances. */
  readonly name: string | null;
  readonly files: readonly string[];
}

type JsonMap = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All files that are understood, by name. */
export async function readAdministratorFacts(
  files: HostFiles,
  observations: Observations,
): Promise<AdministratorFacts[]> {
  const entries = files.list(FACTS_DIRECTORY, MAX_FILES);
  if (!entries.ok) {
    if (!isAbsent(entries)) observations.failure("facts.d", FACTS_DIRECTORY, entries);
    return [];
  }
  const found: AdministratorFacts[] = [];
  for (const name of entries.names) {
    if (name.startsWith(".")) continue;
    const file = `${FACTS_DIRECTORY}/${name}`;
    if (!/\.(?:json|ya?ml)$/.test(name)) {
      observations.note("facts.d", file, "ignored", `${file}: is neither .json nor .yaml`);
      continue;
    }
    const read = files.read(file, FILE_LIMIT);
    if (!read.ok) observations.failure("facts.d", file, read);
    else if (read.truncated)
      observations.note("facts.d", file, "too-large", `${file}: more than ${FILE_LIMIT} bytes`);
    else {
      const facts = await understood(file, read.bytes);
      if (typeof facts === "string")
        observations.note("facts.d", file, "malformed-facts", `${file}: ${facts}`);
      else found.push(facts);
    }
  }
  if (entries.truncated) {
    const message = `${FACTS_DIRECTORY}: more than ${MAX_FILES} files; the rest is left out`;
    observations.note("facts.d", FACTS_DIRECTORY, "too-many-entries", message);
  }
  return found;
}

/** The facts in a file, or what is wrong with it. */
async function understood(file: string, bytes: Uint8Array): Promise<AdministratorFacts | string> {
  let value: unknown;
  try {
    value = await parsed(file, new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return "neither JSON nor YAML in UTF-8";
  }
  if (!isMap(value)) return "is no map";
  for (const key of Object.keys(value)) if (!KEYS.has(key)) return `has the key ${key}, which means nothing`;
  if (value.kind !== undefined && value.kind !== "Host") return "is of another kind than Host";
  if (value.apiVersion !== undefined && value.apiVersion !== "hostfit/v1.0") return "is of another version";
  const features = featuresOf(value.features ?? {});
  if (typeof features === "string") return features;
  const closed = value.closedWorld ?? [];
  if (!isTexts(closed)) return "closedWorld is no list of features";
  const platforms = value.platforms;
  if (platforms !== undefined && !(Array.isArray(platforms) && platforms.every(isPlatform)))
    return "platforms is no list of platforms";
  const runtimes = value.runtimes;
  if (runtimes !== undefined && !(isMap(runtimes) && isTexts(Object.values(runtimes))))
    return "runtimes is no map of handlers";
  return {
    file,
    features,
    closedWorld: closed,
    ...(platforms === undefined ? {} : { platforms: platforms as HostPlatform[] }),
    ...(runtimes === undefined ? {} : { runtimes: runtimes as Record<string, string> }),
  };
}

const KEYS: ReadonlySet<string> = new Set([
  "annotations",
  "apiVersion",
  "closedWorld",
  "features",
  "kind",
  "platforms",
  "runtimes",
]);

/** In YAML every scalar is the text that stands there: `version: 1.10` is no number. */
async function parsed(file: string, text: string): Promise<unknown> {
  if (file.endsWith(".json")) return JSON.parse(text) as unknown;
  const { parse } = await import("yaml");
  return parse(text, { schema: "failsafe", maxAliasCount: 0, logLevel: "error" }) as unknown;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isPlatform(value: unknown): boolean {
  if (!isMap(value) || typeof value.os !== "string" || typeof value.architecture !== "string") return false;
  return Object.entries(value).every(([key, one]) =>
    key === "os.features" || key === "handlers"
      ? isTexts(one)
      : PLATFORM_KEYS.has(key) && typeof one === "string",
  );
}

const PLATFORM_KEYS: ReadonlySet<string> = new Set(["os", "architecture", "variant", "os.version"]);

function featuresOf(value: unknown): HostFeatures | string {
  if (!isMap(value)) return "features is no map";
  const flags: Record<string, FlagSet> = {};
  const attributes: Record<string, AttributeSet> = {};
  const instances: Record<string, InstanceSet> = {};
  for (const [kind, sets] of Object.entries(value)) {
    if (!["flags", "attributes", "instances"].includes(kind)) return `features has no ${kind}`;
    if (!isMap(sets)) return `${kind} is no map`;
    for (const [feature, set] of Object.entries(sets)) {
      if (!/^(?:[^/]+\/)?[^/]+\.[^/]+$/.test(feature) || /^(?:host|candidate)\./.test(feature))
        return `${JSON.stringify(feature)} is not the name of a feature`;
      if (!isMap(set)) return `${feature} is no map`;
      const made =
        kind === "flags"
          ? put(flags, feature, flagSet(set))
          : kind === "attributes"
            ? put(attributes, feature, attributeSet(set))
            : put(instances, feature, instanceSet(set));
      if (!made) return `${feature} is not in the form of ${kind}`;
    }
  }
  return { flags, attributes, instances };
}

function put<T>(into: Record<string, T>, feature: string, set: T | undefined): boolean {
  if (set !== undefined) into[feature] = set;
  return set !== undefined;
}

function flagSet(set: JsonMap): FlagSet | undefined {
  const elements = set.elements ?? {};
  const names = isTexts(elements) ? elements : isMap(elements) ? Object.keys(elements) : undefined;
  const scope = set.scope;
  if (names === undefined || (scope !== undefined && !isTexts(scope))) return undefined;
  const present = Object.fromEntries(names.map((name) => [name, {}]));
  return scope === undefined ? { elements: present } : { elements: present, scope };
}

function texts(value: unknown): Record<string, string> | undefined {
  if (!isMap(value)) return undefined;
  const found: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string" && typeof text !== "number" && typeof text !== "boolean") return undefined;
    found[name] = String(text);
  }
  return found;
}

function attributeSet(set: JsonMap): AttributeSet | undefined {
  const elements = texts(set.elements ?? {});
  const unknown = set.unknown;
  if (elements === undefined || (unknown !== undefined && !isTexts(unknown))) return undefined;
  return unknown === undefined ? { elements } : { elements, unknown };
}

function instanceSet(set: JsonMap): InstanceSet | undefined {
  const list = set.elements ?? [];
  if (!Array.isArray(list)) return undefined;
  const elements: Instance[] = [];
  for (const one of list as readonly unknown[]) {
    const attributes = isMap(one) ? texts(one.attributes ?? {}) : undefined;
    const unknown = isMap(one) ? one.unknown : undefined;
    if (attributes === undefined || (unknown !== undefined && !isTexts(unknown))) return undefined;
    elements.push(instance(attributes, unknown ?? []));
  }
  return String(set.partial ?? false) === "true" ? { elements, partial: true } : { elements };
}

/**
 * Lays a file's facts over others: flags are added, attributes replace those of the same name, instances are appended. `sources` gains an
 * entry for each fact.
 */
export function layOver(below: HostFeatures, above: AdministratorFacts, sources: FactSource[]): HostFeatures {
  const { file } = above;
  const flags = { ...below.flags };
  for (const [feature, set] of Object.entries(above.features.flags)) {
    flags[feature] = mergedFlags(flags[feature], set);
    for (const name of Object.keys(set.elements)) sources.push({ feature, name, files: [file] });
  }
  const attributes = { ...below.attributes };
  for (const [feature, set] of Object.entries(above.features.attributes)) {
    attributes[feature] = mergedAttributes(attributes[feature], set);
    for (const name of Object.keys(set.elements)) sources.push({ feature, name, files: [file] });
  }
  const instances = { ...below.instances };
  for (const [feature, set] of Object.entries(above.features.instances)) {
    const known = instances[feature];
    const elements = [...(known?.elements ?? []), ...set.elements];
    // Where nothing was probed there may be more than an administrator lists only if the file says so.
    const partial = known?.partial === true || set.partial === true;
    instances[feature] = partial ? { elements, partial: true } : { elements };
    sources.push({ feature, name: null, files: [file] });
  }
  return { flags: sorted(flags), attributes: sorted(attributes), instances: sorted(instances) };
}

function mergedFlags(below: FlagSet | undefined, above: FlagSet): FlagSet {
  if (below === undefined) return above;
  const elements = sorted({ ...below.elements, ...above.elements });
  // A list that was complete stays so; one with a scope can deny what either of them can.
  if (below.scope === undefined) return { elements };
  const scope = new Set([...below.scope, ...(above.scope ?? []), ...Object.keys(elements)]);
  return { elements, scope: [...scope].sort() };
}

function mergedAttributes(below: AttributeSet | undefined, above: AttributeSet): AttributeSet {
  const elements = sorted({ ...below?.elements, ...above.elements });
  for (const name of above.unknown ?? []) delete elements[name];
  const unknown = new Set(
    [...(below?.unknown ?? []), ...(above.unknown ?? [])].filter((name) => !Object.hasOwn(elements, name)),
  );
  return unknown.size === 0 ? { elements } : { elements, unknown: [...unknown].sort() };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
