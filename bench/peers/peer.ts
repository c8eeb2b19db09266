import type { NodeFeatures } from "../generate/node-feature.ts";

/** Another way to decide NFD's documentation example (generate/documents.ts) for a host. */
export interface Peer {
  readonly name: string;
  /** What it can't express of what hostfit answers. */
  readonly lacks: string;
  /** Brings features into the form that `decide` reads; not timed, as hostfit's loading of facts isn't. */
  readonly prepare: (features: NodeFeatures) => unknown;
  readonly decide: (prepared: never) => boolean | Promise<boolean>;
}
