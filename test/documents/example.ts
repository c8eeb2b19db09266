/**
 * The examples of a page. Under a heading stand inputs, and answers that the inputs above them give:
 *
 *     yaml requirements [id]   a document; further ones before the answer with other ids: several documents, one handle
 *     yaml nfd [id]            a document of the dialect nfd
 *     yaml facts               the host; stays until the next facts
 *     yaml policy, yaml candidate, yaml candidates, likewise
 *     json verdict | ranking | error     what comes out: the members that are given, of lists every element
 *     yaml part, yaml file     read by worked.test.ts and tutorial.test.ts
 *
 * JSON is as good as YAML for inputs. Nothing may stand unused, and every block of YAML or JSON says what it is.
 */
import type { Fence, Section } from "./markdown.ts";
import type { NamedPage } from "./pages.ts";

export interface Input {
  readonly text: string;
  readonly format: "yaml" | "json";
  /** Line of its fence in the page. */
  readonly line: number;
}

export interface ExampleDocument extends Input {
  readonly id: string;
  readonly dialect: "native" | "nfd";
}

export type AnswerKind = "verdict" | "ranking" | "error";

/** One answer, with everything that it was made from. */
export interface Example {
  readonly file: string;
  readonly anchor: string;
  readonly title: string;
  readonly line: number;
  readonly documents: readonly ExampleDocument[];
  readonly facts: Input | null;
  readonly policy: Input | null;
  readonly candidate: Input | null;
  readonly candidates: Input | null;
  readonly kind: AnswerKind;
  readonly expected: unknown;
}

const INPUTS = ["requirements", "nfd", "facts", "policy", "candidate", "candidates"];
const ANSWERS: readonly string[] = ["verdict", "ranking", "error"];
/** Blocks that no example is made of. */
const OTHER_LANGUAGES = ["sh", "console"];
/** Blocks of YAML that other tests read. */
const OTHER_ROLES = ["part", "file"];

/** All examples of a page, in its order. Throws for a block that says nothing of itself or that nothing uses. */
export function examplesOf(page: NamedPage): Example[] {
  return page.sections.flatMap((section) => examplesUnder(section, page.file));
}

function examplesUnder(section: Section, file: string): Example[] {
  const examples: Example[] = [];
  const unused = new Map<string, Fence>();
  let documents: ExampleDocument[] = [];
  let answered = false;
  const held = new Map<string, Input>();
  for (const fence of section.fences) {
    const [language = "", role = "", id = "", ...rest] = fence.info;
    const place = `${file}:${fence.line}`;
    if (OTHER_LANGUAGES.includes(language) || OTHER_ROLES.includes(role)) continue;
    if (language !== "yaml" && language !== "json") throw new Error(`${place}: what is ${language}?`);
    const input: Input = { text: fence.text, format: language, line: fence.line };
    if (rest.length > 0 || (id !== "" && role !== "requirements" && role !== "nfd")) {
      throw new Error(`${place}: too many words: ${fence.info.join(" ")}`);
    }
    if (INPUTS.includes(role)) {
      const isDocument = role === "requirements" || role === "nfd";
      const slot = isDocument ? `document ${id}` : role;
      if (isDocument) {
        // After an answer a document starts anew.
        if (answered) documents = [];
        if (documents.some((one) => one.id === id)) throw new Error(`${place}: a second document "${id}"`);
        documents.push({ ...input, id, dialect: role === "nfd" ? "nfd" : "native" });
        answered = false;
      } else held.set(role, input);
      if (unused.has(slot))
        throw new Error(`${place}: nothing uses what line ${unused.get(slot)?.line} says`);
      unused.set(slot, fence);
    } else if (ANSWERS.includes(role)) {
      examples.push({
        file,
        anchor: section.anchor,
        title: section.title,
        line: fence.line,
        documents,
        facts: held.get("facts") ?? null,
        policy: held.get("policy") ?? null,
        candidate: held.get("candidate") ?? null,
        candidates: held.get("candidates") ?? null,
        kind: role as AnswerKind,
        expected: JSON.parse(fence.text) as unknown,
      });
      unused.clear();
      answered = true;
    } else throw new Error(`${place}: a block of ${language} must say what it is`);
  }
  const left = [...unused.values()][0];
  if (left !== undefined) throw new Error(`${file}:${left.line}: nothing uses this block`);
  return examples;
}
