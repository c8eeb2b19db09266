/**
 * Probing: facts about a host by reading files. Nothing is executed or written, nothing goes over a network, nothing needs privileges.
 * What can't be read is left out of the facts, which makes it unknown, and a note says why.
 */
import { machine } from "node:os";
import { HostfitError } from "../errors.ts";
import {
  type AdministratorFacts,
  type FactSource,
  layOver,
  readAdministratorFacts,
} from "./administrator.ts";
import { isContainer, pidNamespace } from "./container.ts";
import type { HostFacts, HostFeatures, ProbeNote } from "./facts.ts";
import { architectureOfNode } from "./linux/architecture.ts";
import { multiarchOf } from "./linux/libc.ts";
import { findPlatforms } from "./linux/platforms.ts";
import { findRuntimes, NO_RUNTIMES, observeRuntimes, runtimeMap } from "./linux/runtimes.ts";
import { LinuxSources } from "./linux/sources.ts";
import { SUBJECTS } from "./linux/subjects.ts";
import { Observations } from "./observations.ts";
import { observePortable, type PortableSystem, thisSystem } from "./portable.ts";
import { redactFacts, redactNotes } from "./redact.ts";
import { remembered } from "./remembered.ts";
import { type HostFiles, openRoot } from "./root.ts";
import { type Selection, selectionOf } from "./selection.ts";
import {
  type Catalog,
  catalogOf,
  identifyingNames,
  isPerContainer,
  pathsOf,
  probingVocabularies,
} from "./vocabulary/catalog.ts";
import type { Vocabulary } from "./vocabulary/model.ts";
import type { RecipeHost } from "./vocabulary/reading.ts";
import { RecipeRunner } from "./vocabulary/recipe.ts";

export interface ProbeOptions {
  /** Where the host's root directory is on this machine. `/` by default; a Linux host's tree can be probed anywhere. */
  readonly root?: string;
  /** Features to probe: full names, a source with everything below it (`cpu`, `org.hostfit/kernel`), or a domain. All by default. */
  readonly only?: readonly string[];
  /** Features to leave out, named likewise; wins over `only`. */
  readonly except?: readonly string[];
  /** Whether `only` and `except` also choose among administrators' facts (default), or these are kept whole. */
  readonly administrator?: "selected" | "all";
  /** Takes out what identifies the machine (names, serial numbers, addresses on the command line). */
  readonly redact?: boolean;
  /** Stops the probe between two subjects; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Environment variables; those of the process by default. NODE_NAME is the only one that counts. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The host's architecture in OCI's words, where its files don't say it or say it wrongly. */
  readonly arch?: string;
  /** What feature files' expiry times are compared with. */
  readonly now?: Date;
  /** Whether the files are a host's or a container's own; found out by default for `/`, and a host's elsewhere. */
  readonly surroundings?: "host" | "container";
  /** Another way to read the host's files than from `root`. */
  readonly files?: HostFiles;
  /** Vocabularies beside those that hostfit brings along, checked (`readVocabulary`). */
  readonly vocabularies?: readonly Vocabulary[];
  /** What a host that isn't Linux says of itself; this one by default. */
  readonly system?: PortableSystem;
}

export interface ProbeResult {
  readonly host: HostFacts;
  /** Where each fact comes from: what is read for a feature, then each administrator's fact; later ones lie above earlier ones. */
  readonly sources: readonly FactSource[];
  readonly notes: readonly ProbeNote[];
}

/**
 * Probes a host.
 * @throws HostfitError `bad-host-root` if `root` is not a directory, `unknown-feature` if `only` or `except` name something that no probe
 * gives. The signal's reason if it is aborted.
 */
export async function probe(options: ProbeOptions = {}): Promise<ProbeResult> {
  options.signal?.throwIfAborted();
  const catalog = catalogOf(probingVocabularies(), options.vocabularies ?? []);
  const known = probedFeatures(catalog);
  const system = options.system ?? thisSystem();
  const elsewhere = options.files !== undefined || (options.root !== undefined && options.root !== "/");
  const observations = new Observations();
  const finish = (
    found: Pick<HostFacts, "name" | "platforms" | "runtimes">,
    wants: Selection,
    administrators: readonly AdministratorFacts[],
  ): ProbeResult => result(found, observations, { wants, catalog, administrators, options });
  if (!elsewhere && system.platform !== "linux") {
    const wants = selectionOf(options.only, options.except, known);
    const platforms = observePortable(system, observations, wants);
    const { os = "", architecture = "" } = platforms[0] ?? {};
    // A Windows path is none of a recipe's.
    if (os !== "windows") {
      const host = { files: openRoot("/"), os, architecture, names: { architecture } };
      await runRecipes(host, catalog, wants, observations, options.signal);
    }
    return finish({ name: system.hostname, platforms }, wants, []);
  }
  const files = remembered(options.files ?? openHost(options.root ?? "/"));
  const sources = new LinuxSources(files, options.env ?? process.env, options.now ?? new Date(), {
    assumed: architectureOfNode(system.arch),
    ...(elsewhere ? {} : { machine: machine() }),
    ...(options.arch === undefined ? {} : { given: options.arch }),
  });
  const own =
    options.surroundings ??
    (elsewhere || !isContainer(files, sources.environment, pidNamespace()) ? "host" : "container");
  const administrators = own === "host" ? await readAdministratorFacts(files, observations) : [];
  const wants = selectionOf(options.only, options.except, [...known, ...featuresOf(administrators)]);
  const containers =
    own === "host" ? [] : [...catalog.values()].filter(isPerContainer).map(({ name }) => name);
  const hidden = new Set(containers);
  const seen: Selection = (feature) => wants(feature) && !hidden.has(feature);
  await runBuiltins(sources, catalog, seen, observations, options.signal);
  await runRecipes(recipeHost(sources), catalog, seen, observations, options.signal);
  const runtimes = own === "host" ? findRuntimes(sources, observations) : NO_RUNTIMES;
  if (own === "host") observeRuntimes(runtimes, observations);
  else noteContainer(observations, containers);
  const platforms = findPlatforms(sources, observations, runtimes);
  const map = runtimeMap(runtimes);
  const name = hostName(sources, observations, elsewhere);
  return finish(
    {
      name,
      ...(platforms === undefined ? {} : { platforms }),
      ...(map === undefined ? {} : { runtimes: map }),
    },
    wants,
    administrators,
  );
}

/** What a recipe may know of a Linux host. */
function recipeHost(sources: LinuxSources): RecipeHost {
  const { architecture, origin } = sources.architecture;
  const release = sources.kernelRelease();
  const kernel = release.ok ? { kernel: release.text } : {};
  if (origin === "assumed")
    return { files: sources.files, os: "linux", architecture: undefined, names: kernel };
  const multiarch = multiarchOf(architecture);
  const names = { architecture, ...kernel, ...(multiarch === undefined ? {} : { multiarch }) };
  return { files: sources.files, os: "linux", architecture, names };
}

/** A builtin may give several features: it looks if one of them is wanted. */
async function runBuiltins(
  sources: LinuxSources,
  catalog: Catalog,
  wants: Selection,
  observations: Observations,
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted = new Set(
    [...catalog.values()].filter(({ name }) => wants(name)).map(({ feature }) => feature.probe?.builtin),
  );
  for (const subject of SUBJECTS) {
    if (!wanted.has(subject.builtin)) continue;
    subject.observe(sources, observations);
    await turn(signal);
  }
}

async function runRecipes(
  host: RecipeHost,
  catalog: Catalog,
  wants: Selection,
  observations: Observations,
  signal: AbortSignal | undefined,
): Promise<void> {
  const runners = new Map<Vocabulary, RecipeRunner>();
  for (const { name, feature, vocabulary, origin } of catalog.values()) {
    if (feature.probe === undefined || feature.probe.builtin !== undefined || !wants(name)) continue;
    const runner = runners.get(vocabulary) ?? new RecipeRunner(host, observations, origin);
    runners.set(vocabulary, runner);
    await runner.observe(name, feature);
    await turn(signal);
  }
}

/** How long a probe keeps the event loop to itself, in milliseconds. */
const TURN_EVERY = 5;
let lastTurn = 0;

/** Lets the event loop turn now and then, so that a signal, or a server's other work, gets through. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  const now = performance.now();
  if (now - lastTurn >= TURN_EVERY) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    lastTurn = performance.now();
  }
  signal?.throwIfAborted();
}

function openHost(root: string): HostFiles {
  const files = openRoot(root);
  const entry = files.stat("/");
  if (entry.ok && entry.kind === "directory") return files;
  const why = entry.ok ? "is not a directory" : `can't be opened (${entry.code})`;
  throw new HostfitError("bad-host-root", `the host's root ${root} ${why}`, {
    help: "give the directory where the host's / is, such as /host",
    details: { root },
  });
}

interface Finish {
  readonly wants: Selection;
  readonly catalog: Catalog;
  readonly administrators: readonly AdministratorFacts[];
  readonly options: ProbeOptions;
}

function featuresOf(administrators: readonly AdministratorFacts[]): string[] {
  return administrators.flatMap(({ features: { flags, attributes, instances } }) =>
    [flags, attributes, instances].flatMap((sets) => Object.keys(sets)),
  );
}

function result(
  { name, platforms, runtimes }: Pick<HostFacts, "name" | "platforms" | "runtimes">,
  observations: Observations,
  { wants, catalog, administrators, options }: Finish,
): ProbeResult {
  const all = observations.features();
  let features: HostFeatures = {
    flags: only(all.flags, wants),
    attributes: only(all.attributes, wants),
    instances: only(all.instances, wants),
  };
  const probed = features;
  const laid: FactSource[] = [];
  const kept = new Set(
    options.administrator === "all" ? featuresOf(administrators) : featuresOf(administrators).filter(wants),
  );
  for (const one of administrators) {
    const { flags, attributes, instances } = one.features;
    const keeps = (feature: string): boolean => kept.has(feature);
    const chosen = {
      flags: only(flags, keeps),
      attributes: only(attributes, keeps),
      instances: only(instances, keeps),
    };
    features = layOver(features, { ...one, features: chosen }, laid);
  }
  const closed = new Set([
    ...observations.closedWorld().filter(wants),
    ...administrators.flatMap((one) => one.closedWorld),
  ]);
  const map = administrators.findLast((one) => one.runtimes !== undefined)?.runtimes ?? runtimes;
  const stated = administrators.findLast((one) => one.platforms !== undefined)?.platforms ?? platforms;
  const host: HostFacts = {
    apiVersion: "hostfit/v1.0",
    kind: "Host",
    name,
    ...(stated === undefined ? {} : { platforms: stated }),
    ...(map === undefined ? {} : { runtimes: map }),
    features,
    ...(closed.size === 0 ? {} : { closedWorld: [...closed].sort() }),
  };
  const notes = observations
    .notes()
    .filter((note) => note.feature === "facts.d" || !note.feature.includes(".") || wants(note.feature));
  const shown =
    options.redact === true ? redactFacts(host, (feature) => identifyingNames(catalog, feature)) : host;
  let sources: readonly FactSource[] | undefined;
  return {
    host: shown,
    // Hardly anybody asks.
    get sources() {
      sources ??= [...probedSources(probed, observations, catalog), ...laid];
      return sources;
    },
    notes: options.redact === true ? redactNotes(notes) : notes,
  };
}

/** What is read for each feature that was found; of NFD's feature files, the one that each fact comes from. */
function probedSources(features: HostFeatures, observations: Observations, catalog: Catalog): FactSource[] {
  const sources: FactSource[] = [];
  const found = [features.flags, features.attributes, features.instances].flatMap((sets) =>
    Object.keys(sets),
  );
  const own = observations.sources();
  const listed = new Set(own.map((source) => source.feature));
  for (const feature of [...found].sort()) {
    const known = catalog.get(feature);
    if (!listed.has(feature) && known !== undefined)
      sources.push({ feature, name: null, files: pathsOf(known.feature) });
  }
  for (const { feature, name, file } of own) {
    if (found.includes(feature)) sources.push({ feature, name, files: [file] });
  }
  return sources;
}

function only<T>(
  record: Readonly<Record<string, T>>,
  wants: (feature: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([feature]) => wants(feature)));
}

function probedFeatures(catalog: Catalog): readonly string[] {
  return [...catalog.values()].filter(({ feature }) => feature.probe !== undefined).map(({ name }) => name);
}

/** Every feature that a probe may give with these vocabularies beside those that hostfit brings along. */
export function featuresProbedBy(vocabularies: readonly Vocabulary[]): readonly string[] {
  return [...probedFeatures(catalogOf(probingVocabularies(), vocabularies))].sort();
}

/** Every feature that a probe may give with the vocabularies that hostfit brings along. */
export const PROBED_FEATURES: readonly string[] = featuresProbedBy([]);

/**
 * The node's name in its cluster, else what the host calls itself. A /proc that belongs to another root still answers with the name of
 * whoever reads it, so there the file comes first.
 */
function hostName(sources: LinuxSources, observations: Observations, elsewhere: boolean): string {
  const node = sources.environment.NODE_NAME;
  if (node !== undefined && node !== "") return node;
  const files = ["/proc/sys/kernel/hostname", "/etc/hostname"];
  for (const file of elsewhere ? files.reverse() : files) {
    const read = sources.attribute(file);
    if (read.ok && read.text !== "" && read.text !== "(none)") return read.text;
  }
  observations.note("name", "/etc/hostname", "no-name", "the host's name can't be read");
  return "unnamed";
}

/** What can't be told from inside a container: leaving it out beats giving the image's for the host's. */
function noteContainer(observations: Observations, features: readonly string[]): void {
  const list = [...features].sort().join(", ");
  const message = `this runs in a container, whose files these would be; mount the host's / and give it as the host's root: ${list}`;
  observations.note("host", "", "inside-container", message);
}
