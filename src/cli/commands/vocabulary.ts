/** `hostfit vocabulary`: check, show, document, publish or pull one. */
import { diagnosticsToJson, printable } from "../../author/diagnostics.ts";
import { lintFile } from "../../author/lint-file.ts";
import { createdTime } from "../../author/publish/created.ts";
import { vocabularyPage } from "../../author/vocabulary/page.ts";
import { HostfitError } from "../../errors.ts";
import { shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { fullName, type Vocabulary } from "../../probe/vocabulary/model.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { MAX_DOCUMENT_BYTES, readBytes, writeFileWhole } from "../files.ts";
import { countFindings, lintStatus } from "../findings.ts";
import { namesFile } from "../local-path.ts";
import { NOTHING, writeAnswer } from "../output.ts";
import type { Paint } from "../paint.ts";
import { registryOf } from "../registry-access.ts";
import { type Cell, columns } from "../render/columns.ts";
import { findingsText } from "../render/diagnostics.ts";
import { inFile, vocabulariesOf } from "../vocabularies.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { argument, rest } = invocation;
  if (rest.length > (argument === "publish" ? 2 : 1)) {
    throw new UsageError("one vocabulary at a time", "give one file or domain");
  }
  switch (argument) {
    case "check":
      if (rest[0] === undefined)
        throw new UsageError("a file is needed", "run: hostfit vocabulary check FILE");
      return check(rest[0], invocation);
    case "show":
      return show(await named(rest[0], invocation), invocation);
    case "docs":
      for (const one of await named(rest[0], invocation)) invocation.io.stdout.write(vocabularyPage(one));
      return ExitStatus.compatible;
    case "publish":
      return publish(rest[0], rest[1], invocation);
    case "pull":
      return pull(rest[0], invocation);
    default:
      throw new UsageError(
        `there is no action ${JSON.stringify(argument)}`,
        "write check, show, docs, publish or pull",
      );
  }
};

async function check(path: string, { options, io }: Invocation): Promise<ExitStatus> {
  const bytes = await readBytes(path, io, MAX_DOCUMENT_BYTES);
  const file = path === "-" ? "(stdin)" : path;
  // All that the core has to say about a vocabulary is where it isn't JSON: it is loaded only then.
  const { diagnostics } = await lintFile(bytes, { file, kind: "vocabulary" }, async (json, kind) => {
    const [{ newMatcher }, { compileWith }] = await Promise.all([
      import("../session.ts"),
      import("../../select/compile-file.ts"),
    ]);
    return compileWith(await newMatcher())(json, kind);
  });
  const counts = countFindings(diagnostics);
  const answer = {
    apiVersion: "hostfit/v1.0",
    kind: "VocabularyCheck",
    file,
    ...counts,
    diagnostics: diagnosticsToJson(diagnostics),
  };
  writeAnswer(io, options, answer, {
    text: (paint) => findingsText(file, diagnostics, paint),
    quiet: NOTHING,
  });
  return lintStatus(diagnostics, options.strict);
}

async function publish(
  file: string | undefined,
  target: string | undefined,
  { options, io }: Invocation,
): Promise<ExitStatus> {
  if (file === undefined || target === undefined) {
    throw new UsageError(
      "a file and a reference are needed",
      "run: hostfit vocabulary publish FILE REFERENCE",
    );
  }
  const { publishVocabulary } = await import("../../author/vocabulary/publish.ts");
  const { openWriter } = await import("../../registry/open.ts");
  const { makeLayoutIfNew } = await import("../../registry/new-layout.ts");
  const created = createdTime(options.created, io.env);
  const vocabulary = await inFile(file, io);
  const { writer, reference } = openWriter(target, await registryOf(options, io, "write", [target]));
  await makeLayoutIfNew(reference);
  const published = await publishVocabulary(writer, reference, vocabulary, created);
  const answer = { apiVersion: "hostfit/v1.0", kind: "VocabularyPublication", ...published };
  const what = published.outcome === "unchanged" ? "there already, nothing written" : "published";
  writeAnswer(io, options, answer, {
    text: () =>
      `${printable(published.domain)} ${printable(published.version)}: ${what}\n${published.reference}\n`,
    quiet: () => [published.reference],
  });
  return ExitStatus.compatible;
}

async function pull(target: string | undefined, { options, io }: Invocation): Promise<ExitStatus> {
  if (target === undefined) throw new UsageError("a reference is needed");
  const { pullVocabulary } = await import("../../author/vocabulary/publish.ts");
  const { openSource } = await import("../../registry/open.ts");
  const { source, reference } = openSource(target, await registryOf(options, io, "read", [target]));
  const { bytes, digest, vocabulary } = await pullVocabulary(source, reference);
  if (options.file === undefined || options.file === "-") {
    io.stdout.write(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  } else {
    await writeFileWhole(options.file, io.cwd, bytes);
    if (!options.quiet) {
      io.stderr.write(
        `${options.file}: ${printable(vocabulary.domain ?? "")} ${vocabulary.version} (${digest})\n`,
      );
    }
  }
  return ExitStatus.compatible;
}

/** Those of a file, of a domain, or all that hostfit brings along. */
async function named(name: string | undefined, { options, io }: Invocation): Promise<readonly Vocabulary[]> {
  const shipped = await shippedVocabularies();
  if (name === undefined) return shipped;
  const known = shipped.filter((one) => one.domain === name);
  if (known.length > 0) return known;
  if (name === "nfd") return shipped.filter((one) => one.domain === undefined);
  // What has no slash is no reference, and what is no file then is no domain either.
  if (name.includes("/") || name.includes(":") || (await namesFile(name, io.cwd)))
    return vocabulariesOf({ ...options, vocabulary: [name] }, io);
  throw new HostfitError("unknown-vocabulary", `hostfit brings no vocabulary ${JSON.stringify(name)} along`, {
    help: `give a file, or one of ${[...new Set(shipped.map((one) => one.domain ?? "nfd"))].join(", ")}`,
    details: { vocabulary: name },
  });
}

function show(vocabularies: readonly Vocabulary[], { options, io }: Invocation): ExitStatus {
  const answer = { apiVersion: "hostfit/v1.0", kind: "Vocabularies", vocabularies };
  writeAnswer(io, options, answer, {
    text: (paint) => vocabulariesText(vocabularies, paint),
    quiet: () =>
      vocabularies.flatMap((one) =>
        Object.keys(one.features).map((feature) => printable(fullName(one, feature))),
      ),
  });
  return ExitStatus.compatible;
}

function vocabulariesText(vocabularies: readonly Vocabulary[], paint: Paint): string {
  const blocks = vocabularies.map((one) => {
    const title = `${one.domain ?? "nfd"} ${one.version}`;
    const rows = Object.entries(one.features).map(([name, { kind, description }]): Cell[] => [
      { text: `  ${printable(fullName(one, name))}` },
      { text: kind },
      { text: printable(description ?? "") },
    ]);
    const about = one.description === undefined ? "" : `: ${printable(one.description)}`;
    return [`${paint("strong", printable(title))}${about}`, ...columns(rows, paint)].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
