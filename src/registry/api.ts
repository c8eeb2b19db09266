import { printable, RegistryError } from "./errors.ts";
import { withoutLogin } from "./hidden-login.ts";
import type { HttpAnswer, Method, Purpose } from "./http.ts";

/** What a request for one thing below `/v2/<repository>/` is. */
export interface ApiRequest {
  readonly method: Method;
  /**
   * Below `/v2/<repository>/`, or a whole URL that the registry named (a page's `next`, an upload's place). One of
   * another origin gets no login.
   */
  readonly path: string | URL;
  readonly accept?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly once?: true;
  readonly purpose: Purpose;
  readonly limit: number;
  readonly subject: string;
  readonly signal?: AbortSignal | undefined;
}

/** The error that an answer's status stands for. 404 is `missing`; everything else is the registry's failure. */
export function statusError(
  answer: HttpAnswer,
  host: string,
  subject: string,
  missing: "manifest-unknown" | "blob-unknown",
): RegistryError {
  const says = registrySays(answer);
  const said = says === "" ? "" : ` (${says})`;
  const details = { host, status: answer.status };
  if (answer.status === 404) {
    return new RegistryError(
      missing,
      `${subject}: ${host} has no such ${missing === "blob-unknown" ? "blob" : "image"}${said}`,
      {
        help:
          missing === "blob-unknown"
            ? "The image is not complete. Push it again."
            : "Check the name and the tag.",
        details,
      },
    );
  }
  return new RegistryError("registry-error", `${subject}: ${host} answers ${answer.status}${said}`, {
    help:
      answer.status >= 500
        ? "The registry is in trouble. Try again later."
        : "The registry refuses the request. Check the host's name: is it a registry?",
    details,
  });
}

/** The error that the answer to something that writes stands for. */
export function writeError(answer: HttpAnswer, host: string, subject: string): RegistryError {
  const says = registrySays(answer);
  const said = says === "" ? "" : ` (${says})`;
  const details = { host, status: answer.status };
  if (answer.status >= 500) {
    return new RegistryError("registry-error", `${subject}: ${host} answers ${answer.status}${said}`, {
      help: "The registry is in trouble. Try again later: what was begun does no harm, and is finished then.",
      details,
    });
  }
  return new RegistryError("write-refused", `${subject}: ${host} does not take it: ${answer.status}${said}`, {
    help:
      answer.status === 405
        ? "The registry is read-only, or doesn't allow this. Ask whoever runs it."
        : "Check the repository's name and its rules (immutable tags, quotas, allowed types).",
    details,
  });
}

/** What an answer's error body says (distribution-spec, "Error Codes"), made fit for a message and without our login; "" if nothing. */
export function registrySays(answer: HttpAnswer): string {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    const { errors } = body as { errors?: readonly { code?: unknown; message?: unknown }[] };
    const first = errors?.[0];
    const parts = [first?.code, first?.message].filter((part) => typeof part === "string" && part !== "");
    return printable(withoutLogin(parts.join(": "), answer.authorization), 160);
  } catch {
    return "";
  }
}
