/** How an error leaves the program: one form for people, one for programs, both on stderr, nothing on stdout. */
import { type Diagnostic, DocumentError, diagnosticsToJson, printable } from "../author/diagnostics.ts";
import { HostfitError } from "../errors.ts";
import { type ExitStatus, exitStatusOfError } from "./exit.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";
import { fitted } from "./output.ts";
import { type Paint, painterFor } from "./paint.ts";
import { diagnosticsText } from "./render/diagnostics.ts";

/** Writes an error to stderr and gives its exit status. A stack trace is shown with `--debug` alone. */
export function reportFailure(
  error: unknown,
  io: Io,
  options: Pick<Options, "debug" | "output">,
): ExitStatus {
  const status = exitStatusOfError(error);
  if (options.output === "json") {
    io.stderr.write(`${JSON.stringify(failureJson(error, status))}\n`);
  } else {
    io.stderr.write(fitted(failureText(error, painterFor(io.stderr, io.env)), io.stderr));
  }
  if (options.debug) io.stderr.write(stackOf(error));
  return status;
}

function failureText(error: unknown, paint: Paint): string {
  if (!(error instanceof HostfitError)) {
    return (
      `${paint("bad", "hostfit: internal error:")} ${printable(messageOf(error))}\n` +
      "  This is a defect in hostfit. --debug shows where; please report it with the command line.\n"
    );
  }
  const diagnostics = diagnosticsOf(error);
  if (diagnostics !== null) return diagnosticsText(diagnostics, paint);
  const help = error.help === undefined ? "" : `  help: ${printable(error.help)}\n`;
  return `${paint("bad", `hostfit: error ${error.code}:`)} ${printable(error.message)}\n${help}`;
}

/** The error object of docs/cli.md and schemas/error.schema.json. */
function failureJson(error: unknown, exit: ExitStatus): object {
  const head = { apiVersion: "hostfit/v1.0", kind: "Error" };
  if (!(error instanceof HostfitError)) {
    return {
      ...head,
      code: "internal",
      message: messageOf(error),
      help: null,
      exit,
      details: {},
      diagnostics: [],
    };
  }
  const diagnostics = diagnosticsOf(error);
  return {
    ...head,
    code: error.code,
    message: error.message,
    help: error.help ?? null,
    exit,
    details: error.details,
    diagnostics: diagnostics === null ? [] : diagnosticsToJson(diagnostics),
  };
}

function diagnosticsOf(error: HostfitError): readonly Diagnostic[] | null {
  return error instanceof DocumentError ? error.diagnostics : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 8; depth++) {
    lines.push(`${depth === 0 ? "" : "caused by "}${current.stack ?? current.message}`);
    current = current.cause;
  }
  return lines.map((line) => `${line}\n`).join("");
}
