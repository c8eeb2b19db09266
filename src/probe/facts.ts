/**
 * Host facts: what a host is, as a document (`kind: Host`). The shape of `features` is Node Feature Discovery's
 * `spec.features`, so its objects are facts as they are; `scope`, `unknown` and `partial` stand beside the elements and
 * say what was *not* observed.
 */

/** A platform that the host runs, in OCI's words, with the runtime handlers that serve it. */
export interface HostPlatform {
  readonly os: string;
  readonly architecture: string;
  /** Given only where it is known: a missing variant means "not determined", not "the lowest". */
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
  /** Handlers (the values of `runtimes`) that run this platform's images. Left out where they are unknown. */
  readonly handlers?: readonly string[];
}

/** Names that are present. With `scope`, a name that is neither present nor in scope is unknown; without, the list is complete. */
export interface FlagSet {
  readonly elements: Readonly<Record<string, Record<string, never>>>;
  readonly scope?: readonly string[];
}

/** Name to text. A name that is in neither `elements` nor `unknown` doesn't exist on this host. */
export interface AttributeSet {
  readonly elements: Readonly<Record<string, string>>;
  readonly unknown?: readonly string[];
}

/** One device, one GPU, one interface ... */
export interface Instance {
  readonly attributes: Readonly<Record<string, string>>;
  readonly unknown?: readonly string[];
}

/** A list of instances; `partial` says that there may be more of them. */
export interface InstanceSet {
  readonly elements: readonly Instance[];
  readonly partial?: boolean;
}

/** All features of a host, by kind and by full name (`cpu.cpuid`, `org.hostfit/gpu.nvidia`). */
export interface HostFeatures {
  readonly flags: Readonly<Record<string, FlagSet>>;
  readonly attributes: Readonly<Record<string, AttributeSet>>;
  readonly instances: Readonly<Record<string, InstanceSet>>;
}

/** The document. */
export interface HostFacts {
  readonly apiVersion: "hostfit/v1.0";
  readonly kind: "Host";
  readonly name: string;
  /** In the host's order: native, 32-bit, emulated, WebAssembly. */
  readonly platforms?: readonly HostPlatform[];
  /** Runtime type to handler; `default` is the handler that runs a container which asks for none. */
  readonly runtimes?: Readonly<Record<string, string>>;
  readonly features: HostFeatures;
  /** Features that are complete although they have no elements, so that what they lack is absent rather than unknown. */
  readonly closedWorld?: readonly string[];
}

/** Why a fact is missing or weaker than it could be. */
export interface ProbeNote {
  /** The feature that it is about, or `platforms`, `runtimes`, `name`. */
  readonly feature: string;
  /** The file, as a path on the probed host. Empty if no single file is to blame. */
  readonly file: string;
  /** An errno name (`EACCES`) or a kebab-case word of this probe (`not-a-regular-file`). */
  readonly code: string;
  readonly message: string;
}
