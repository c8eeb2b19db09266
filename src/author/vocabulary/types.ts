/** What the types of a vocabulary mean for a text: whether it can be one at all. No facts are compared here. */
import type { ValueType } from "../../probe/vocabulary/model.ts";

/** Whether a text can be of a type. */
export function fitsType(text: string, type: ValueType): boolean {
  switch (type) {
    case "text":
      return true;
    case "version":
      return /\d/.test(text);
    case "number":
      return /^[+-]?\d+(?:\.\d+)?$/.test(text);
    case "size":
      return /^\d+(?:\.\d+)?(?:[KMGTPE]i?)?$/.test(text);
    case "boolean":
      return text === "true" || text === "false";
  }
}

/** The tests of the language that make sense on a type, beside equality, a list, `text` and `exists`. */
export function ordersOf(type: ValueType): readonly string[] {
  switch (type) {
    case "version":
      return ["version"];
    case "number":
      return ["number", "size"];
    case "size":
      return ["size", "number"];
    default:
      return [];
  }
}
