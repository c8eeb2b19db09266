import { HostfitError } from "../../errors.ts";

/**
 * When an artifact is said to be made, RFC 3339 in whole seconds of UTC: what was asked for, what `SOURCE_DATE_EPOCH`
 * says (https://reproducible-builds.org/specs/source-date-epoch/), or now.
 *
 * @throws HostfitError `created-invalid`
 */
export function createdTime(
  asked: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  now: number = Date.now(),
): string {
  if (asked !== undefined) {
    const form = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
    const time = form.test(asked) ? Date.parse(asked) : Number.NaN;
    if (Number.isNaN(time)) throw invalid(`${JSON.stringify(asked)} is no time`);
    return inSeconds(time);
  }
  const epoch = environment.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === "") return inSeconds(now);
  if (!/^(?:0|[1-9][0-9]{0,10})$/.test(epoch)) {
    throw invalid(`SOURCE_DATE_EPOCH is ${JSON.stringify(epoch.slice(0, 40))}`);
  }
  return inSeconds(Number(epoch) * 1000);
}

function inSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function invalid(what: string): HostfitError {
  return new HostfitError("created-invalid", `the time of creation: ${what}`, {
    help: "write it as 2026-01-31T12:00:00Z; SOURCE_DATE_EPOCH is seconds since 1970",
  });
}
