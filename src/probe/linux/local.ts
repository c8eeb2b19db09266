/** `local.label` and `local.feature`: what the administrator adds, in NFD's feature files. */
import type { Observations } from "../observations.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const LABEL = "local.label";
const FEATURE = "local.feature";
const DIRECTORY = "/etc/kubernetes/node-feature-discovery/features.d";
/** NFD's own limit for one file. */
const FILE_LIMIT = 65_536;
const MAX_FILES = 1_024;

export interface LocalFacts {
  readonly labels: ReadonlyMap<string, string>;
  readonly features: ReadonlyMap<string, string>;
  /** Directives (`# +...`) that are not understood; NFD ignores them too. */
  readonly odd: readonly string[];
}

/**
 * `key` (true) and `key=value` lines. `# +expiry-time=` (RFC 3339) holds for the lines below it, `# +no-feature` and `# +no-label` for the
 * next one.
 */
export function parseFeatureFile(text: string, now: Date): LocalFacts {
  const labels = new Map<string, string>();
  const features = new Map<string, string>();
  const odd: string[] = [];
  let expired = false;
  let noLabel = false;
  let noFeature = false;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "") continue;
    if (line.startsWith("#")) {
      if (!line.startsWith("# +")) continue;
      const [directive, value] = line.slice(3).split(/=(.*)/s);
      const time = directive === "expiry-time" ? parseTime(value?.trim()) : undefined;
      if (time !== undefined) expired = time < now.getTime();
      else if (directive === "no-label") noLabel = true;
      else if (directive === "no-feature") noFeature = true;
      else odd.push(line);
      continue;
    }
    if (expired) continue;
    const at = line.indexOf("=");
    const key = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? "true" : line.slice(at + 1);
    if (noFeature) features.delete(key);
    else features.set(key, value);
    if (noLabel) labels.delete(key);
    else labels.set(key, value);
    noLabel = false;
    noFeature = false;
  }
  return { labels, features, odd };
}

function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined;
  // The language takes 30 February for 1 March, and 24:00 for the next day: NFD takes neither.
  const day = text.slice(0, 10);
  const parsedDay = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(parsedDay.getTime()) || parsedDay.toISOString().slice(0, 10) !== day) return undefined;
  if (text.slice(11, 13) === "24") return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function observe(sources: LinuxSources, observations: Observations): void {
  const files = sources.files.list(DIRECTORY, MAX_FILES);
  if (!files.ok) {
    if (sources.isMissing(DIRECTORY, "/etc")) {
      observations.attributes(LABEL, {});
      observations.attributes(FEATURE, {});
    } else {
      observations.failure(LABEL, DIRECTORY, files);
      observations.failure(FEATURE, DIRECTORY, files);
    }
    return;
  }
  const labels = new Map<string, string>();
  const features = new Map<string, string>();
  /** Where each comes from, of several files the last. */
  const origins = new Map<string, string>();
  let complete = !files.truncated;
  for (const name of files.names) {
    if (name.startsWith(".")) continue;
    const file = `${DIRECTORY}/${name}`;
    const read = sources.text(file, FILE_LIMIT);
    if (!read.ok) {
      observations.failure(FEATURE, file, read);
      complete = complete && read.code === "not-a-regular-file";
      continue;
    }
    const found = parseFeatureFile(read.text, sources.now);
    for (const line of found.odd)
      observations.note(FEATURE, file, "odd-directive", `${file}: ignored: ${line}`);
    for (const [key, value] of found.labels) {
      labels.set(key, value);
      origins.set(`${LABEL} ${key}`, file);
    }
    for (const [key, value] of found.features) {
      features.set(key, value);
      origins.set(`${FEATURE} ${key}`, file);
    }
  }
  if (!complete) {
    // A set of attributes can't say that there may be more of it, and what it lacks would count as absent.
    const message = `${DIRECTORY}: not all of it can be read, so none of it is given`;
    for (const feature of [LABEL, FEATURE]) observations.note(feature, DIRECTORY, "incomplete", message);
    return;
  }
  observations.attributes(LABEL, Object.fromEntries(labels));
  observations.attributes(FEATURE, Object.fromEntries(features));
  for (const [key, file] of origins) {
    const at = key.indexOf(" ");
    observations.source(key.slice(0, at), key.slice(at + 1), file);
  }
}

export const local: Subject = { builtin: "feature-files", observe };
