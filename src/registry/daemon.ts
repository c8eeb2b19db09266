/**
 * Images that Docker's daemon has, by its API (Docker Engine API, "ImageInspect"). It is only asked, and no layer leaves it.
 * Node only.
 */
import type { DaemonAsk } from "./daemon-socket.ts";
import { type Descriptor, plainDescriptor, readPlatform } from "./descriptor.ts";
import { type Digest, digestOf, isDigest } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import { isObject, type JsonObject, parseJsonObject } from "./json.ts";
import { readManifest } from "./manifest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { type DaemonReference, nameOf, parseReference, type RegistryReference } from "./reference.ts";
import type {
  BlobRequest,
  CallOptions,
  Memory,
  Referrers,
  Resolved,
  ResolveOptions,
  Source,
  Target,
} from "./source.ts";

/** Names that an image has in registries which are tried. */
const MAX_NAMES = 16;

/**
 * One image of the daemon. What it was pulled as stands for it: the daemon keeps neither the index nor what is attached to it,
 * so these come from its registry, under the digest that the daemon has. An image that is in no registry (one that was built
 * here) is an index of our own making with one entry: its id and its platform. Nothing can be attached to that.
 */
export class DaemonSource implements Source {
  readonly kind = "daemon";
  readonly name: string;
  readonly #reference: DaemonReference;
  readonly #ask: DaemonAsk;
  readonly #open: (reference: RegistryReference) => Source;
  /** Where the image was pulled from. */
  #pulled: Source | null = null;

  constructor(reference: DaemonReference, ask: DaemonAsk, open: (reference: RegistryReference) => Source) {
    this.name = nameOf(reference);
    this.#reference = reference;
    this.#ask = ask;
    this.#open = open;
  }

  async resolve(target: Target, options: ResolveOptions = {}): Promise<Resolved> {
    const info = await this.#inspect(options);
    const wanted = target.digest;
    for (const pulled of this.#pulledAs(info)) {
      if (wanted !== null && wanted !== pulled.digest && wanted !== info.Id) continue;
      const source = this.#open(pulled);
      try {
        const resolved = await source.resolve({ tag: null, digest: pulled.digest }, options);
        this.#pulled = source;
        return resolved;
      } catch (error) {
        // Docker gives a name in a registry to what was only built here, too.
        if (!(error instanceof RegistryError) || error.code !== "manifest-unknown") throw error;
      }
    }
    return this.#local(info, wanted);
  }

  async head(
    target: Target,
    options: CallOptions = {},
  ): Promise<{ readonly digest: Digest; readonly size: number | null }> {
    const { descriptor } = await this.resolve(target, options);
    return { digest: descriptor.digest, size: descriptor.size };
  }

  get memory(): Memory | undefined {
    return this.#pulled?.memory;
  }

  settle(root: Digest): void {
    this.#pulled?.settle?.(root);
  }

  async manifest(descriptor: Descriptor, options: CallOptions = {}): Promise<Resolved> {
    if (this.#pulled !== null) return this.#pulled.manifest(descriptor, options);
    throw this.#notHere(descriptor.digest, "manifest-unknown");
  }

  async blob(request: BlobRequest, limit: number, options: CallOptions = {}): Promise<Uint8Array> {
    if (this.#pulled !== null) return this.#pulled.blob(request, limit, options);
    throw this.#notHere(request.digest, "blob-unknown");
  }

  async referrers(
    digest: Digest,
    artifactTypes: readonly string[],
    options: CallOptions = {},
  ): Promise<Referrers> {
    if (this.#pulled !== null) return this.#pulled.referrers(digest, artifactTypes, options);
    return { descriptors: [], from: "daemon" };
  }

  async #inspect(options: CallOptions): Promise<JsonObject> {
    const { image } = this.#reference;
    // INVARIANT: the name is a reference's: nothing in it means something else in a path.
    const { status, body } = await this.#ask(`/images/${image}/json`, this.name, options);
    if (status === 404) {
      throw new RegistryError("manifest-unknown", `${this.name}: the daemon has no such image`, {
        help: "docker images lists what it has. Without docker-daemon: the registry is asked.",
      });
    }
    const where = `${this.name}: the daemon's answer`;
    if (status !== 200) {
      const says = isObject(tryJson(body))
        ? printable(String((tryJson(body) as JsonObject).message ?? ""))
        : "";
      throw new RegistryError(
        "daemon-unreachable",
        `${where} is ${status}${says === "" ? "" : ` (${says})`}`,
        {
          help: "Check Docker's daemon and its log.",
          details: { status },
        },
      );
    }
    return parseJsonObject(body, where);
  }

  /** What the image was pulled as: under the name that was asked for first. */
  #pulledAs(info: JsonObject): readonly (RegistryReference & { readonly digest: Digest })[] {
    const names = Array.isArray(info.RepoDigests) ? (info.RepoDigests as unknown[]).slice(0, MAX_NAMES) : [];
    const found = names.flatMap((name) => {
      const parsed = typeof name === "string" ? tryReference(name) : null;
      return parsed === null || parsed.digest === null ? [] : [{ ...parsed, digest: parsed.digest }];
    });
    const asked = tryReference(this.#reference.image);
    const isAsked = (one: RegistryReference): boolean =>
      asked !== null && one.domain === asked.domain && one.repository === asked.repository;
    return [...found.filter(isAsked), ...found.filter((one) => !isAsked(one))];
  }

  async #local(info: JsonObject, wanted: Digest | null): Promise<Resolved> {
    const id = info.Id;
    if (!isDigest(id) || (wanted !== null && wanted !== id)) {
      throw this.#notHere(wanted ?? String(id), "manifest-unknown");
    }
    const platform = readPlatform(
      {
        os: info.Os,
        architecture: info.Architecture,
        variant: info.Variant,
        "os.version": info.OsVersion,
      },
      "",
    );
    const entry = {
      mediaType: OCI_MANIFEST,
      digest: id,
      size: 0,
      ...(platform === null ? {} : { platform }),
    };
    const text = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] });
    const bytes = new TextEncoder().encode(text);
    const descriptor = plainDescriptor(OCI_INDEX, await digestOf(bytes), bytes.length);
    return { descriptor, bytes, manifest: readManifest(bytes, OCI_INDEX, this.name) };
  }

  #notHere(what: string, code: "manifest-unknown" | "blob-unknown"): RegistryError {
    return new RegistryError(code, `${this.name}: the daemon gives no ${printable(what, 140)}`, {
      help: "It shows what an image is, and keeps the rest to itself. Name the image in its registry.",
    });
  }
}

function tryReference(text: string): RegistryReference | null {
  try {
    const parsed = parseReference(text);
    return parsed.kind === "registry" ? parsed : null;
  } catch {
    // An id, or a name such as <none>@<none>.
    return null;
  }
}

function tryJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
