import { RegistryError } from "./errors.ts";

/** What a JSON object is before anybody has looked at it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether a parsed value is an object (no array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses bytes as a JSON object. The bytes themselves never go into the message.
 *
 * @throws RegistryError `not-json`
 */
export function parseJsonObject(bytes: Uint8Array, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    const html = /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
    throw new RegistryError(
      "not-json",
      `${where}: the answer is not JSON${html ? " but looks like HTML" : ""}`,
      {
        help: html
          ? "A login page or a proxy may have answered. Check the host's name and the network."
          : "The source is damaged, or this is no registry.",
      },
    );
  }
  if (!isObject(value)) {
    throw new RegistryError("not-json", `${where}: a JSON object was expected`, {
      help: "The source is damaged, or this is no registry.",
    });
  }
  return value;
}
