/**
 * Where images of a name are really asked for, as `registries.conf` says it (containers-registries.conf(5), version 2): other
 * locations, mirrors, what is blocked. Short names and aliases are not read: a name without a host is docker.io's. Node only.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { printable, RegistryError } from "./errors.ts";
import { isObject, type JsonObject } from "./json.ts";
import { formatReference, parseReference, type RegistryReference } from "./reference.ts";
import type { Location } from "./registry.ts";

const MAX_CONF_BYTES = 1024 * 1024;
const MAX_DROP_INS = 256;
/** Mirrors of one name that are asked. */
const MAX_MIRRORS = 16;

/** Which references a mirror is asked for. */
type PullFromMirror = "all" | "digest-only" | "tag-only";

interface Mirror {
  readonly location: string;
  readonly insecure: boolean;
  readonly pull: PullFromMirror;
}

/** One `[[registry]]` table. */
interface Table {
  /** `host[:port][/path][:tag|@digest]`, or `*.host`. */
  readonly prefix: string;
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrors: readonly Mirror[];
}

/** What all files together say. */
export class RegistriesConf {
  readonly #tables: readonly Table[];

  constructor(tables: readonly Table[]) {
    this.#tables = tables;
  }

  /**
   * The places of an image, in the order in which they are to be asked: mirrors, then where it is really kept.
   *
   * @throws RegistryError `registry-blocked`
   */
  locationsOf(reference: RegistryReference): readonly Location[] {
    const name = formatReference(reference);
    const table = this.#tableOf(name);
    if (table === null) return [{ reference, insecure: "refused", role: "primary" }];
    const { prefix, location, insecure, blocked, mirrors } = table;
    if (blocked) {
      throw new RegistryError("registry-blocked", `${name}: registries.conf blocks ${printable(prefix)}`, {
        help: "Use another registry, or ask whoever configures this machine.",
        details: { prefix },
      });
    }
    const rest = name.slice(lengthOfMatch(name, prefix));
    const at = (place: string): RegistryReference => relocated(`${place}${rest}`, name);
    const wanted = mirrors.filter(
      ({ pull }) => pull === "all" || (pull === "digest-only") === (reference.digest !== null),
    );
    return [
      ...wanted.slice(0, MAX_MIRRORS).map(
        (mirror): Location => ({
          reference: at(mirror.location),
          insecure: mirror.insecure ? "allowed" : "refused",
          role: "mirror",
        }),
      ),
      {
        reference: location === "" ? reference : at(location),
        insecure: insecure ? "allowed" : "refused",
        role: "primary",
      },
    ];
  }

  /** The table with the longest prefix. */
  #tableOf(name: string): Table | null {
    const fitting = this.#tables.filter(({ prefix }) => lengthOfMatch(name, prefix) > 0);
    return fitting.sort((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
  }
}

/** Characters of `name` that a prefix matches; 0 if it doesn't. */
function lengthOfMatch(name: string, prefix: string): number {
  if (prefix.startsWith("*.")) {
    const host = name.slice(0, name.indexOf("/"));
    return host.endsWith(prefix.slice(1)) && host.length > prefix.length - 1 ? host.length : 0;
  }
  if (prefix === "" || !name.startsWith(prefix)) return 0;
  const next = name[prefix.length];
  return next === undefined || /[/:@]/.test(next) ? prefix.length : 0;
}

function relocated(place: string, name: string): RegistryReference {
  const parsed = parseReference(place);
  if (parsed.kind === "registry") return parsed;
  throw invalid(`the location ${printable(place)} of ${printable(name)} is no registry's`);
}

/**
 * The files of the environment: what `CONTAINERS_REGISTRIES_CONF` names, else the user's or the system's
 * `containers/registries.conf`; then the `*.conf` in `registries.conf.d`, whose tables take the place of those before.
 *
 * @returns null where nothing is said about any registry. What can't be read is as if it weren't there.
 * @throws RegistryError `registries-conf-invalid`
 */
export async function readRegistriesConf(
  environment: Readonly<Record<string, string | undefined>>,
  system = "/etc/containers",
): Promise<RegistriesConf | null> {
  const named = environment.CONTAINERS_REGISTRIES_CONF;
  const texts = named ? [await read(named)] : await defaultTexts(userFolder(environment), system);
  const tables = new Map<string, Table>();
  for (const found of texts) {
    // Most files say nothing of the kind, and need no parser.
    if (found === null || !/\[\[\s*registry\s*\]\]|^\s*registry\s*=/m.test(found.text)) continue;
    for (const table of await tablesIn(found.text, found.file)) tables.set(table.prefix, table);
  }
  return tables.size === 0 ? null : new RegistriesConf([...tables.values()]);
}

/** The user's folder of such files, or null. */
export function userFolder(environment: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CONFIG_HOME, HOME } = environment;
  if (XDG_CONFIG_HOME?.startsWith("/") === true) return join(XDG_CONFIG_HOME, "containers");
  return HOME ? join(HOME, ".config", "containers") : null;
}

interface Found {
  readonly file: string;
  readonly text: string;
}

async function defaultTexts(user: string | null, system: string): Promise<readonly (Found | null)[]> {
  const own = user === null ? null : await read(join(user, "registries.conf"));
  const main = own ?? (await read(join(system, "registries.conf")));
  const dropIns: (Found | null)[] = [];
  for (const folder of [system, ...(user === null ? [] : [user])]) {
    const below = join(folder, "registries.conf.d");
    const names = await readdir(below).catch((): string[] => []);
    for (const name of names.sort().slice(0, MAX_DROP_INS)) {
      if (name.endsWith(".conf")) dropIns.push(await read(join(below, name)));
    }
  }
  return [main, ...dropIns];
}

async function read(file: string): Promise<Found | null> {
  try {
    const status = await stat(file);
    if (!status.isFile() || status.size > MAX_CONF_BYTES) return null;
    return { file, text: await readFile(file, "utf8") };
  } catch {
    return null;
  }
}

async function tablesIn(text: string, file: string): Promise<readonly Table[]> {
  const { parse } = await import("smol-toml");
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    const line = (error as { line?: unknown }).line;
    throw invalid(`${file}${typeof line === "number" ? `:${line}` : ""} is no TOML`);
  }
  const tables =
    isObject(document) && Array.isArray(document.registry) ? (document.registry as unknown[]) : [];
  return tables.map((table, at) => readTable(isObject(table) ? table : {}, `${file}: registry ${at + 1}`));
}

function readTable(table: JsonObject, where: string): Table {
  const location = textAt(table, "location", where);
  const prefix = textAt(table, "prefix", where) || location;
  if (prefix === "") throw invalid(`${where} has neither prefix nor location`);
  if (location === "" && !prefix.startsWith("*.") && table.prefix === undefined) {
    throw invalid(`${where} has no location`);
  }
  const byDigest = flagAt(table, "mirror-by-digest-only", where);
  const mirrors = Array.isArray(table.mirror) ? (table.mirror as unknown[]) : [];
  return {
    prefix: prefix.replace(/\/+$/, ""),
    location: location.replace(/\/+$/, ""),
    insecure: flagAt(table, "insecure", where),
    blocked: flagAt(table, "blocked", where),
    mirrors: mirrors.map((one, at): Mirror => {
      const mirror = isObject(one) ? one : {};
      const place = `${where}, mirror ${at + 1}`;
      const said = textAt(mirror, "location", place).replace(/\/+$/, "");
      if (said === "") throw invalid(`${place} has no location`);
      const pull = textAt(mirror, "pull-from-mirror", place) || (byDigest ? "digest-only" : "all");
      if (pull !== "all" && pull !== "digest-only" && pull !== "tag-only") {
        throw invalid(`${place}: pull-from-mirror is all, digest-only or tag-only`);
      }
      return { location: said, insecure: flagAt(mirror, "insecure", place), pull };
    }),
  };
}

function textAt(table: JsonObject, key: string, where: string): string {
  const value = table[key];
  if (value === undefined) return "";
  if (typeof value === "string" && value.length <= 512) return value;
  throw invalid(`${where}: ${key} is no text`);
}

function flagAt(table: JsonObject, key: string, where: string): boolean {
  const value = table[key];
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw invalid(`${where}: ${key} is neither true nor false`);
}

function invalid(what: string): RegistryError {
  return new RegistryError("registries-conf-invalid", printable(what, 400), {
    help: "See containers-registries.conf(5); CONTAINERS_REGISTRIES_CONF names another file.",
  });
}
