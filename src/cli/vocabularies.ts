/**
 * The vocabularies of `--vocabulary`: in files, or where they are published. What reads them is loaded only if one is given, which most
 * commands don't wait for.
 */
import type { Vocabulary } from "../probe/vocabulary/model.ts";
import type { RegistryOptions } from "../registry/registry.ts";
import { UsageError } from "./exit.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";

/** Vocabularies by where they come from, in the order given. */
export interface NamedVocabularies {
  /** References of those that are published. */
  readonly references: readonly string[];
  /** Reads them; a registry's with these options. */
  readonly read: (registry: () => Promise<RegistryOptions>) => Promise<Vocabulary[]>;
}

/** Tells files from references. Nothing is read yet. */
export async function namedVocabularies(names: readonly string[], io: Io): Promise<NamedVocabularies> {
  if (names.filter((name) => name === "-").length > 1) {
    throw new UsageError("standard input can be read once only", "give all but one of the files by name");
  }
  const { namesFile } = await import("./local-path.ts");
  const places = await Promise.all(
    names.map(async (name) => ({ name, isFile: await namesFile(name, io.cwd) })),
  );
  return {
    references: places.flatMap(({ name, isFile }) => (isFile ? [] : [name])),
    read: (registry) =>
      Promise.all(
        places.map(async ({ name, isFile }) =>
          isFile ? inFile(name, io) : published(name, await registry()),
        ),
      ),
  };
}

/**
 * The vocabularies of a command that names no image: a login is theirs. Throws FileError, RegistryError, and DocumentError for what is no
 * vocabulary that can be used.
 */
export async function vocabulariesOf(options: Options, io: Io): Promise<Vocabulary[]> {
  if (options.vocabulary.length === 0) return [];
  const named = await namedVocabularies(options.vocabulary, io);
  const { registryOf } = await import("./registry-access.ts");
  let registry: Promise<RegistryOptions> | undefined;
  return named.read(() => {
    registry ??= registryOf(options, io, "read", named.references);
    return registry;
  });
}

/** One that must be a file, or standard input. */
export async function inFile(path: string, io: Io): Promise<Vocabulary> {
  const [{ readVocabulary }, { MAX_DOCUMENT_BYTES, readBytes }] = await Promise.all([
    import("../author/vocabulary/read.ts"),
    import("./files.ts"),
  ]);
  const bytes = await readBytes(path, io, MAX_DOCUMENT_BYTES);
  return readVocabulary(bytes, { file: path === "-" ? "(stdin)" : path });
}

/** Every blob is checked against its digest, and kept in the cache. */
async function published(name: string, registry: RegistryOptions): Promise<Vocabulary> {
  const [{ pullVocabulary }, { openSource }] = await Promise.all([
    import("../author/vocabulary/publish.ts"),
    import("../registry/open.ts"),
  ]);
  const { source, reference } = openSource(name, registry);
  return (await pullVocabulary(source, reference)).vocabulary;
}
