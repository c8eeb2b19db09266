/** What the examples of a section show. */

import { read } from "./answer.ts";
import { answerConstructs } from "./answer-constructs.ts";
import type { Example, Input } from "./example.ts";
import { documentConstructs, factsConstructs, policyConstructs } from "./native-constructs.ts";
import { nfdConstructs } from "./nfd-constructs.ts";

/** The constructs of an example's answer and, unless it is a refusal, of its inputs. */
export async function constructsOf(example: Example): Promise<Set<string>> {
  const found = new Set<string>();
  answerConstructs(example.kind, example.expected, found);
  if (example.kind === "error") return found;
  if (example.documents.length > 1 && example.candidates === null) found.add("document.several");
  for (const document of example.documents) {
    const value = await parsed(document, document.dialect);
    if (document.dialect === "nfd") nfdConstructs(value, found);
    else documentConstructs(value, found);
  }
  if (example.facts !== null) factsConstructs(await parsed(example.facts), found);
  if (example.policy !== null) policyConstructs(await parsed(example.policy), found);
  if (example.candidate !== null) {
    for (const key of Object.keys((await parsed(example.candidate)) as object)) found.add(`candidate.${key}`);
  }
  return found;
}

async function parsed(input: Input, dialect: "native" | "nfd" = "native"): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode((await read(input, dialect)).json)) as unknown;
}
