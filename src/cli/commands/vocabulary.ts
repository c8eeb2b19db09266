/** `hostfit vocabulary`: check, show or document one. */
import { diagnosticsToJson, printable } from "../../author/diagnostics.ts";
import { lintFile } from "../../author/lint-file.ts";
import { vocabularyPage } from "../../author/vocabulary/page.ts";
import { HostfitError } from "../../errors.ts";
import { shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { fullName, type Vocabulary } from "../../probe/vocabulary/model.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { MAX_DOCUMENT_BYTES, readFile, readVocabularies } from "../files.ts";
import { countFindings, countWords, lintStatus } from "../findings.ts";
import { writeAnswer } from "../output.ts";
import { type Cell, columns } from "../render/columns.ts";
import { diagnosticsText } from "../render/diagnostics.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { argument, rest } = invocation;
  if (rest.length > 1) throw new UsageError("one vocabulary at a time", "give one file or domain");
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
    default:
      throw new UsageError(`there is no action ${JSON.stringify(argument)}`, "write check, show or docs");
  }
};

async function check(path: string, { options, io }: Invocation): Promise<ExitStatus> {
  const bytes = path === "-" ? await io.stdin() : await readFile(path, io.cwd, MAX_DOCUMENT_BYTES);
  const file = path === "-" ? "(stdin)" : path;
  // The core has nothing to say about vocabularies.
  const { diagnostics } = await lintFile(bytes, { file, kind: "vocabulary" }, () => ({ ok: true }));
  const counts = countFindings(diagnostics);
  if (!options.quiet) {
    const answer = {
      apiVersion: "hostfit/v1.0",
      kind: "VocabularyCheck",
      file,
      ...counts,
      diagnostics: diagnosticsToJson(diagnostics),
    };
    writeAnswer(io, options.output, answer, (paint) => {
      const tone = counts.errors > 0 ? "bad" : counts.warnings > 0 ? "unsure" : "good";
      return `${diagnosticsText(diagnostics, paint)}${printable(file)}: ${paint(tone, countWords(counts))}\n`;
    });
  }
  return lintStatus(diagnostics, options.strict);
}

/** Those of a file, of a domain, or all that hostfit brings along. */
async function named(name: string | undefined, { io }: Invocation): Promise<readonly Vocabulary[]> {
  const shipped = await shippedVocabularies();
  if (name === undefined) return shipped;
  const known = shipped.filter((one) => one.domain === name);
  if (known.length > 0) return known;
  if (name === "nfd") return shipped.filter((one) => one.domain === undefined);
  if (name === "-" || /\.(?:ya?ml|json)$|\//i.test(name)) return readVocabularies([name], io);
  throw new HostfitError("unknown-vocabulary", `hostfit brings no vocabulary ${JSON.stringify(name)} along`, {
    help: `give a file, or one of ${shipped.map((one) => one.domain ?? "nfd").join(", ")}`,
    details: { vocabulary: name },
  });
}

function show(vocabularies: readonly Vocabulary[], { options, io }: Invocation): ExitStatus {
  if (options.quiet) {
    for (const one of vocabularies) {
      for (const feature of Object.keys(one.features))
        io.stdout.write(`${printable(fullName(one, feature))}\n`);
    }
    return ExitStatus.compatible;
  }
  const answer = { apiVersion: "hostfit/v1.0", kind: "Vocabularies", vocabularies };
  writeAnswer(io, options.output, answer, (paint) => {
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
  });
  return ExitStatus.compatible;
}
