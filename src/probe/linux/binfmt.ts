/** Architectures that the kernel hands to an emulator (binfmt_misc), told from the ELF header that it looks for. */
import type { Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { LinuxSources } from "./sources.ts";
import { linesOf, splitOnce } from "./text.ts";

const DIRECTORY = "/proc/sys/fs/binfmt_misc";
const ENTRY_LIMIT = 65_536;
const MAX_ENTRIES = 1_024;

/** ELF machine, class (32 or 64) and byte order to OCI's architecture. */
const ELF_ARCHITECTURES: Readonly<Record<string, string>> = {
  "3 32 little": "386",
  "8 32 big": "mips",
  "8 32 little": "mipsle",
  "8 64 big": "mips64",
  "8 64 little": "mips64le",
  "21 64 big": "ppc64",
  "21 64 little": "ppc64le",
  "22 64 big": "s390x",
  "40 32 little": "arm",
  "62 64 little": "amd64",
  "183 64 little": "arm64",
  "243 64 little": "riscv64",
  "258 64 little": "loong64",
};

/** The architecture whose programs begin with these bytes; undefined if they aren't an ELF header of a known one. */
export function elfArchitecture(magic: Buffer): string | undefined {
  if (magic.length < 20 || magic.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const bits = magic[4] === 1 ? 32 : 64;
  const little = magic[5] !== 2;
  const machine = little ? magic.readUInt16LE(18) : magic.readUInt16BE(18);
  return ELF_ARCHITECTURES[`${machine} ${bits} ${little ? "little" : "big"}`];
}

export interface BinfmtEntry {
  readonly enabled: boolean;
  readonly interpreter: string;
  readonly flags: string;
  readonly architecture: string | undefined;
}

/** A file of binfmt_misc; undefined if it isn't a rule for a magic number at the start. */
export function parseBinfmtEntry(text: string): BinfmtEntry | undefined {
  const lines = linesOf(text);
  const fields = new Map(lines.map((line) => splitOnce(line, " ") ?? [line, ""]));
  const magic = fields.get("magic");
  if (magic === undefined || !/^(?:[0-9a-f]{2})+$/i.test(magic) || (fields.get("offset") ?? "0") !== "0")
    return undefined;
  return {
    enabled: lines[0] === "enabled",
    interpreter: fields.get("interpreter") ?? "",
    flags: fields.get("flags:") ?? "",
    architecture: elfArchitecture(Buffer.from(magic, "hex")),
  };
}

/**
 * Emulated architectures, in order of the entries' names. Only entries with the flag F count: without it the kernel looks for the emulator
 * inside the container, where it usually isn't.
 */
export function emulatedArchitectures(sources: LinuxSources, observations: Observations): string[] {
  const entries = sources.files.list(DIRECTORY, MAX_ENTRIES);
  if (!entries.ok) {
    if (!isAbsent(entries)) observations.failure("platforms", DIRECTORY, entries);
    return [];
  }
  const architectures = new Set<string>();
  for (const name of entries.names) {
    if (name === "register" || name === "status") continue;
    const file = `${DIRECTORY}/${name}`;
    const read = sources.text(file, ENTRY_LIMIT);
    if (!read.ok) {
      observations.failure("platforms", file, read);
      continue;
    }
    const entry = parseBinfmtEntry(read.text);
    if (entry?.architecture === undefined || !entry.enabled) continue;
    if (entry.flags.includes("F")) architectures.add(entry.architecture);
    else {
      const message = `${file}: the emulator isn't kept open (flag F), so containers would not find it`;
      observations.note("platforms", file, "no-fixed-emulator", message);
    }
  }
  return [...architectures];
}
