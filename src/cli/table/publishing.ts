/** Commands that turn documents into other dialects, put them beside images, list them and take them away. */
import type { CommandSpec } from "../command-spec.ts";
import { OPTIONS } from "../options.ts";
import { answered, DOCUMENT, IMAGE, meaning, READING_REGISTRY, WRITING_REGISTRY } from "./takes.ts";

const { platform, allPlatforms, created, dryRun } = OPTIONS;

export const PUBLISHING: readonly CommandSpec[] = [
  {
    name: "convert",
    summary: "turn a document into another dialect",
    description:
      "Turns NFD's image-compatibility documents (v1alpha1) into native ones and back, and flat lists of attributes (compspec) " +
      "into native ones. The new document gives the same verdict as the old one. What can't be said in the other dialect is " +
      "told place by place, and then nothing is written.",
    argument: {
      name: "file",
      summary: "a document: native, NFD's, or a flat list (YAML or JSON, - for stdin)",
      required: true,
      value: "file",
    },
    options: [
      OPTIONS.to,
      OPTIONS.vocabulary,
      ...READING_REGISTRY,
      OPTIONS.file,
      { ...OPTIONS.output, summary: "form of the document", choices: ["yaml", "json"], fallback: "yaml" },
      meaning(OPTIONS.quiet, "no warnings"),
    ],
    examples: [
      { line: "hostfit convert nfd-compat.yaml", says: "NFD's document as a native one" },
      {
        line: "hostfit convert needs.yaml --to nfd --file nfd-compat.yaml",
        says: "and a native one for NFD's tools",
      },
    ],
    load: () => import("../commands/convert.ts"),
  },
  {
    name: "attach",
    summary: "add a document to images that are out already",
    description:
      "Puts a document beside an image, in its registry or layout, without changing the image: its digests stay. The " +
      "document is checked first. It is about what the reference names, an index as a whole or one image, unless an " +
      "option says otherwise. Where this very document counts already, nothing is written.",
    argument: DOCUMENT,
    rest: { name: "image", summary: "images to attach it to", required: true, value: "image" },
    options: [
      meaning(platform, "attach to the variants of this platform"),
      meaning(allPlatforms, "attach to each variant rather than to the index"),
      OPTIONS.layer,
      ...WRITING_REGISTRY,
      OPTIONS.include,
      OPTIONS.fromBase,
      meaning(OPTIONS.policy, "with --from-base: follow only the bases that it allows"),
      OPTIONS.replace,
      created,
      dryRun,
      ...answered("print just repo@digest of every artifact"),
    ],
    examples: [
      { line: "hostfit attach needs.yaml registry.example/app:1", says: "say what the image needs" },
      {
        line: "hostfit attach --all-platforms --dry-run needs.yaml oci:examples/lammps",
        says: "what would be written?",
      },
    ],
    load: async () => (await import("../commands/of-documents.ts")).attach,
  },
  {
    name: "detach",
    summary: "take documents off an image",
    description:
      "Removes attached documents, by the digest of the document or of its artifact, from an image's index and its " +
      "variants. Other artifacts, such as signatures, are left alone.",
    argument: IMAGE,
    rest: {
      name: "digest",
      summary: "documents or artifacts to remove; see hostfit list",
      required: false,
      value: "text",
    },
    options: [
      OPTIONS.all,
      ...WRITING_REGISTRY,
      dryRun,
      ...answered("print just the digests of the artifacts"),
    ],
    examples: [
      { line: "hostfit detach --all registry.example/app:1", says: "the image says nothing any more" },
    ],
    load: async () => (await import("../commands/of-documents.ts")).detach,
  },
  {
    name: "list",
    summary: "list all documents on an image",
    description:
      "Lists every document that stands in an image's index or is attached to it or its variants: of what dialect and " +
      "date, by whom, and which of them count. Judges nothing and needs no host.",
    argument: IMAGE,
    options: [
      OPTIONS.stale,
      meaning(OPTIONS.policy, "with --stale: ask only the places that it allows"),
      ...READING_REGISTRY,
      ...answered(
        "print just the digests of the documents that count; with --stale, of those that are stale",
      ),
    ],
    examples: [{ line: "hostfit list oci:examples/lammps", says: "what documents are there?" }],
    load: async () => (await import("../commands/of-documents.ts")).list,
  },
  {
    name: "pull",
    summary: "get a document as a file",
    description:
      "Writes the document that counts on what the reference names to a file, or to standard output, byte for byte as " +
      "it is in the registry. A reference to a pushed document gives that.",
    argument: IMAGE,
    options: [
      meaning(platform, "that of the variant of this platform"),
      OPTIONS.digest,
      ...READING_REGISTRY,
      OPTIONS.file,
      meaning(OPTIONS.quiet, "nothing on stderr"),
    ],
    examples: [{ line: "hostfit pull registry.example/app:1 --file needs.json", says: "what does it need?" }],
    load: async () => (await import("../commands/of-documents.ts")).pull,
  },
  {
    name: "push",
    summary: "put a document into a registry, under a tag of its own",
    description:
      "Puts a document into a registry or layout by itself, about no image: to be kept in one place for many.",
    argument: DOCUMENT,
    rest: { name: "reference", summary: "where to, with a tag", required: true, value: "image" },
    options: [...WRITING_REGISTRY, created, ...answered("print just repo@digest of the artifact")],
    examples: [
      {
        line: "hostfit push needs.yaml registry.example/needs/cuda:12",
        says: "one document for many images",
      },
    ],
    load: async () => (await import("../commands/of-documents.ts")).push,
  },
  {
    name: "embed",
    summary: "write documents into an image's index",
    description:
      "Makes a new index with the documents in it, so that a variant is selected with one request. The images and their " +
      "digests stay; the index gets a new digest, so signatures and artifacts of the old one don't follow. Takes the " +
      "documents that are attached and count, or the one of --requirements.",
    argument: IMAGE,
    options: [
      OPTIONS.tag,
      OPTIONS.as,
      meaning(OPTIONS.requirements, "write this document (YAML or JSON, - for stdin)", "What is written"),
      meaning(platform, "write on the variants of this platform"),
      meaning(allPlatforms, "write on each variant rather than on the index"),
      ...WRITING_REGISTRY,
      created,
      dryRun,
      ...answered("print just repo@digest of the new index"),
    ],
    examples: [
      {
        line: "hostfit embed registry.example/app:1 --tag 1-hostfit",
        says: "what is attached, in the index",
      },
      {
        line: "hostfit embed registry.example/app:1 --tag 1-hostfit --as consult",
        says: "tell readers to look",
      },
    ],
    load: async () => (await import("../commands/of-documents.ts")).embed,
  },
];
