import type { AttributeSet, FlagSet, HostFeatures, Instance, InstanceSet, ProbeNote } from "./facts.ts";
import type { ReadFailure } from "./root.ts";

/** Notes past this number are counted, not kept: a hostile tree must not fill memory. */
const MAX_NOTES = 1_000;

/** What a probe has seen so far. One object for one probe; subjects add to it and never take away. */
export class Observations {
  readonly #flags = new Map<string, FlagSet>();
  readonly #attributes = new Map<string, AttributeSet>();
  readonly #instances = new Map<string, InstanceSet>();
  readonly #closed = new Set<string>();
  readonly #notes: ProbeNote[] = [];
  readonly #sources: { feature: string; name: string; file: string }[] = [];
  #dropped = 0;

  /** Flags that are present. Give `scope` unless every flag that could be present would have been seen. */
  flags(feature: string, names: Iterable<string>, scope?: Iterable<string>): void {
    const elements: Record<string, Record<string, never>> = Object.create(null);
    for (const name of [...new Set(names)].sort()) elements[name] = {};
    const set: FlagSet =
      scope === undefined
        ? { elements }
        : { elements, scope: [...new Set([...scope, ...Object.keys(elements)])].sort() };
    this.#flags.set(feature, set);
  }

  /**
   * Attributes that were read. An empty set stays in the facts, as it does in NFD's, and is listed as closed: it was looked
   * for and isn't there. (NFD's own empty sets don't say that much, since it publishes them after errors too.)
   */
  attributes(
    feature: string,
    elements: Readonly<Record<string, string>>,
    unknown: Iterable<string> = [],
  ): void {
    const sorted: Record<string, string> = Object.create(null);
    for (const name of Object.keys(elements).sort()) sorted[name] = elements[name] as string;
    const missing = [...new Set(unknown)].filter((name) => !(name in sorted)).sort();
    this.#attributes.set(
      feature,
      missing.length === 0 ? { elements: sorted } : { elements: sorted, unknown: missing },
    );
    if (missing.length === 0 && Object.keys(sorted).length === 0) this.#closed.add(feature);
  }

  /** Instances that were read, in the order given. */
  instances(
    feature: string,
    elements: readonly Instance[],
    partial: "complete" | "partial" = "complete",
  ): void {
    this.#instances.set(feature, partial === "partial" ? { elements, partial: true } : { elements });
  }

  /** A note; where its message begins with the file, that is left out, since the note names it. */
  note(feature: string, file: string, code: string, message: string): void {
    if (this.#notes.length >= MAX_NOTES) {
      this.#dropped += 1;
      return;
    }
    const repeats = file !== "" && message.startsWith(`${file}: `);
    this.#notes.push({ feature, file, code, message: repeats ? message.slice(file.length + 2) : message });
  }

  /** Notes that `file` could not be read, and so what `feature` lacks. */
  failure(feature: string, file: string, failure: ReadFailure): void {
    this.note(feature, file, failure.code, failure.message);
  }

  /** Says which file a flag or attribute comes from, where several files are read for one feature. */
  source(feature: string, name: string, file: string): void {
    this.#sources.push({ feature, name, file });
  }

  sources(): readonly { readonly feature: string; readonly name: string; readonly file: string }[] {
    return this.#sources;
  }

  features(): HostFeatures {
    return {
      flags: sorted(this.#flags),
      attributes: sorted(this.#attributes),
      instances: sorted(this.#instances),
    };
  }

  closedWorld(): string[] {
    return [...this.#closed].sort();
  }

  notes(): ProbeNote[] {
    if (this.#dropped === 0) return [...this.#notes];
    const message = `${this.#dropped} further notes are not shown`;
    return [...this.#notes, { feature: "", file: "", code: "too-many-notes", message }];
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  const record: Record<string, T> = {};
  for (const key of [...map.keys()].sort()) record[key] = map.get(key) as T;
  return record;
}

/** An instance; `unknown` is left out where it is empty. */
export function instance(
  attributes: Readonly<Record<string, string>>,
  unknown: readonly string[] = [],
): Instance {
  return unknown.length === 0 ? { attributes } : { attributes, unknown: [...unknown].sort() };
}
