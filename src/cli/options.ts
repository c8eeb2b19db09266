/**
 * Every option of the command line, declared once: the parser, `--help`, the completions, docs/cli.md's test and the type
 * of what a command is given ({@link Options}) are made from this. Which command takes which is said in table/.
 */

/** What an option's value or an argument names, so that a shell can complete it. */
export type ValueKind = "file" | "folder" | "image" | "text" | "choice";

export interface OptionSpec {
  /** As commander reads it: `-q, --quiet`, `--facts <file>`. */
  readonly flags: string;
  readonly summary: string;
  /** Heading in `--help`. */
  readonly group: Group;
  readonly value?: ValueKind;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeats?: true;
  /** What counts if it isn't given; shown in `--help`. */
  readonly fallback?: string;
}

/** Headings in `--help`, in their order. */
export type Group =
  | "The host"
  | "The image"
  | "The registry"
  | "What is demanded"
  | "What is written"
  | "Output";

/** All options, by the name under which a command finds them: the long one in camel case. */
export const OPTIONS = {
  // Whose facts count
  facts: {
    flags: "--facts <file>",
    summary: "take the host's facts from a file (YAML or JSON, - for stdin) instead of probing this machine",
    group: "The host",
    value: "file",
  },
  hostRoot: {
    flags: "--host-root <dir>",
    summary: "probe the machine whose /proc, /sys and /etc are mounted under this folder",
    group: "The host",
    value: "folder",
  },
  from: {
    flags: "--from <file>",
    summary:
      "instead of probing, read what another tool says of a host: NodeFeature objects, nfd export features, a Node, " +
      "lscpu -J, lspci -nnmm, nvidia-smi -q -x; can be given several times",
    group: "The host",
    value: "file",
    repeats: true,
  },
  only: {
    flags: "--only <feature>",
    summary: "only this feature, or this source with all its features; can be given several times",
    group: "The host",
    value: "text",
    repeats: true,
  },
  except: {
    flags: "--except <feature>",
    summary: "not this feature or source; can be given several times",
    group: "The host",
    value: "text",
    repeats: true,
  },
  redact: {
    flags: "--redact",
    summary: "leave out what identifies the machine: names, serial numbers",
    group: "The host",
  },

  hosts: {
    flags: "--hosts <path>",
    summary:
      "the hosts: Host documents, NodeFeature objects or Nodes, in a file (- for stdin), or a folder of such files",
    group: "The host",
    value: "file",
  },
  whatIf: {
    flags: "--what-if <file>",
    summary: "as if every host had this: a JSON Merge Patch for Host documents (YAML or JSON)",
    group: "The host",
    value: "file",
  },

  // Which images, variants and documents
  images: {
    flags: "--images <path>",
    summary:
      "the images: references, one a line, or what kubectl get pods -A -o json prints (- for stdin); or a folder of documents",
    group: "The image",
    value: "file",
  },
  platform: {
    flags: "--platform <os/arch>",
    summary: "consider only the candidates of this platform, linux/amd64 or linux/arm64/v8 say",
    group: "The image",
    value: "text",
  },
  allPlatforms: {
    flags: "--all-platforms",
    summary: "each variant rather than the index",
    group: "The image",
  },
  layer: {
    flags: "--layer <digest>",
    summary: "it is about this layer; attached to the variants that contain it",
    group: "The image",
    value: "text",
  },
  digest: {
    flags: "--digest <digest>",
    summary: "this document, or artifact",
    group: "The image",
    value: "text",
  },
  stale: {
    flags: "--stale",
    summary: "ask whether included documents, such as the base image's, have newer ones",
    group: "The image",
  },

  // How registries are reached, and as whom
  plainHttp: {
    flags: "--plain-http",
    summary: "talk to the registry without TLS",
    group: "The registry",
  },
  username: {
    flags: "--username <name>",
    summary: "log in to the named registries as this user, with the password of --password-stdin",
    group: "The registry",
    value: "text",
  },
  passwordStdin: {
    flags: "--password-stdin",
    summary: "read the password or token from standard input",
    group: "The registry",
  },
  caFile: {
    flags: "--ca-file <file>",
    summary: "trust the authorities in this file too (PEM)",
    group: "The registry",
    value: "file",
  },
  cert: {
    flags: "--cert <file>",
    summary: "show this certificate to the named registries (PEM)",
    group: "The registry",
    value: "file",
  },
  key: {
    flags: "--key <file>",
    summary: "the certificate's key (PEM)",
    group: "The registry",
    value: "file",
  },
  insecure: {
    flags: "--insecure",
    summary: "don't check the certificates of the named registries",
    group: "The registry",
  },
  offline: {
    flags: "--offline",
    summary: "ask no registry: use what the cache has seen of them",
    group: "The registry",
  },

  // What is demanded of the host
  requirements: {
    flags: "--requirements <file>",
    summary: "judge by this document (YAML or JSON, - for stdin) instead of those that the image carries",
    group: "What is demanded",
    value: "file",
  },
  policy: {
    flags: "--policy <file>",
    summary: "apply an administrator's policy (YAML or JSON)",
    group: "What is demanded",
    value: "file",
  },
  allowUndetermined: {
    flags: "--allow-undetermined",
    summary: "if nothing is known to fit, choose what may fit",
    group: "What is demanded",
  },
  vocabulary: {
    flags: "--vocabulary <file|ref>",
    summary:
      "know the features of this vocabulary too: a file (YAML or JSON), or where it is published; can be given several times",
    group: "What is demanded",
    value: "file",
    repeats: true,
  },
  strict: {
    flags: "--strict",
    summary: "warnings end with exit status 4 as errors do",
    group: "What is demanded",
  },

  // What is written to a registry
  include: {
    flags: "--include <image>",
    summary: "copy in what this image's or document's document requires; may be repeated",
    group: "What is written",
    value: "image",
    repeats: true,
  },
  fromBase: {
    flags: "--from-base",
    summary: "copy in what the document of the base image requires, as the image names it",
    group: "What is written",
  },
  replace: {
    flags: "--replace",
    summary: "remove the documents that were attached there before",
    group: "What is written",
  },
  all: {
    flags: "--all",
    summary: "remove every attached document",
    group: "What is written",
  },
  to: {
    flags: "--to <dialect>",
    summary: "the dialect wanted; by default the other one",
    group: "What is written",
    value: "choice",
    choices: ["native", "nfd"],
  },
  tag: {
    flags: "--tag <tag>",
    summary: "the new index's tag (required)",
    group: "What is written",
    value: "text",
  },
  as: {
    flags: "--as <form>",
    summary: "the documents themselves, their digests, or only the demand to look for them",
    group: "What is written",
    value: "choice",
    choices: ["inline", "digest", "consult"],
    fallback: "inline",
  },
  created: {
    flags: "--created <time>",
    summary: "when it is said to be made; SOURCE_DATE_EPOCH or now by default",
    group: "What is written",
    value: "text",
  },
  dryRun: {
    flags: "--dry-run",
    summary: "write nothing; say what would be done",
    group: "What is written",
  },

  // What is printed
  keepGoing: {
    flags: "--keep-going",
    summary: "leave out hosts and images that can't be used, and say so, instead of ending with an error",
    group: "Output",
  },
  sources: {
    flags: "--sources",
    summary: "show which files each fact comes from",
    group: "Output",
  },
  file: {
    flags: "--file <file>",
    summary: "write to this file",
    group: "Output",
    value: "file",
  },
  output: {
    flags: "-o, --output <format>",
    summary: "form of the answer",
    group: "Output",
    value: "choice",
    choices: ["text", "json", "yaml", "csv", "html"],
    fallback: "text",
  },
  quiet: {
    flags: "-q, --quiet",
    summary: "print only what a script needs",
    group: "Output",
  },
  debug: {
    flags: "--debug",
    summary: "show the stack trace of an error",
    group: "Output",
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Options that every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [OPTIONS.debug];

/** What an option gives: a switch is false where it is absent, a list empty, a choice its fallback. */
type OptionValue<Spec extends OptionSpec> = Spec extends { readonly flags: `${string}<${string}` }
  ? Spec extends { readonly repeats: true }
    ? readonly string[]
    : Spec extends { readonly choices: readonly (infer Choice)[] }
      ? Choice | (Spec extends { readonly fallback: string } ? never : undefined)
      : string | undefined
  : boolean;

/** The options of all commands, read and checked; a command looks at those that its table entry lists. */
export type Options = { readonly [Name in keyof typeof OPTIONS]: OptionValue<(typeof OPTIONS)[Name]> };

/** What commander read, as {@link Options}. */
export function readOptions(raw: Readonly<Record<string, unknown>>): Options {
  const entries = Object.entries<OptionSpec>(OPTIONS).map(([name, spec]) => [
    name,
    optionValue(spec, raw[name]),
  ]);
  // INVARIANT: optionValue gives what OptionValue says.
  return Object.fromEntries(entries) as Options;
}

function optionValue({ flags, repeats, fallback }: OptionSpec, raw: unknown): unknown {
  if (!flags.includes("<")) return raw === true;
  if (repeats === true) return Array.isArray(raw) ? raw : [];
  return typeof raw === "string" ? raw : fallback;
}
