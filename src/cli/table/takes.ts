/** What several commands take: arguments, and groups of options. */
import type { ArgumentSpec } from "../command-spec.ts";
import { OPTIONS, type OptionSpec } from "../options.ts";

/** An image to look at. */
export const IMAGE: ArgumentSpec = {
  name: "image",
  summary: "registry/repo[:tag][@digest], or oci:DIR[:TAG][@digest] for an OCI image layout",
  required: true,
  value: "image",
};

/** A document to publish. */
export const DOCUMENT: ArgumentSpec = {
  name: "file",
  summary: "a document, native or NFD's (YAML or JSON, - for stdin)",
  required: true,
  value: "file",
};

const { plainHttp, username, passwordStdin, caFile, cert, key, insecure, offline } = OPTIONS;

/** How registries are written to: what every command takes that takes an image. */
export const WRITING_REGISTRY: readonly OptionSpec[] = [
  plainHttp,
  username,
  passwordStdin,
  caFile,
  cert,
  key,
  insecure,
];

/** How registries are read: what is only read can be had from the cache. */
export const READING_REGISTRY: readonly OptionSpec[] = [...WRITING_REGISTRY, offline];

/** An option that means something of its own to a command. */
export function meaning(option: OptionSpec, summary: string, group = option.group): OptionSpec {
  return { ...option, summary, group };
}

/** An option that takes some of its values only. */
export function oneOf(option: OptionSpec, choices: readonly string[]): OptionSpec {
  return { ...option, choices };
}

/** The form of the answer, and what `--quiet` leaves of its text. */
export function answered(quietly: string): readonly OptionSpec[] {
  return [oneOf(OPTIONS.output, ["text", "json", "yaml"]), meaning(OPTIONS.quiet, quietly)];
}
