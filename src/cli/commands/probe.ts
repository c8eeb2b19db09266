/** `hostfit probe`: this machine's facts, or where each of them comes from. */
import { withNotes } from "../../probe/noted.ts";
import { type ProbeResult, probe } from "../../probe/probe.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { NOTHING, writeAnswer } from "../output.ts";
import { factsText } from "../render/facts.ts";
import { writeNotes } from "../render/notes.ts";
import { vocabulariesOf } from "../vocabularies.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { options, io } = invocation;
  const result = options.from.length > 0 ? await described(invocation) : await probed(invocation);
  const { host, notes } = result;
  // What was asked for are the facts: quiet are the notes alone.
  const form = { output: options.output, quiet: false };
  if (options.sources) {
    const { sourcesText } = await import("../render/sources.ts");
    const { sources } = result;
    const answer = { apiVersion: "hostfit/v1.0", kind: "Sources", host: host.name, sources, notes };
    writeAnswer(io, form, answer, { text: (paint) => sourcesText(sources, paint), quiet: NOTHING });
  } else {
    const answer = options.quiet ? host : withNotes(host, notes);
    writeAnswer(io, form, answer, { text: (paint) => factsText(host, paint), quiet: NOTHING });
  }
  if (!options.quiet) writeNotes(io, notes);
  return ExitStatus.compatible;
};

async function probed({ options, io }: Invocation): Promise<ProbeResult> {
  return probe({
    root: options.hostRoot ?? "/",
    redact: options.redact,
    ...(options.only.length === 0 ? {} : { only: options.only }),
    ...(options.except.length === 0 ? {} : { except: options.except }),
    vocabularies: await vocabulariesOf(options, io),
  });
}

/** What files say of a host that isn't looked at. */
async function described({ options, io }: Invocation): Promise<ProbeResult> {
  const others = [options.only, options.except, options.vocabulary].some((list) => list.length > 0);
  if (others || options.hostRoot !== undefined) {
    const help = "leave out --host-root, --only, --except and --vocabulary";
    throw new UsageError("--from reads files as they are, and probes nothing", help);
  }
  if (options.from.filter((path) => path === "-").length > 1) {
    throw new UsageError("standard input can be read once only", "give all but one of the files by name");
  }
  const { factsFrom } = await import("../../probe/elsewhere/facts-from.ts");
  const { MAX_FACTS_BYTES, readBytes } = await import("../files.ts");
  const files = [];
  for (const path of options.from) {
    const bytes = await readBytes(path, io, MAX_FACTS_BYTES);
    files.push({ name: path === "-" ? "(stdin)" : path, bytes });
  }
  return factsFrom(files, { redact: options.redact });
}
