import { RegistryError } from "./errors.ts";

/** What a JSON object is before anybody has looked at it. */
export type JsonObject = Readonly<Record<string, unknown>>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Whether a parsed value is an object (no array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What bytes are: an answer of somebody on the network, a file of this machine, or content that has the digest it should have. */
export type ContentOrigin = "answer" | "file" | "content";

/**
 * Parses bytes as a JSON object. The bytes themselves never go into the message.
 *
 * @param where which answer, file or content
 * @throws RegistryError `not-json`
 */
export function parseJsonObject(
  bytes: Uint8Array,
  where: string,
  origin: ContentOrigin = "answer",
): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    throw notJson(bytes, where, origin);
  }
  if (!isObject(value)) {
    const found = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
    throw new RegistryError("not-json", `${where}: ${NAMES[origin]} is ${found}, not a JSON object`, {
      help: HELP[origin],
    });
  }
  return value;
}

const NAMES = { answer: "the answer", file: "the file", content: "it" } as const;
const HELP = {
  answer: "The source is damaged, or this is no registry.",
  file: "The file is damaged. Copy the image into a new layout.",
  content: "Whoever made the image wrote it so. Build or copy the image again with a current tool.",
} as const;

function notJson(bytes: Uint8Array, where: string, origin: ContentOrigin): RegistryError {
  const html = origin === "answer" && /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
  const how =
    bytes.length === 0
      ? "is empty"
      : html
        ? "is not JSON but looks like HTML"
        : endsEarly(bytes)
          ? "is not JSON: it ends too early"
          : "is not JSON";
  return new RegistryError("not-json", `${where}: ${NAMES[origin]} ${how}`, {
    help: html
      ? "A login page or a proxy may have answered. Check the host's name and the network."
      : HELP[origin],
  });
}

/** Whether it begins as an object and is cut off. */
function endsEarly(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).trim();
  return text.startsWith("{") && !text.endsWith("}");
}
