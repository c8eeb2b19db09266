/**
 * The command line as data: commands, arguments, options, examples. The parser, `--help`, the completions and the
 * tests of docs/cli.md are all made from this table.
 */
import type { CommandModule } from "./command.ts";

/** What an option's value or an argument names, so that a shell can complete it. */
export type ValueKind = "file" | "folder" | "image" | "text" | "choice";

export interface OptionSpec {
  /** As commander reads it: `-q, --quiet`, `--facts <file>`. */
  readonly flags: string;
  readonly summary: string;
  /** Heading in `--help`. */
  readonly group: string;
  readonly value?: ValueKind;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeats?: true;
  /** Shown as the default in `--help`. */
  readonly fallback?: string;
}

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly value: ValueKind;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A paragraph, for the command's own help. */
  readonly description: string;
  readonly argument?: ArgumentSpec;
  /** Further arguments, any number of them. */
  readonly rest?: ArgumentSpec;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Loads the command's code, which nothing else needs. */
  load(): Promise<CommandModule>;
}

const HOST = "The host";
const IMAGE = "The image";
const REGISTRY = "The registry";
const RULES = "What is demanded";
const OUTPUT = "Output";
const WRITING = "What is written";

const facts: OptionSpec = {
  flags: "--facts <file>",
  summary: "take the host's facts from a file (YAML or JSON, - for stdin) instead of probing this machine",
  group: HOST,
  value: "file",
};
const hostRoot: OptionSpec = {
  flags: "--host-root <dir>",
  summary: "probe the machine whose /proc, /sys and /etc are mounted under this folder",
  group: HOST,
  value: "folder",
};
const platform: OptionSpec = {
  flags: "--platform <os/arch[/variant]>",
  summary: "consider only the candidates of this platform",
  group: IMAGE,
  value: "text",
};
const plainHttp: OptionSpec = {
  flags: "--plain-http",
  summary: "talk to the registry without TLS",
  group: REGISTRY,
};
/** How registries are reached, and as whom: what every command takes that takes an image. */
const access: readonly OptionSpec[] = [
  plainHttp,
  {
    flags: "--username <name>",
    summary: "log in to the named registries as this user, with the password of --password-stdin",
    group: REGISTRY,
    value: "text",
  },
  { flags: "--password-stdin", summary: "read the password or token from standard input", group: REGISTRY },
  {
    flags: "--ca-file <file>",
    summary: "trust the authorities in this file too (PEM)",
    group: REGISTRY,
    value: "file",
  },
  {
    flags: "--cert <file>",
    summary: "show this certificate to the named registries (PEM)",
    group: REGISTRY,
    value: "file",
  },
  { flags: "--key <file>", summary: "the certificate's key (PEM)", group: REGISTRY, value: "file" },
  {
    flags: "--insecure",
    summary: "don't check the certificates of the named registries",
    group: REGISTRY,
  },
];
/** What is only read can be read from the cache. */
const offline: OptionSpec = {
  flags: "--offline",
  summary: "ask no registry: use what the cache has seen of them",
  group: REGISTRY,
};
const requirements: OptionSpec = {
  flags: "--requirements <file>",
  summary: "judge by this document (YAML or JSON, - for stdin) instead of those that the image carries",
  group: RULES,
  value: "file",
};
const policy: OptionSpec = {
  flags: "--policy <file>",
  summary: "apply an administrator's policy (YAML or JSON)",
  group: RULES,
  value: "file",
};
const allowUndetermined: OptionSpec = {
  flags: "--allow-undetermined",
  summary: "if nothing is known to fit, choose what may fit",
  group: RULES,
};
const output: OptionSpec = {
  flags: "-o, --output <format>",
  summary: "form of the answer",
  group: OUTPUT,
  value: "choice",
  choices: ["text", "json", "yaml"],
  fallback: "text",
};
const quiet = (says: string): OptionSpec => ({ flags: "-q, --quiet", summary: says, group: OUTPUT });

const vocabulary: OptionSpec = {
  flags: "--vocabulary <file>",
  summary: "know the features of this vocabulary too (YAML or JSON); can be given several times",
  group: RULES,
  value: "file",
  repeats: true,
};

const created: OptionSpec = {
  flags: "--created <time>",
  summary: "when it is said to be made; SOURCE_DATE_EPOCH or now by default",
  group: WRITING,
  value: "text",
};
const dryRun: OptionSpec = {
  flags: "--dry-run",
  summary: "write nothing; say what would be done",
  group: WRITING,
};
const documentFile: ArgumentSpec = {
  name: "file",
  summary: "a document, native or NFD's (YAML or JSON, - for stdin)",
  required: true,
  value: "file",
};

/** Options that every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--debug", summary: "show the stack trace of an error", group: OUTPUT },
];

const image: ArgumentSpec = {
  name: "image",
  summary: "registry/repo[:tag][@digest], or oci:DIR[:TAG][@digest] for an OCI image layout",
  required: true,
  value: "image",
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "probe",
    summary: "show what this machine is",
    description:
      "Reads the facts of this machine from /proc, /sys and /etc, with plain file reads and without privileges, and " +
      "prints them as a Host document that --facts reads again. What could not be read is left out, which means " +
      "unknown, and said on stderr.",
    options: [
      hostRoot,
      {
        flags: "--from <file>",
        summary:
          "instead of probing, read what another tool says of a host: NodeFeature objects, nfd export features, a Node, " +
          "lscpu -J, lspci -nnmm, nvidia-smi -q -x; can be given several times",
        group: HOST,
        value: "file",
        repeats: true,
      },
      {
        flags: "--only <feature>",
        summary: "only this feature, or this source with all its features; can be given several times",
        group: HOST,
        value: "text",
        repeats: true,
      },
      {
        flags: "--except <feature>",
        summary: "not this feature or source; can be given several times",
        group: HOST,
        value: "text",
        repeats: true,
      },
      {
        flags: "--redact",
        summary: "leave out what identifies the machine: names, serial numbers",
        group: HOST,
      },
      { ...vocabulary, group: HOST },
      { flags: "--sources", summary: "show which files each fact comes from", group: OUTPUT },
      output,
      quiet("no notes on what could not be read"),
    ],
    examples: [
      { line: "hostfit probe", says: "what is known about this machine, at a glance" },
      { line: "hostfit probe -o yaml > node.yaml", says: "its facts, to be judged by elsewhere" },
      { line: "hostfit probe --from lscpu.json --from lspci.txt -o yaml", says: "a host without Node" },
    ],
    load: () => import("./commands/probe.ts"),
  },
  {
    name: "check",
    summary: "does this image, or this document, fit the host?",
    description:
      "Judges one candidate of an image: the one for --platform, or the one that would be chosen; the answer says " +
      "which. Without an image, judges the document of --requirements alone. No layer is downloaded.",
    argument: { ...image, required: false },
    options: [
      facts,
      hostRoot,
      platform,
      ...access,
      offline,
      requirements,
      policy,
      output,
      quiet("print nothing; the exit status is the answer"),
    ],
    examples: [
      { line: "hostfit check oci:examples/lammps", says: "would it run here?" },
      {
        line: "hostfit check oci:examples/lammps --platform linux/arm64 --facts node.yaml",
        says: "or there?",
      },
      {
        line: "hostfit check --requirements needs.yaml",
        says: "does this machine have what the document needs?",
      },
    ],
    load: async () => (await import("./commands/of-images.ts")).check,
  },
  {
    name: "select",
    summary: "which variant of this image fits the host best?",
    description:
      "Judges every candidate of an image's index and chooses the best one. The answer gives its digest, the ranking " +
      "with the step that decided each place, and for every candidate that lost the minimal reasons.",
    argument: image,
    options: [
      facts,
      hostRoot,
      platform,
      ...access,
      offline,
      requirements,
      policy,
      allowUndetermined,
      output,
      quiet("print just repo@digest"),
    ],
    examples: [
      { line: "hostfit select oci:examples/lammps", says: "what to run here, and why that" },
      {
        line: "docker run $(hostfit select -q registry.example/lammps:29Aug2024)",
        says: "run it",
      },
    ],
    load: async () => (await import("./commands/of-images.ts")).select,
  },
  {
    name: "rank",
    summary: "order all variants of this image for the host",
    description:
      "Judges every candidate of an image's index and prints them all in order, the best first, those that don't fit " +
      "last, with their verdicts, scores, reasons and preferences.",
    argument: image,
    options: [
      facts,
      hostRoot,
      platform,
      ...access,
      offline,
      requirements,
      policy,
      allowUndetermined,
      output,
      quiet("print just repo@digest of those that fit, the best first"),
    ],
    examples: [{ line: "hostfit rank oci:examples/lammps", says: "every variant, in order" }],
    load: async () => (await import("./commands/of-images.ts")).rank,
  },
  {
    name: "inspect",
    summary: "show an image's variants and what they say they need",
    description:
      "Shows an image's index, its candidates and their platforms, and which documents were found: where, by whom, in " +
      "which dialect, and why some don't count. Judges nothing and needs no host.",
    argument: image,
    options: [
      platform,
      ...access,
      offline,
      policy,
      output,
      quiet("print just repo@digest of every candidate"),
    ],
    examples: [{ line: "hostfit inspect oci:examples/lammps", says: "what is in there" }],
    load: async () => (await import("./commands/of-images.ts")).inspect,
  },
  {
    name: "lint",
    summary: "find mistakes in a document, or in how an image describes itself",
    description:
      "For a file: every error with file, line, column and JSON Pointer, what is wrong and what to do. For an image: " +
      "mistakes in its documents, and what containerd, Docker, podman and crane would pick from its index on this " +
      "host today, with a warning where that doesn't fit.",
    argument: {
      name: "file|image",
      summary: "a document, facts or a policy (YAML or JSON, - for stdin); or an image",
      required: true,
      value: "file",
    },
    options: [
      facts,
      hostRoot,
      ...access,
      offline,
      policy,
      vocabulary,
      { flags: "--strict", summary: "warnings end with exit status 4 as errors do", group: RULES },
      output,
      quiet("print nothing; the exit status is the answer"),
    ],
    examples: [
      { line: "hostfit lint needs.yaml", says: "is it written as it should be?" },
      { line: "hostfit lint oci:examples/lammps", says: "who would pick what?" },
    ],
    load: () => import("./commands/lint.ts"),
  },
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
      {
        flags: "--to <dialect>",
        summary: "the dialect wanted; by default the other one",
        group: WRITING,
        value: "choice",
        choices: ["native", "nfd"],
      },
      vocabulary,
      { flags: "--file <file>", summary: "write to this file", group: OUTPUT, value: "file" },
      { ...output, summary: "form of the document", choices: ["yaml", "json"], fallback: "yaml" },
      quiet("no warnings"),
    ],
    examples: [
      { line: "hostfit convert nfd-compat.yaml", says: "NFD's document as a native one" },
      {
        line: "hostfit convert needs.yaml --to nfd --file nfd-compat.yaml",
        says: "and a native one for NFD's tools",
      },
    ],
    load: () => import("./commands/convert.ts"),
  },
  {
    name: "attach",
    summary: "add a document to images that are out already",
    description:
      "Puts a document beside an image, in its registry or layout, without changing the image: its digests stay. The " +
      "document is checked first. It is about what the reference names, an index as a whole or one image, unless an " +
      "option says otherwise. Where this very document counts already, nothing is written.",
    argument: documentFile,
    rest: { name: "image", summary: "images to attach it to", required: true, value: "image" },
    options: [
      { ...platform, summary: "attach to the variants of this platform" },
      { flags: "--all-platforms", summary: "attach to each variant rather than to the index", group: IMAGE },
      {
        flags: "--layer <digest>",
        summary: "it is about this layer; attached to the variants that contain it",
        group: IMAGE,
        value: "text",
      },
      ...access,
      {
        flags: "--include <image>",
        summary: "copy in what this image's or document's document requires; may be repeated",
        group: WRITING,
        value: "image",
        repeats: true,
      },
      {
        flags: "--from-base",
        summary: "copy in what the document of the base image requires, as the image names it",
        group: WRITING,
      },
      {
        flags: "--replace",
        summary: "remove the documents that were attached there before",
        group: WRITING,
      },
      created,
      dryRun,
      output,
      quiet("print just repo@digest of every artifact"),
    ],
    examples: [
      { line: "hostfit attach needs.yaml registry.example/app:1", says: "say what the image needs" },
      {
        line: "hostfit attach --all-platforms --dry-run needs.yaml oci:examples/lammps",
        says: "what would be written?",
      },
    ],
    load: async () => (await import("./commands/of-documents.ts")).attach,
  },
  {
    name: "detach",
    summary: "take documents off an image",
    description:
      "Removes attached documents, by the digest of the document or of its artifact, from an image's index and its " +
      "variants. Other artifacts, such as signatures, are left alone.",
    argument: image,
    rest: {
      name: "digest",
      summary: "documents or artifacts to remove; see hostfit list",
      required: false,
      value: "text",
    },
    options: [
      { flags: "--all", summary: "remove every attached document", group: WRITING },
      ...access,
      dryRun,
      output,
      quiet("print just the digests of the artifacts"),
    ],
    examples: [
      { line: "hostfit detach --all registry.example/app:1", says: "the image says nothing any more" },
    ],
    load: async () => (await import("./commands/of-documents.ts")).detach,
  },
  {
    name: "list",
    summary: "list all documents on an image",
    description:
      "Lists every document that stands in an image's index or is attached to it or its variants: of what dialect and " +
      "date, by whom, and which of them count. Judges nothing and needs no host.",
    argument: image,
    options: [
      {
        flags: "--stale",
        summary: "ask whether included documents, such as the base image's, have newer ones",
        group: IMAGE,
      },
      ...access,
      offline,
      output,
      quiet("print just the digests of the documents that count; with --stale, of those that are stale"),
    ],
    examples: [{ line: "hostfit list oci:examples/lammps", says: "what documents are there?" }],
    load: async () => (await import("./commands/of-documents.ts")).list,
  },
  {
    name: "pull",
    summary: "get a document as a file",
    description:
      "Writes the document that counts on what the reference names to a file, or to standard output, byte for byte as " +
      "it is in the registry. A reference to a pushed document gives that.",
    argument: image,
    options: [
      { ...platform, summary: "that of the variant of this platform" },
      { flags: "--digest <digest>", summary: "this document, or artifact", group: IMAGE, value: "text" },
      ...access,
      offline,
      { flags: "--file <file>", summary: "write to this file", group: OUTPUT, value: "file" },
      quiet("nothing on stderr"),
    ],
    examples: [{ line: "hostfit pull registry.example/app:1 --file needs.json", says: "what does it need?" }],
    load: async () => (await import("./commands/of-documents.ts")).pull,
  },
  {
    name: "push",
    summary: "put a document into a registry, under a tag of its own",
    description:
      "Puts a document into a registry or layout by itself, about no image: to be kept in one place for many.",
    argument: documentFile,
    rest: { name: "reference", summary: "where to, with a tag", required: true, value: "image" },
    options: [...access, created, output, quiet("print just repo@digest of the artifact")],
    examples: [
      {
        line: "hostfit push needs.yaml registry.example/needs/cuda:12",
        says: "one document for many images",
      },
    ],
    load: async () => (await import("./commands/of-documents.ts")).push,
  },
  {
    name: "embed",
    summary: "write documents into an image's index",
    description:
      "Makes a new index with the documents in it, so that a variant is selected with one request. The images and their " +
      "digests stay; the index gets a new digest, so signatures and artifacts of the old one don't follow. Takes the " +
      "documents that are attached and count, or the one of --requirements.",
    argument: image,
    options: [
      { flags: "--tag <tag>", summary: "the new index's tag (required)", group: WRITING, value: "text" },
      {
        flags: "--as <form>",
        summary: "the documents themselves, their digests, or only the demand to look for them",
        group: WRITING,
        value: "choice",
        choices: ["inline", "digest", "consult"],
        fallback: "inline",
      },
      { ...requirements, summary: "write this document (YAML or JSON, - for stdin)", group: WRITING },
      { ...platform, summary: "write on the variants of this platform" },
      { flags: "--all-platforms", summary: "write on each variant rather than on the index", group: IMAGE },
      ...access,
      created,
      dryRun,
      output,
      quiet("print just repo@digest of the new index"),
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
    load: async () => (await import("./commands/of-documents.ts")).embed,
  },
  {
    name: "explain",
    summary: "say what a word of a document means",
    description:
      "Says what a feature, a flag or an attribute means, which values it has, where a probe reads it, and where to read " +
      "on, by the vocabularies that hostfit brings along and those that are given.",
    argument: {
      name: "term",
      summary: "a feature, a feature and one of its names, a source, or a name",
      required: true,
      value: "text",
    },
    rest: { name: "name", summary: "a flag or an attribute of the feature", required: false, value: "text" },
    options: [vocabulary, output, quiet("print just the links")],
    examples: [
      { line: "hostfit explain org.hostfit/gpu.nvidia cuda", says: "what is compared there?" },
      { line: "hostfit explain memory", says: "everything about memory" },
    ],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "vocabulary",
    summary: "check, show, document, publish or pull a vocabulary",
    description:
      "A vocabulary describes an interest group's features and how they are read from a host. check finds what is wrong " +
      "with one, show lists its features, docs writes a page about it; publish puts it into a registry or layout, pull " +
      "gets it from there. Without a file, show and docs are about the " +
      "vocabularies that hostfit brings along; a domain names one of them.",
    argument: {
      name: "action",
      summary: "check, show, docs, publish or pull",
      required: true,
      value: "choice",
      choices: ["check", "show", "docs", "publish", "pull"],
    },
    rest: {
      name: "file|domain|reference",
      summary: "a vocabulary (YAML or JSON, - for stdin), a domain, or where it is published",
      required: false,
      value: "file",
    },
    options: [
      ...access,
      offline,
      created,
      {
        flags: "--file <file>",
        summary: "pull: write it here instead of to standard output",
        group: OUTPUT,
        value: "file",
      },
      { flags: "--strict", summary: "check: warnings end with exit status 4 as errors do", group: RULES },
      output,
      quiet("print just the names of features; check: nothing; publish: repo@digest"),
    ],
    examples: [
      { line: "hostfit vocabulary check mpi.yaml", says: "can it be used?" },
      { line: "hostfit vocabulary docs mpi.yaml > mpi.md", says: "a page for those who write documents" },
      { line: "hostfit vocabulary publish mpi.yaml registry.example/vocabularies/mpi:1", says: "share it" },
      { line: "hostfit vocabulary show org.supercontainers", says: "what hostfit knows by itself" },
    ],
    load: () => import("./commands/vocabulary.ts"),
  },
  {
    name: "completion",
    summary: "print the completion script of a shell",
    description: "Prints a script that makes the shell complete hostfit's commands, options and arguments.",
    argument: {
      name: "shell",
      summary: "bash, zsh or fish",
      required: true,
      value: "choice",
      choices: ["bash", "zsh", "fish"],
    },
    options: [],
    examples: [
      { line: "source <(hostfit completion bash)", says: "in ~/.bashrc" },
      { line: "hostfit completion fish > ~/.config/fish/completions/hostfit.fish", says: "once" },
    ],
    load: () => import("./commands/completion.ts"),
  },
];
