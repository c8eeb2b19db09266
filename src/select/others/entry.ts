/** What the simulations of other tools take and give. */

/** A platform as an index writes it, or one of the host's. */
export interface PlatformText {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

/** One entry of an index; a registry's candidate has these fields. */
export interface IndexEntry {
  readonly digest: string;
  /** null: the index doesn't say. */
  readonly platform: PlatformText | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mediaType: string;
}

/** What is asked of every tool. */
export interface PickQuestion {
  /** In the order of the index. */
  readonly entries: readonly IndexEntry[];
  /** The host's platforms in its order; tools that know nothing of hostfit see the first. */
  readonly host: readonly PlatformText[];
  /** The index's own media type; default that of OCI. */
  readonly indexMediaType?: string;
}

/** What a tool takes from an index. */
export interface OtherPick {
  readonly tool: string;
  /** How the tool chooses, in one sentence. */
  readonly rule: string;
  /** Index into the entries; null: it refuses the image. */
  readonly picked: number | null;
  /** What it looked for, and what that met. */
  readonly why: string;
}

/** `os/architecture/variant`, with the Windows version in parentheses, as containerd prints platforms. */
export function platformText(platform: PlatformText): string {
  const version = platform["os.version"] ?? "";
  const os = version === "" ? platform.os : `${platform.os}(${version})`;
  return [os, platform.architecture, platform.variant ?? ""].filter((part) => part !== "").join("/");
}

/** The sentence for an outcome: what was looked for, and which entry that met. */
export function outcome(entries: readonly IndexEntry[], picked: number | null, sought: string): string {
  if (picked === null) return `looks for ${sought}: no entry fits`;
  const platform = entries[picked]?.platform ?? null;
  const what = platform === null ? "which has no platform" : platformText(platform);
  return `looks for ${sought}: takes entry ${picked + 1}, ${what}`;
}

/** What every tool says where the host's platforms aren't known. */
export function hostUnknown(tool: string, rule: string): OtherPick {
  return { tool, rule, picked: null, why: "the host's platforms are not known" };
}

/** The first entry that is best: a later one only wins if it is better. */
export function firstBest(
  entries: readonly IndexEntry[],
  eligible: (entry: IndexEntry) => boolean,
  better: (entry: IndexEntry, than: IndexEntry) => boolean,
): number | null {
  let best: number | null = null;
  entries.forEach((entry, index) => {
    if (!eligible(entry)) return;
    const held = best === null ? undefined : entries[best];
    if (held === undefined || better(entry, held)) best = index;
  });
  return best;
}
