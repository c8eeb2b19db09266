/**
 * Container runtimes and their handlers, from the configurations of containerd, CRI-O, Docker and Podman. Nothing is asked of a socket: it is
 * only looked at whether one stands there.
 */
import type { Observations } from "../observations.ts";
import { instance } from "../observations.ts";
import { isAbsent } from "../root.ts";
import { parseToml, stringAt, type TomlTable, tableAt } from "../toml.ts";
import type { LinuxSources } from "./sources.ts";

export const HANDLER_FEATURE = "org.hostfit/runtime.handler";
export const ENGINE_FEATURE = "org.hostfit/runtime.engine";

const CONFIG_LIMIT = 1024 * 1024;
const MAX_FILES = 256;

/** A handler by the name under which an engine runs it, and what it is told by. */
export interface RuntimeHandler {
  readonly engine: string;
  readonly name: string;
  /** containerd's `runtime_type`, or the path of the program. */
  readonly program: string;
  /** `runc`, `nvidia`, `kata`, `gvisor`, `wasm`, else the handler's own name. */
  readonly type: string;
}

export interface RuntimeFindings {
  readonly handlers: readonly RuntimeHandler[];
  /** The handler of a container that asks for none, of the first engine that says. */
  readonly defaultHandler: string | undefined;
  /** Whether all configurations that there are were read. */
  readonly complete: boolean;
}

/** Nothing found, and nothing looked at. */
export const NO_RUNTIMES: RuntimeFindings = { handlers: [], defaultHandler: undefined, complete: false };

/** What kind of runtime a name, a `runtime_type` or a program belongs to. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/nvidia/, "nvidia"],
  [/wasm|wws|slight|lunatic|(?:^|[./-])spin(?:[./-]|$)/, "wasm"],
  [/kata/, "kata"],
  [/runsc|gvisor/, "gvisor"],
  [/sysbox/, "sysbox"],
];

export function runtimeType(name: string, program: string): string {
  const text = `${name} ${program}`.toLowerCase();
  return TYPES.find(([pattern]) => pattern.test(text))?.[1] ?? name;
}

function handler(engine: string, name: string, program: string): RuntimeHandler {
  return { engine, name, program, type: runtimeType(name, program) };
}

/** One engine's part: what its files say, merged in the order in which the engine reads them. */
interface EngineFindings {
  readonly handlers: RuntimeHandler[];
  defaultHandler?: string;
}

/** The plugin that holds the runtimes, in configurations of version 3, 2 and 1. */
const CONTAINERD_PLUGINS: readonly (readonly string[])[] = [
  ["plugins", "io.containerd.cri.v1.runtime", "containerd"],
  ["plugins", "io.containerd.grpc.v1.cri", "containerd"],
  ["plugins", "cri", "containerd"],
];

export function containerdFindings(config: TomlTable): EngineFindings {
  const found: EngineFindings = { handlers: [] };
  for (const path of CONTAINERD_PLUGINS) {
    const plugin = tableAt(config, ...path);
    if (plugin === undefined) continue;
    const name = stringAt(plugin, "default_runtime_name");
    if (name !== undefined && name !== "") found.defaultHandler = name;
    const runtimes = tableAt(plugin, "runtimes") ?? {};
    for (const key of Object.keys(runtimes)) {
      const runtime = tableAt(runtimes, key);
      const binary = stringAt(tableAt(runtime ?? {}, "options"), "BinaryName");
      found.handlers.push(
        handler("containerd", key, [stringAt(runtime, "runtime_type"), binary].filter(Boolean).join(" ")),
      );
    }
  }
  return found;
}

export function crioFindings(config: TomlTable): EngineFindings {
  const section = tableAt(config, "crio", "runtime");
  const found: EngineFindings = { handlers: [] };
  const name = stringAt(section, "default_runtime");
  if (name !== undefined && name !== "") found.defaultHandler = name;
  const runtimes = section === undefined ? undefined : tableAt(section, "runtimes");
  for (const key of Object.keys(runtimes ?? {})) {
    found.handlers.push(handler("cri-o", key, stringAt(tableAt(runtimes ?? {}, key), "runtime_path") ?? ""));
  }
  return found;
}

export function podmanFindings(config: TomlTable): EngineFindings {
  const engine = tableAt(config, "engine");
  const found: EngineFindings = { handlers: [] };
  const name = stringAt(engine, "runtime");
  // The name, or the path of a program.
  if (name !== undefined && name !== "") found.defaultHandler = name.slice(name.lastIndexOf("/") + 1);
  const runtimes = engine === undefined ? undefined : tableAt(engine, "runtimes");
  for (const key of Object.keys(runtimes ?? {})) {
    const paths = runtimes?.[key];
    const path = Array.isArray(paths) ? paths.find((candidate) => typeof candidate === "string") : undefined;
    found.handlers.push(handler("podman", key, typeof path === "string" ? path : ""));
  }
  return found;
}

/** Docker's daemon.json. `runc` is always there; undefined if the text isn't a JSON object. */
export function dockerFindings(text: string): EngineFindings | undefined {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) return undefined;
  const entries = config as Readonly<Record<string, unknown>>;
  const handlers = [handler("docker", "runc", "runc")];
  const runtimes = entries.runtimes;
  if (typeof runtimes === "object" && runtimes !== null) {
    for (const [name, value] of Object.entries(runtimes)) {
      const { path, runtimeType: shim } = (value ?? {}) as { path?: unknown; runtimeType?: unknown };
      handlers.push(
        handler("docker", name, [path, shim].filter((part) => typeof part === "string").join(" ")),
      );
    }
  }
  const name = entries["default-runtime"];
  return { handlers, defaultHandler: typeof name === "string" && name !== "" ? name : "runc" };
}

interface TomlEngine {
  readonly name: string;
  readonly files: readonly string[];
  /** Directories whose `*.conf` or `*.toml` files are read after the files, by name. */
  readonly directories: readonly string[];
  readonly interpret: (config: TomlTable) => EngineFindings;
  /** If this stands there, the engine is here even without a configuration, and then with what it has by default. */
  readonly socket?: { readonly path: string; readonly handlers: readonly string[]; readonly default: string };
}

/** In order of precedence: what serves a cluster's pods comes first. */
const ENGINES: readonly TomlEngine[] = [
  {
    name: "containerd",
    files: ["/etc/containerd/config.toml"],
    directories: [],
    interpret: containerdFindings,
    socket: { path: "/run/containerd/containerd.sock", handlers: ["runc"], default: "runc" },
  },
  {
    name: "cri-o",
    files: ["/usr/share/crio/crio.conf", "/etc/crio/crio.conf"],
    directories: ["/usr/share/crio/crio.conf.d", "/etc/crio/crio.conf.d"],
    interpret: crioFindings,
  },
];

const PODMAN: TomlEngine = {
  name: "podman",
  files: ["/usr/share/containers/containers.conf", "/etc/containers/containers.conf"],
  directories: ["/usr/share/containers/containers.conf.d", "/etc/containers/containers.conf.d"],
  interpret: podmanFindings,
};

/** Everything that the configurations say, of all engines. */
export function findRuntimes(sources: LinuxSources, observations: Observations): RuntimeFindings {
  const reader = new RuntimeReader(sources, observations);
  for (const engine of ENGINES) reader.readEngine(engine);
  reader.readDocker();
  reader.readEngine(PODMAN);
  return reader.findings();
}

class RuntimeReader {
  readonly #sources: LinuxSources;
  readonly #observations: Observations;
  readonly #handlers: RuntimeHandler[] = [];
  #defaultHandler: string | undefined;
  #complete = true;

  constructor(sources: LinuxSources, observations: Observations) {
    this.#sources = sources;
    this.#observations = observations;
  }

  findings(): RuntimeFindings {
    return { handlers: this.#handlers, defaultHandler: this.#defaultHandler, complete: this.#complete };
  }

  readEngine(engine: TomlEngine): void {
    const merged: EngineFindings = { handlers: [] };
    const pending = [
      ...engine.files,
      ...engine.directories.flatMap((directory) => this.#configFiles(directory)),
    ];
    const read = new Set<string>();
    for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
      if (read.has(file) || read.size >= MAX_FILES) continue;
      read.add(file);
      const config = this.#toml(file);
      if (config === undefined) continue;
      const found = engine.interpret(config);
      merged.handlers.push(...found.handlers);
      if (found.defaultHandler !== undefined) merged.defaultHandler = found.defaultHandler;
      if (engine.name === "containerd") pending.push(...this.#imports(config, file));
    }
    const { socket } = engine;
    if (socket !== undefined && merged.handlers.length === 0 && this.#sources.exists(socket.path) === true) {
      merged.handlers.push(...socket.handlers.map((name) => handler(engine.name, name, name)));
      merged.defaultHandler ??= socket.default;
    }
    this.#add(merged);
  }

  readDocker(): void {
    const file = "/etc/docker/daemon.json";
    const read = this.#sources.text(file, CONFIG_LIMIT);
    if (read.ok) {
      const found = dockerFindings(read.text.trim() === "" ? "{}" : read.text);
      if (found !== undefined) this.#add(found);
      else this.#fault(file, "malformed-json", `${file}: not a JSON object`);
    } else if (!isAbsent(read)) this.#fault(file, read.code, read.message);
    else if (
      this.#sources.exists("/run/docker.sock") === true ||
      this.#sources.exists("/var/run/docker.sock") === true
    ) {
      this.#add({ handlers: [handler("docker", "runc", "runc")], defaultHandler: "runc" });
    }
  }

  #add(found: EngineFindings): void {
    const known = new Set(this.#handlers.map((entry) => `${entry.engine} ${entry.name}`));
    for (const entry of found.handlers) {
      if (entry.name === "" || known.has(`${entry.engine} ${entry.name}`)) continue;
      known.add(`${entry.engine} ${entry.name}`);
      this.#handlers.push(entry);
    }
    // A default that no configuration describes is one that the engine knows by itself.
    const name = found.defaultHandler;
    this.#defaultHandler ??= name;
    const engine = found.handlers[0]?.engine;
    if (name !== undefined && engine !== undefined && !known.has(`${engine} ${name}`)) {
      this.#handlers.push(handler(engine, name, ""));
    }
  }

  #toml(file: string): TomlTable | undefined {
    const read = this.#sources.text(file, CONFIG_LIMIT);
    if (!read.ok) {
      if (!isAbsent(read)) this.#fault(file, read.code, read.message);
      return undefined;
    }
    try {
      return parseToml(read.text);
    } catch (error) {
      this.#fault(
        file,
        "malformed-toml",
        `${file}: ${error instanceof Error ? error.message : "cannot be read"}`,
      );
      return undefined;
    }
  }

  #configFiles(directory: string): string[] {
    const entries = this.#sources.files.list(directory, MAX_FILES);
    if (!entries.ok) {
      if (!isAbsent(entries)) this.#fault(directory, entries.code, entries.message);
      return [];
    }
    return entries.names
      .filter((name) => /\.(?:conf|toml)$/.test(name))
      .map((name) => `${directory}/${name}`);
  }

  /** containerd's `imports`: paths, relative to the file, whose last part may have `*`. */
  #imports(config: TomlTable, file: string): string[] {
    const imports = config.imports;
    if (!Array.isArray(imports)) return [];
    const base = file.slice(0, file.lastIndexOf("/"));
    return imports.flatMap((entry) => {
      if (typeof entry !== "string" || entry === "") return [];
      const path = entry.startsWith("/") ? entry : `${base}/${entry}`;
      const at = path.lastIndexOf("/");
      const pattern = path.slice(at + 1);
      if (!pattern.includes("*")) return [path];
      return this.#configFiles(path.slice(0, at)).filter((name) => fits(name.slice(at + 1), pattern));
    });
  }

  #fault(file: string, code: string, message: string): void {
    this.#complete = false;
    this.#observations.note("runtimes", file, code, message);
  }
}

/** Whether a name fits a pattern with `*`, in time linear in both. */
export function fits(name: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (parts.length === 1) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Type to handler: `default`, every kind of runtime (the first handler of it), and every handler by its own name. Undefined if no engine
 * was found, or if not all of a configuration could be read: a map can't say that there may be more in it.
 */
export function runtimeMap(found: RuntimeFindings): Record<string, string> | undefined {
  if (found.handlers.length === 0 || !found.complete) return undefined;
  const map = new Map<string, string>();
  if (found.defaultHandler !== undefined) map.set("default", found.defaultHandler);
  for (const { name } of found.handlers) if (name !== "default") map.set(name, name);
  for (const { name, type } of found.handlers) if (!map.has(type)) map.set(type, name);
  return Object.fromEntries(map);
}

/** Records the two features. */
export function observeRuntimes(found: RuntimeFindings, observations: Observations): void {
  if (found.handlers.length === 0) {
    const message = "no configuration or socket of a container engine was found that can be read";
    for (const feature of ["runtimes", HANDLER_FEATURE, ENGINE_FEATURE]) {
      observations.note(feature, "", "no-engine", message);
    }
    return;
  }
  const names = found.handlers.map((entry) => entry.name);
  if (found.complete) observations.flags(HANDLER_FEATURE, names);
  else observations.flags(HANDLER_FEATURE, names, []);
  const elements = found.handlers.map(({ engine, name, type, program }) =>
    instance(
      { engine, handler: name, type, ...(program === "" ? {} : { program }) },
      program === "" ? ["program"] : [],
    ),
  );
  observations.instances(ENGINE_FEATURE, elements, found.complete ? "complete" : "partial");
}
