/** Asks the real sigs.k8s.io/yaml, through the Go program in go/, what NFD would read. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DocumentError } from "../../src/author/diagnostics.ts";
import { readDocument } from "../../src/author/document.ts";

export interface Answer {
  /** What sigs.k8s.io/yaml says: its error, or the document. */
  readonly error?: string;
  readonly go?: string;
  /** `refused`: by hostfit alone; `accepted`: by hostfit alone. */
  readonly outcome: "equal" | "different" | "refused" | "accepted" | "both-refuse";
}

export interface Comparison {
  readonly yaml: string;
  readonly json: string | null;
  /** Of hostfit's refusal. */
  readonly code: string | null;
  readonly answer: Answer;
}

/** The built program. */
export class SigsYaml {
  private readonly folder = mkdtempSync(join(tmpdir(), "hostfit-nfd-yaml-"));
  private readonly program = join(this.folder, "nfdyaml");

  constructor() {
    execFileSync("go", ["build", "-o", this.program, "."], {
      cwd: join(import.meta.dirname, "go"),
      stdio: "pipe",
    });
  }

  async compare(documents: readonly string[]): Promise<Comparison[]> {
    const questions: Omit<Comparison, "answer">[] = [];
    for (const yaml of documents) questions.push({ yaml, ...(await toJson(yaml)) });
    const input = questions.map((question) => JSON.stringify(question)).join("\n");
    const lines = execFileSync(this.program, { input, maxBuffer: 1 << 28, encoding: "utf8" })
      .trimEnd()
      .split("\n");
    return questions.map((question, index) => ({
      ...question,
      answer: JSON.parse(lines[index] ?? "{}") as Answer,
    }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function toJson(yaml: string): Promise<{ json: string | null; code: string | null }> {
  try {
    const document = await readDocument(new TextEncoder().encode(yaml), { file: "nfd.yaml", dialect: "nfd" });
    return { json: new TextDecoder().decode(document.json), code: null };
  } catch (error) {
    if (error instanceof DocumentError) return { json: null, code: error.code };
    throw error;
  }
}
