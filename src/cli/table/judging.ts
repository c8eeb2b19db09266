/** Commands about a host, an image, and whether they fit. */
import type { CommandSpec } from "../command-spec.ts";
import { OPTIONS } from "../options.ts";
import { answered, IMAGE, meaning, READING_REGISTRY } from "./takes.ts";

const { facts, hostRoot, platform, requirements, policy, allowUndetermined } = OPTIONS;

/** What every command takes that judges images. */
const JUDGED = [
  facts,
  hostRoot,
  platform,
  ...READING_REGISTRY,
  requirements,
  policy,
  meaning(
    OPTIONS.vocabulary,
    "probe the features of this vocabulary too: a file, or where it is published",
    "The host",
  ),
];

export const JUDGING: readonly CommandSpec[] = [
  {
    name: "probe",
    summary: "show what this machine is",
    description:
      "Reads the facts of this machine from /proc, /sys and /etc, with plain file reads and without privileges, and " +
      "prints them as a Host document that --facts reads again. What could not be read is left out, which means " +
      "unknown, and said on stderr.",
    options: [
      hostRoot,
      OPTIONS.from,
      OPTIONS.only,
      OPTIONS.except,
      OPTIONS.redact,
      meaning(OPTIONS.vocabulary, OPTIONS.vocabulary.summary, "The host"),
      OPTIONS.sources,
      ...READING_REGISTRY,
      ...answered("no notes on what could not be read"),
    ],
    examples: [
      { line: "hostfit probe", says: "what is known about this machine, at a glance" },
      { line: "hostfit probe -o yaml > node.yaml", says: "its facts, to be judged by elsewhere" },
      { line: "hostfit probe --from lscpu.json --from lspci.txt -o yaml", says: "a host without Node" },
    ],
    load: () => import("../commands/probe.ts"),
  },
  {
    name: "check",
    summary: "does this image, or this document, fit the host?",
    description:
      "Judges one candidate of an image: the one for --platform, or the one that would be chosen; the answer says " +
      "which. Without an image, judges the document of --requirements alone. No layer is downloaded.",
    argument: { ...IMAGE, required: false },
    options: [...JUDGED, ...answered("print nothing; the exit status is the answer")],
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
    load: async () => (await import("../commands/of-images.ts")).check,
  },
  {
    name: "select",
    summary: "which variant of this image fits the host best?",
    description:
      "Judges every candidate of an image's index and chooses the best one. The answer gives its digest, the ranking " +
      "with the step that decided each place, and for every candidate that lost the minimal reasons.",
    argument: IMAGE,
    options: [...JUDGED, allowUndetermined, ...answered("print just repo@digest")],
    examples: [
      { line: "hostfit select oci:examples/lammps", says: "what to run here, and why that" },
      {
        line: "docker run $(hostfit select -q registry.example/lammps:29Aug2024)",
        says: "run it",
      },
    ],
    load: async () => (await import("../commands/of-images.ts")).select,
  },
  {
    name: "rank",
    summary: "order all variants of this image for the host",
    description:
      "Judges every candidate of an image's index and prints them all in order, the best first, those that don't fit " +
      "last, with their verdicts, scores, reasons and preferences.",
    argument: IMAGE,
    options: [
      ...JUDGED,
      allowUndetermined,
      ...answered("print just repo@digest of those that fit, the best first"),
    ],
    examples: [{ line: "hostfit rank oci:examples/lammps", says: "every variant, in order" }],
    load: async () => (await import("../commands/of-images.ts")).rank,
  },
  {
    name: "inspect",
    summary: "show an image's variants and what they say they need",
    description:
      "Shows an image's index, its candidates and their platforms, and which documents were found: where, by whom, in " +
      "which dialect, and why some don't count. Judges nothing and needs no host.",
    argument: IMAGE,
    options: [platform, ...READING_REGISTRY, ...answered("print just repo@digest of every candidate")],
    examples: [{ line: "hostfit inspect oci:examples/lammps", says: "what is in there" }],
    load: async () => (await import("../commands/of-images.ts")).inspect,
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
      ...READING_REGISTRY,
      policy,
      OPTIONS.vocabulary,
      OPTIONS.strict,
      ...answered("print nothing; the exit status is the answer"),
    ],
    examples: [
      { line: "hostfit lint needs.yaml", says: "is it written as it should be?" },
      { line: "hostfit lint oci:examples/lammps", says: "who would pick what?" },
    ],
    load: () => import("../commands/lint.ts"),
  },
];
