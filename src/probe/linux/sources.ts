import { type HostFiles, isAbsent, type ReadFailure } from "../root.ts";
import { type Architecture, type ArchitectureHints, findArchitecture } from "./architecture.ts";
import { type CpuFlags, cpuFlags } from "./cpu/cpuid.ts";
import { type CpuInfo, parseCpuInfo } from "./cpu/cpuinfo.ts";
import { type KernelConfig, readKernelConfig } from "./kernel/config.ts";

/** A one-line attribute of sysfs is a page at most. */
const ATTRIBUTE_LIMIT = 4_096;
/** About a thousand processors' worth; past it the rest are like the ones before. */
const CPUINFO_LIMIT = 2 * 1024 * 1024;
const CMDLINE_LIMIT = 64 * 1024;

export interface ReadText {
  readonly ok: true;
  readonly text: string;
}

/**
 * The host's files as text, and those that several subjects need: read when first asked for, once for a probe.
 */
export class LinuxSources {
  readonly files: HostFiles;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  readonly #hints: ArchitectureHints;
  readonly #kept = new Map<string, unknown>();

  constructor(
    files: HostFiles,
    environment: Readonly<Record<string, string | undefined>>,
    now: Date,
    hints: ArchitectureHints,
  ) {
    this.files = files;
    this.environment = environment;
    this.now = now;
    this.#hints = hints;
  }

  /** The kernel's architecture, in OCI's words. */
  get architecture(): Architecture {
    return this.#once("architecture", () => findArchitecture(this, this.#hints));
  }

  /** A whole text file of at most `limit` bytes; a longer one is a failure, since half of it may mean something else. */
  text(path: string, limit: number): ReadText | ReadFailure {
    const read = this.files.read(path, limit);
    if (!read.ok) return read;
    if (read.truncated) {
      return { ok: false, code: "too-large", message: `${path}: more than ${limit} bytes` };
    }
    return { ok: true, text: read.bytes.toString("utf8") };
  }

  /** A file with one value, trimmed. */
  attribute(path: string): ReadText | ReadFailure {
    const read = this.text(path, ATTRIBUTE_LIMIT);
    return read.ok ? { ok: true, text: read.text.trim() } : read;
  }

  /** Whether something stands at `path`; undefined if that can't be told. */
  exists(path: string): boolean | undefined {
    const entry = this.files.stat(path);
    if (entry.ok) return true;
    return isAbsent(entry) ? false : undefined;
  }

  /**
   * Whether `path` is surely not there: it is absent, while `base`, a directory above it that a host always has, can be seen. In a sandbox
   * that shows half of /sys a missing file says nothing.
   */
  isMissing(path: string, base: string): boolean {
    const entry = this.files.stat(base);
    return entry.ok && entry.kind === "directory" && this.exists(path) === false;
  }

  /** The kernel's release as it calls itself, `5.14.0-427.13.1.el9_4.x86_64`. */
  kernelRelease(): ReadText | ReadFailure {
    return this.#once("release", () => this.attribute("/proc/sys/kernel/osrelease"));
  }

  /** The parsed /proc/cpuinfo. */
  cpuInfo(): { readonly ok: true; readonly info: CpuInfo } | ReadFailure {
    return this.#once("cpuinfo", () => {
      const read = this.files.read("/proc/cpuinfo", CPUINFO_LIMIT);
      if (!read.ok) return read;
      return { ok: true, info: parseCpuInfo(read.bytes.toString("utf8"), read.truncated ? "cut" : "whole") };
    });
  }

  /** The processor's features; undefined if they can't be read. */
  cpuFlags(): CpuFlags | undefined {
    return this.#once("flags", () => {
      const cpu = this.cpuInfo();
      const release = this.kernelRelease();
      return cpu.ok ? cpuFlags(cpu.info, release.ok ? release.text : undefined) : undefined;
    });
  }

  /** The kernel's configuration, from the first file that has it. */
  kernelConfig(): { readonly ok: true; readonly config: KernelConfig } | ReadFailure {
    return this.#once("config", () => {
      const release = this.kernelRelease();
      return readKernelConfig(this.files, release.ok ? release.text : undefined);
    });
  }

  /** The kernel's command line. */
  commandLine(): ReadText | ReadFailure {
    return this.#once("cmdline", () => this.text("/proc/cmdline", CMDLINE_LIMIT));
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, make());
    return this.#kept.get(name) as T;
  }
}
