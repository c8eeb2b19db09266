/** `hostfit fleet`: many images on many hosts. */
import type { FleetMatcher } from "../../../bindings/js/fleet.ts";
import { createFleetMatcher } from "../../../bindings/js/fleet-node.ts";
import { HostfitError } from "../../errors.ts";
import type { FleetAnswer } from "../../fleet/answer.ts";
import { type HostsInput, MAX_HOSTS_BYTES, readHosts } from "../../fleet/hosts.ts";
import { readWorkloads } from "../../fleet/images.ts";
import { Omissions } from "../../fleet/left-out.ts";
import { prepare } from "../../fleet/prepare.ts";
import { loadRoster, type Roster } from "../../fleet/roster.ts";
import { type FleetSummary, SummaryCounter } from "../../fleet/summary.ts";
import { survey } from "../../fleet/survey.ts";
import type { JsonMap } from "../../probe/elsewhere/described.ts";
import { parseReference } from "../../registry/reference.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { readBytes, readDocumentFile } from "../files.ts";
import { fleetCsv, fleetJson } from "../fleet-answers.ts";
import { reportData } from "../fleet-report.ts";
import type { Io } from "../io.ts";
import type { Options } from "../options.ts";
import { painterFor } from "../paint.ts";
import { Progress } from "../progress.ts";
import { registryOf } from "../registry-access.ts";
import { fleetText } from "../render/fleet.ts";
import { policyOf } from "../session.ts";

/** Images that are fetched at one time. */
const WIDTH = 16;
const MAX_PATCH_BYTES = 1024 * 1024;

export const run: CommandModule["run"] = async (invocation) => {
  const { options, io } = invocation;
  const { images, hosts } = options;
  if (images === undefined || hosts === undefined) {
    throw new UsageError(
      images === undefined ? "the images are needed: --images" : "the hosts are needed: --hosts",
      "run: hostfit fleet --help",
    );
  }
  const inputs = [images, hosts, options.whatIf, options.policy, options.passwordStdin ? "-" : ""];
  if (inputs.filter((path) => path === "-").length > 1) {
    throw new UsageError("standard input can be read once only", "give all but one of the files by name");
  }
  const progress = new Progress(io, options.quiet);
  try {
    return await survive(await surveyOf(images, hosts, invocation, progress), invocation, progress);
  } finally {
    progress.clear();
  }
};

interface Prepared {
  readonly answer: FleetAnswer;
  readonly policy: Awaited<ReturnType<typeof policyOf>>;
}

async function surveyOf(
  imagesPath: string,
  hostsPath: string,
  { options, io }: Invocation,
  progress: Progress,
): Promise<Prepared> {
  const omissions = new Omissions(options.keepGoing);
  const read = (path: string): Promise<Uint8Array> => readBytes(path, io, MAX_HOSTS_BYTES);
  const [matcher, workloads, whatIf] = await Promise.all([
    createFleetMatcher(),
    readWorkloads({ path: imagesPath, cwd: io.cwd, read }),
    patchOf(options, io),
  ]);
  const policy = await policyOf(options, io, matcher);
  const hosts: HostsInput = { path: hostsPath, cwd: io.cwd, read, patch: whatIf, omissions };
  const roster = await rosterOf(matcher, hosts, omissions, progress);
  const references = workloads.flatMap(({ kind, name }) => (kind === "image" ? [name] : []));
  const subjects = await prepare(workloads, {
    matcher,
    fleet: roster.fleet,
    registry: await registryOf(options, io, "read", references.filter(canBeParsed)),
    policy,
    omissions,
    width: WIDTH,
    progress: (done) => progress.show("reading images", done, workloads.length),
  });
  refuseNothing(subjects.length, "no-images", imagesPath, "images", omissions);
  const rows = survey(roster.fleet, subjects, {
    policy: policy?.handle ?? null,
    progress: (done) => progress.show("judging", done, subjects.length),
  });
  return {
    answer: { roster, whatIf, images: subjects.length, rows, leftOut: () => omissions.list },
    policy,
  };
}

async function rosterOf(
  matcher: FleetMatcher,
  hosts: HostsInput,
  omissions: Omissions,
  progress: Progress,
): Promise<Roster> {
  const roster = await loadRoster(matcher.fleet(), readHosts(hosts), {
    omissions,
    progress: (done) => progress.show("reading hosts", done, null),
  });
  refuseNothing(roster.fleet.size, "no-hosts", hosts.path, "hosts", omissions);
  return roster;
}

/** With `--keep-going` everything may have been left out: there is no answer then. */
function refuseNothing(left: number, code: string, path: string, what: string, { list }: Omissions): void {
  if (left > 0) return;
  const [first] = list;
  throw new HostfitError(
    code,
    `none of the ${what} in ${path} can be used${first === undefined ? "" : `; the first: ${first.message}`}`,
    { help: first?.help ?? `check the ${what}`, details: { path, leftOut: list.length } },
  );
}

/** Writes the answer; the exit status is 1 if an image fits nowhere, 2 if it isn't known to, 4 if something was left out. */
async function survive(
  { answer, policy }: Prepared,
  { options, io }: Invocation,
  progress: Progress,
): Promise<ExitStatus> {
  const summary = await written(answer, policy, options, io, progress);
  if (summary.nowhere > 0) return ExitStatus.incompatible;
  if (summary.unknown > 0) return ExitStatus.undetermined;
  return answer.leftOut().length > 0 ? ExitStatus.badInput : ExitStatus.compatible;
}

async function written(
  answer: FleetAnswer,
  policy: Prepared["policy"],
  options: Options,
  io: Io,
  progress: Progress,
): Promise<FleetSummary> {
  const { stdout } = io;
  switch (options.output) {
    case "html": {
      const { reportHtml } = await import("../../ui/fleet-report/report.ts");
      const { data, summary } = await reportData(answer, policy);
      const html = await reportHtml(data);
      progress.clear();
      stdout.write(html);
      return summary;
    }
    case "json":
    case "csv": {
      const counter = new SummaryCounter(answer.roster.fleet.size);
      const rows = counted(answer.rows, counter);
      const pieces = (options.output === "json" ? fleetJson : fleetCsv)({ ...answer, rows });
      for await (const piece of pieces) stdout.write(piece);
      return counter.summary;
    }
    default: {
      const paint = painterFor(stdout, io.env);
      const { text, summary } = await fleetText(answer, { paint, policy, all: options.all });
      progress.clear();
      if (!options.quiet) stdout.write(text);
      return summary;
    }
  }
}

async function* counted(rows: FleetAnswer["rows"], counter: SummaryCounter): FleetAnswer["rows"] {
  for await (const row of rows) {
    counter.add(row);
    yield row;
  }
}

/** What can't be parsed is told of when it is opened. */
function canBeParsed(reference: string): boolean {
  try {
    parseReference(reference);
    return true;
  } catch {
    return false;
  }
}

async function patchOf(options: Options, io: Io): Promise<JsonMap | null> {
  if (options.whatIf === undefined) return null;
  const document = await readDocumentFile(options.whatIf, io, { maxBytes: MAX_PATCH_BYTES });
  const value: unknown = JSON.parse(new TextDecoder().decode(document.json));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonMap;
  throw new HostfitError(
    "bad-patch",
    `${options.whatIf} is no JSON Merge Patch for a host: it must be a map`,
    {
      help: "write what changes, such as features: { attributes: { kernel.version: { elements: { full: 6.1.0 } } } }",
      details: { file: options.whatIf },
    },
  );
}
