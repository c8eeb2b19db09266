/** Commands about what features mean. */
import type { CommandSpec } from "../command-spec.ts";
import { OPTIONS } from "../options.ts";
import { answered, meaning, READING_REGISTRY } from "./takes.ts";

export const VOCABULARIES: readonly CommandSpec[] = [
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
    options: [OPTIONS.vocabulary, ...READING_REGISTRY, ...answered("print just the links")],
    examples: [
      { line: "hostfit explain org.hostfit/gpu.nvidia cuda", says: "what is compared there?" },
      { line: "hostfit explain memory", says: "everything about memory" },
    ],
    load: () => import("../commands/explain.ts"),
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
      ...READING_REGISTRY,
      OPTIONS.created,
      meaning(OPTIONS.file, "pull: write it here instead of to standard output"),
      meaning(OPTIONS.strict, "check: warnings end with exit status 4 as errors do"),
      ...answered("print just the names of features; check: nothing; publish: repo@digest"),
    ],
    examples: [
      { line: "hostfit vocabulary check mpi.yaml", says: "can it be used?" },
      { line: "hostfit vocabulary docs mpi.yaml > mpi.md", says: "a page for those who write documents" },
      { line: "hostfit vocabulary publish mpi.yaml registry.example/vocabularies/mpi:1", says: "share it" },
      { line: "hostfit vocabulary show org.supercontainers", says: "what hostfit knows by itself" },
    ],
    load: () => import("../commands/vocabulary.ts"),
  },
];
