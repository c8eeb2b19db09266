/** Where a command reads from and writes to: the process's own streams, or a test's. */

/** One of the two output streams. */
export interface Sink {
  write(text: string): void;
  /** Whether a person looks at it. */
  readonly isTTY: boolean;
  /** Width in columns, where it is known. */
  readonly columns?: number;
}

/** A command's surroundings. Nothing in the command line reads `process` besides main.ts. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Standard input, to its end or to the byte after `maxBytes`. Called at most once, and only if an argument says `-`. */
  stdin(maxBytes: number): Promise<Uint8Array>;
}
