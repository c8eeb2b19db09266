import { printable, RegistryError } from "./errors.ts";
import type { HttpAnswer, Purpose } from "./http.ts";

/** What a request for one thing below `/v2/<repository>/` is. */
export interface ApiRequest {
  readonly method: "GET" | "HEAD";
  /** Below `/v2/<repository>/`, or a whole URL of the same origin (a page's `next`). */
  readonly path: string | URL;
  readonly accept?: string;
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

/** What an answer's error body says (distribution-spec, "Error Codes"), made fit for a message; "" if nothing. */
export function registrySays(answer: HttpAnswer): string {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    const { errors } = body as { errors?: readonly { code?: unknown; message?: unknown }[] };
    const first = errors?.[0];
    const parts = [first?.code, first?.message].filter((part) => typeof part === "string" && part !== "");
    return printable(parts.join(": "), 160);
  } catch {
    return "";
  }
}
