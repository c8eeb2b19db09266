/** What turning a document into another dialect gives: the document, or what of it can't be said there, place by place. */

/** JSON's object. */
export type JsonMap = Readonly<Record<string, unknown>>;

/** Something about a place in the document that was given. */
export interface ConversionFinding {
  /** `error`: it can't be said, so there is no document. `warning`: the document is the same but for what is told. */
  readonly severity: "error" | "warning";
  readonly code: "not-sayable" | "never-holds" | "kind-unknown" | "closed-world" | "left-out" | "one-sided";
  /** JSON Pointer into the document that was given. */
  readonly pointer: string;
  readonly message: string;
  readonly help: string;
}

/** A document in the other dialect. */
export interface Conversion {
  /** Null where there is an error. */
  readonly document: JsonMap | null;
  readonly findings: readonly ConversionFinding[];
  /** Where a part of the document came from: a JSON Pointer into the one that was given, for some of its objects. */
  readonly origins: WeakMap<object, string>;
}

/** Findings of one conversion. A place is told once. */
export class Findings {
  readonly list: ConversionFinding[] = [];
  readonly origins = new WeakMap<object, string>();

  /** What stands there can't be said. */
  cant(pointer: string, message: string, help: string): void {
    this.#add({ severity: "error", code: "not-sayable", pointer, message, help });
  }

  /** The same with a code of its own, or a warning. */
  tell(
    severity: ConversionFinding["severity"],
    code: ConversionFinding["code"],
    pointer: string,
    message: string,
    help: string,
  ): void {
    this.#add({ severity, code, pointer, message, help });
  }

  /** Remembers where an object of the result came from, and gives it back. */
  from<Part extends object>(pointer: string, part: Part): Part {
    this.origins.set(part, pointer);
    return part;
  }

  /** The result: no document where something can't be said. */
  conversion(document: JsonMap): Conversion {
    const failed = this.list.some(({ severity }) => severity === "error");
    return { document: failed ? null : document, findings: this.list, origins: this.origins };
  }

  #add(finding: ConversionFinding): void {
    const known = this.list.some(
      ({ pointer, message }) => pointer === finding.pointer && message === finding.message,
    );
    if (!known) this.list.push(finding);
  }
}

/** Whether a value is JSON's object. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list, or an empty one in place of what is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A text, or an empty one in place of what is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * A feature that is in a host's `closedWorld` and of which the facts have nothing: NFD finds every term about it false, the
 * native dialect finds it empty.
 */
export function warnClosedWorld(findings: Findings, pointer: string, feature: string): void {
  findings.tell(
    "warning",
    "closed-world",
    pointer,
    `on a host whose closedWorld names ${feature} and whose facts have nothing of it, NFD's document fails and the native one holds`,
    "nothing to do unless such hosts are judged",
  );
}
