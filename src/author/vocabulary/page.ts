/** A vocabulary as a page for people, in Markdown. */

import { pathsOf } from "../../probe/vocabulary/catalog.ts";
import { type Feature, fullName, type Term, type Vocabulary } from "../../probe/vocabulary/model.ts";

/** The page. Everything that a stranger wrote is escaped: no markup of theirs gets through. */
export function vocabularyPage(vocabulary: Vocabulary): string {
  const title = vocabulary.domain ?? "Features without a domain";
  const parts = [
    `# ${escaped(title)}`,
    `Version ${escaped(vocabulary.version)}.${sentence(vocabulary.description)}${link(vocabulary.documentation)}`,
  ];
  for (const [name, feature] of Object.entries(vocabulary.features)) {
    parts.push(...section(fullName(vocabulary, name), feature));
  }
  return `${parts.join("\n\n")}\n`;
}

function section(name: string, feature: Feature): string[] {
  const parts = [`## ${code(name)}`];
  const kind = { flags: "Flags", attributes: "Attributes", instances: "Instances" }[feature.kind];
  parts.push(`${kind}.${sentence(feature.description)}${link(feature.documentation)}`);
  const names = Object.entries(feature.names ?? {});
  if (names.length > 0) {
    const rows = names.map(([term, said]) => row(term, said, feature.kind));
    const head =
      feature.kind === "flags"
        ? "| flag | meaning |\n| --- | --- |"
        : "| attribute | type | meaning |\n| --- | --- | --- |";
    parts.push(`${head}\n${rows.join("\n")}`);
  }
  const paths = pathsOf(feature);
  if (paths.length > 0) parts.push(`Read from ${paths.map(code).join(", ")}.`);
  parts.push(`\`\`\`yaml\n${example(name, feature)}\n\`\`\``);
  return parts;
}

function row(name: string, term: Term, kind: Feature["kind"]): string {
  const values = term.values === undefined ? "" : `${term.values.map(code).join(", ")}. `;
  const meaning = `${values}${escaped(term.description ?? "")}${link(term.documentation)}`.trim();
  if (kind === "flags") return `| ${code(name)} | ${meaning} |`;
  const type = `${term.type ?? "text"}${term.unit === undefined ? "" : ` (${escaped(term.unit)})`}`;
  return `| ${code(name)} | ${type} | ${meaning} |`;
}

/** How a document asks for it. */
function example(name: string, feature: Feature): string {
  const [term, said] = Object.entries(feature.names ?? {}).find(([one]) => !one.includes("*")) ?? [
    "NAME",
    {},
  ];
  const key = JSON.stringify(name);
  const test = `${JSON.stringify(term)}: ${exampleTest(said)}`;
  switch (feature.kind) {
    case "flags":
      return `requires:\n  ${key}: [${JSON.stringify(term)}]`;
    case "attributes":
      return `requires:\n  ${key}: { ${test} }`;
    case "instances":
      return `requires:\n  ${key}: { some: { ${test} } }`;
  }
}

function exampleTest(term: Term): string {
  if (term.values?.[0] !== undefined) return JSON.stringify(term.values[0]);
  switch (term.type) {
    case "version":
      return '{ version: ">=1" }';
    case "number":
      return '{ number: ">=1" }';
    case "size":
      return '{ size: ">=1Gi" }';
    case "boolean":
      return '"true"';
    default:
      return "{ exists: true }";
  }
}

function sentence(text: string | undefined): string {
  if (text === undefined || text === "") return "";
  return ` ${escaped(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}

function link(target: string | undefined): string {
  return target === undefined ? "" : ` [Read on](<${target.replaceAll(/[<>\s]/g, "")}>).`;
}

function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu, " ")
    .replace(/[\\`*_{}[\]#|<>&~]/g, (char) => `\\${char}`);
}

function code(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}`]/gu, " ").replaceAll("|", "\\|");
  return `\`${clean}\``;
}
