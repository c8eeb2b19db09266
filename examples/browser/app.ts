/**
 * The page: a document and a host's facts in, a verdict with its reasons out. The library decides; what people write is read by what the
 * command line reads it with, so that YAML means the same here, and errors have their line.
 */
import { createMatcher, HostfitError, type Matcher, type Verdict } from "hostfit";
import { looksLikeNfd } from "../../src/author/dialect.ts";
import { readDocument, type SourceDocument } from "../../src/author/document.ts";
import { InputCard } from "./input-card.ts";
import { SAMPLES } from "./samples.ts";
import { showEmpty, showFailure, showVerdict } from "./verdict-view.ts";

const document = new InputCard("document", "the requirements document");
const facts = new InputCard("facts", "the host's facts");
const panel = window.document.querySelector<HTMLElement>("#verdict")!;

/** Made once: what a page asks for comes into one instance. */
const matcher: Promise<Matcher> = createMatcher();

let asked = 0;

async function answer(): Promise<void> {
  const turn = ++asked;
  if (document.text.trim() === "" || facts.text.trim() === "") {
    showEmpty(panel);
    return;
  }
  let shown: () => void;
  try {
    const [core, needs, host] = [await matcher, await read(document), await read(facts)];
    const verdict = evaluate(core, needs, host);
    shown = () => showVerdict(panel, verdict, needs);
  } catch (error) {
    shown = () => showFailure(panel, error);
  }
  // A later question has the last word, however long an earlier one took.
  if (turn === asked) shown();
}

/** What a card holds, as JSON with places. Refused with a DocumentError that has lines. */
async function read(card: InputCard): Promise<SourceDocument> {
  const bytes = new TextEncoder().encode(card.text);
  const dialect = card === document && looksLikeNfd(bytes) ? "nfd" : "native";
  return readDocument(bytes, { file: card.name, dialect });
}

function evaluate(core: Matcher, needs: SourceDocument, host: SourceDocument): Verdict {
  const requirements = placed(needs, () =>
    core.compile([{ id: "", document: needs.json, dialect: needs.dialect }]),
  );
  try {
    const loaded = placed(host, () => core.facts(host.json));
    try {
      return core.evaluate(requirements, loaded);
    } finally {
      loaded.dispose();
    }
  } finally {
    requirements.dispose();
  }
}

/** An error of the core, with the line of the file where it is. */
function placed<T>(source: SourceDocument, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof HostfitError)) throw error;
    const { pointer, offset } = error.details as { readonly pointer?: string; readonly offset?: number };
    // Of a key that nobody knows it is the key that is wrong.
    const part = error.code === "unknown-key" || error.code === "duplicate-key" ? "key" : "value";
    const { line, column } = source.positions(
      pointer === undefined || pointer === "" ? (offset ?? 0) : pointer,
      part,
    );
    throw new HostfitError(error.code, `${source.file}:${line}:${column}: ${error.message}`, {
      ...(error.help === undefined ? {} : { help: error.help }),
      cause: error,
    });
  }
}

for (const card of [document, facts]) card.onChange(() => void answer());

const samples = window.document.querySelector("#samples")!;
for (const sample of SAMPLES) {
  const button = window.document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = sample.title;
  button.addEventListener("click", () => {
    document.fill(sample.document.name, sample.document.text);
    facts.fill(sample.facts.name, sample.facts.text);
    void answer();
  });
  samples.append(button);
}
