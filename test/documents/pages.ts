/** The pages of docs/language, and where the folders of this project are. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Page, readPage } from "./markdown.ts";

/** The project's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface NamedPage extends Page {
  /** From the project's folder: `docs/language/conditions.md`. */
  readonly file: string;
}

export function loadPage(file: string): NamedPage {
  return { file, ...readPage(readFileSync(ROOT + file, "utf8")) };
}

/** Every page of docs/language, by name. */
export function languagePages(): NamedPage[] {
  return readdirSync(`${ROOT}docs/language`)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => loadPage(`docs/language/${name}`));
}
