/**
 * Plain scalars in documents of the native dialect. Values are compared as text, and a plain scalar is text only if
 * every YAML reader leaves it alone: `0302` is 302 to YAML 1.2 and 194 to YAML 1.1, `22.10` is 22.1 to both, `on` is
 * true to YAML 1.1. What one reader in use changes has to be quoted.
 *
 * Taken without quotes are: numbers whose shortest form is what is written (`22`, `-3`, `1.5`), `true`, `false`,
 * `null`, `~`, nothing at all, and what is text to YAML 1.2's core schema, to YAML 1.1's types and to go-yaml.
 */
import { goScalarText, readGoScalar } from "./go-scalar.ts";

/** How a plain scalar is taken. `json` is the JSON text it becomes; numbers keep their source text. */
export type PlainReading =
  | { readonly kind: "text" }
  | { readonly kind: "number" | "boolean" | "null"; readonly json: string }
  | {
      readonly kind: "ambiguous";
      /** What YAML 1.2 and YAML 1.1 make of it, in words; null where they leave it as it is. */
      readonly in12: string | null;
      readonly in11: string | null;
    };

/** Reads a plain scalar (never a quoted one or a block scalar). */
export function readPlainScalar(text: string): PlainReading {
  if (text === "true" || text === "false") return { kind: "boolean", json: text };
  if (text === "null" || text === "~" || text === "") return { kind: "null", json: "null" };
  // Whatever is read as something else starts so; this spares most texts the patterns below.
  if (!/^[-+.0-9yYnNtTfFoO]/.test(text)) return { kind: "text" };
  if (/^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) && String(Number(text)) === text && isExact(text)) {
    return { kind: "number", json: text };
  }
  const in12 = readIn12(text);
  const in11 = readIn11(text);
  return in12 === null && in11 === null ? { kind: "text" } : { kind: "ambiguous", in12, in11 };
}

/** An integer beyond 2^53 is not the same number to every reader, even where its digits survive one of them. */
function isExact(text: string): boolean {
  return text.includes(".") || Number.isSafeInteger(Number(text));
}

/** YAML 1.2 core schema (10.3.2). */
function readIn12(text: string): string | null {
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase();
  if (/^(null|Null|NULL)$/.test(text)) return "null";
  if (/^[-+]?[0-9]+$/.test(text)) return number(BigInt(text.replace(/^[-+]/, "")), text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return number(BigInt(text), text);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return `the number ${Number(text)}`;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return "infinity";
  if (/^\.(nan|NaN|NAN)$/.test(text)) return "not a number";
  return null;
}

/** YAML 1.1's types (yaml.org/type) as the readers in use have them: libyaml's kin and go-yaml. */
function readIn11(text: string): string | null {
  const go = readGoScalar(text);
  if (go.kind === "null") return "null";
  if (go.kind === "float" && !Number.isFinite(go.value))
    return Number.isNaN(go.value) ? "not a number" : "infinity";
  if (go.kind === "bool") return goScalarText(go);
  if (go.kind === "float") return `the number ${go.value}`;
  if (go.kind === "int") return `the number ${go.value}`;
  if (/^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/.test(text)) return `the number ${sexagesimal(text)}`;
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*$/.test(text)) return `the number ${sexagesimal(text)}`;
  if (/^[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?$/.test(text)) return "a number";
  if (/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ]|[ \t]+)?([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?$/.test(text))
    return "a date";
  return null;
}

function number(magnitude: bigint, text: string): string {
  return `the number ${text.startsWith("-") ? -magnitude : magnitude}`;
}

/** Base 60: `190:20:30` is 190 hours, 20 minutes and 30 seconds. */
function sexagesimal(text: string): number {
  const negative = text.startsWith("-");
  const total = text
    .replace(/^[-+]/, "")
    .replaceAll("_", "")
    .split(":")
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return negative ? -total : total;
}
