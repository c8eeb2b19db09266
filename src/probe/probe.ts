/**
 * Probing: facts about a host by reading files. Nothing is executed or written, nothing goes over a network, nothing needs privileges.
 * What can't be read is left out of the facts, which makes it unknown, and a note says why.
 */
import { machine } from "node:os";
import { HostfitError } from "../errors.ts";
import { CONTAINER_OWNED, isContainer, pidNamespace } from "./container.ts";
import type { HostFacts, HostPlatform, ProbeNote } from "./facts.ts";
import { architectureOfNode } from "./linux/architecture.ts";
import { findPlatforms } from "./linux/platforms.ts";
import { findRuntimes, NO_RUNTIMES, observeRuntimes, runtimeMap } from "./linux/runtimes.ts";
import { LinuxSources } from "./linux/sources.ts";
import { SUBJECTS } from "./linux/subjects.ts";
import { Observations } from "./observations.ts";
import { observePortable, type PortableSystem, thisSystem } from "./portable.ts";
import { redactFacts } from "./redact.ts";
import { type HostFiles, openRoot } from "./root.ts";

export interface ProbeOptions {
  /** Where the host's root directory is on this machine. `/` by default; a Linux host's tree can be probed anywhere. */
  readonly root?: string;
  /** Features to probe: full names, or a source with everything below it (`cpu`, `org.hostfit/kernel`). All by default. */
  readonly only?: readonly string[];
  /** Features to leave out, named likewise; wins over `only`. */
  readonly except?: readonly string[];
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
  /** What a host that isn't Linux says of itself; this one by default. */
  readonly system?: PortableSystem;
}

export interface ProbeResult {
  readonly host: HostFacts;
  readonly notes: readonly ProbeNote[];
}

/**
 * Probes a host.
 * @throws HostfitError `bad-host-root` if `root` is not a directory, `unknown-feature` if `only` or `except` name something that no probe
 * gives. The signal's reason if it is aborted.
 */
export async function probe(options: ProbeOptions = {}): Promise<ProbeResult> {
  options.signal?.throwIfAborted();
  const wants = selection(options.only, options.except);
  const system = options.system ?? thisSystem();
  const elsewhere = options.files !== undefined || (options.root !== undefined && options.root !== "/");
  const observations = new Observations();
  if (!elsewhere && system.platform !== "linux") {
    const platforms = observePortable(system, observations, wants);
    return result(system.hostname, platforms, undefined, observations, options);
  }
  const files = options.files ?? openHost(options.root ?? "/");
  const sources = new LinuxSources(files, options.env ?? process.env, options.now ?? new Date(), {
    assumed: architectureOfNode(system.arch),
    ...(elsewhere ? {} : { machine: machine() }),
    ...(options.arch === undefined ? {} : { given: options.arch }),
  });
  const own =
    options.surroundings ??
    (elsewhere || !isContainer(files, sources.environment, pidNamespace()) ? "host" : "container");
  const seen = (feature: string): boolean =>
    wants(feature) && (own === "host" || !CONTAINER_OWNED.has(feature));
  for (const subject of SUBJECTS) {
    if (!subject.features.some(seen)) continue;
    subject.observe(sources, observations);
    // A turn of the event loop, so that a signal, or a server's other work, gets through.
    await new Promise<void>((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
  }
  const runtimes = own === "host" ? findRuntimes(sources, observations) : NO_RUNTIMES;
  if (own === "host") observeRuntimes(runtimes, observations);
  else noteContainer(observations);
  const platforms = findPlatforms(sources, observations, runtimes);
  return result(
    hostName(sources, observations, elsewhere),
    platforms,
    runtimeMap(runtimes),
    observations,
    options,
  );
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

function result(
  name: string,
  platforms: readonly HostPlatform[],
  runtimes: Readonly<Record<string, string>> | undefined,
  observations: Observations,
  options: ProbeOptions,
): ProbeResult {
  const wants = selection(options.only, options.except);
  const all = observations.features();
  const features = {
    flags: only(all.flags, wants),
    attributes: only(all.attributes, wants),
    instances: only(all.instances, wants),
  };
  const closedWorld = observations.closedWorld().filter(wants);
  const host: HostFacts = {
    apiVersion: "hostfit/v1.0",
    kind: "Host",
    name,
    platforms,
    ...(runtimes === undefined ? {} : { runtimes }),
    features,
    ...(closedWorld.length === 0 ? {} : { closedWorld }),
  };
  const notes = observations.notes().filter((note) => !note.feature.includes(".") || wants(note.feature));
  return { host: options.redact === true ? redactFacts(host) : host, notes };
}

function only<T>(
  record: Readonly<Record<string, T>>,
  wants: (feature: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([feature]) => wants(feature)));
}

/** Every feature that a probe may give. */
export const PROBED_FEATURES: readonly string[] = [
  ...SUBJECTS.flatMap((subject) => subject.features),
  "org.hostfit/runtime.engine",
  "org.hostfit/runtime.handler",
  "org.hostfit/system.os",
].sort();

function selection(
  named: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
): (feature: string) => boolean {
  const covers = (name: string, feature: string): boolean =>
    feature === name || feature.startsWith(`${name}.`);
  for (const name of [...(named ?? []), ...(unwanted ?? [])]) {
    if (PROBED_FEATURES.some((feature) => covers(name, feature))) continue;
    throw new HostfitError("unknown-feature", `no probe gives "${name}"`, {
      help: "docs/facts.md lists the features; a source such as cpu stands for all of its features",
      details: { feature: name },
    });
  }
  return (feature) =>
    (named === undefined || named.some((name) => covers(name, feature))) &&
    !(unwanted ?? []).some((name) => covers(name, feature));
}

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
function noteContainer(observations: Observations): void {
  const message = `this runs in a container, whose files these would be; mount the host's / and give it as the host's root: ${[...CONTAINER_OWNED].join(", ")}`;
  observations.note("host", "", "inside-container", message);
}
