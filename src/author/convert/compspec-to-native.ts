/**
 * Flat lists of attributes, as compspec and the proposals around it write them (`org.supercontainers`: `mpi.version`: `4.1.2`),
 * as native documents. Such a list says what must be so; which feature of a host a name stands for is said by vocabularies, and
 * by the few names below. What nothing says is told.
 */
import type { Catalog, CatalogFeature } from "../../probe/vocabulary/catalog.ts";
import { termOf } from "../../probe/vocabulary/model.ts";
import { childPointer } from "../pointer.ts";
import { type Conversion, Findings, isMap, type JsonMap, listOf, textOf } from "./conversion.ts";
import { attributeTests } from "./native-condition.ts";

/** Names whose features are called otherwise. A value that isn't listed stays as it is. */
const RENAMED: ReadonlyMap<
  string,
  { readonly feature: string; readonly name: string; readonly values?: Readonly<Record<string, string>> }
> = new Map([
  [
    "io.archspec.cpu.vendor",
    {
      feature: "cpu.model",
      name: "vendor_id",
      values: { GenuineIntel: "Intel", AuthenticAMD: "AMD" },
    },
  ],
]);
const TARGET = "io.archspec.cpu.target";
const GPU_AVAILABLE = "org.supercontainers.hardware.gpu.available";

/** Whether a parsed document is a flat list of attributes. */
export function looksLikeCompspec(document: unknown): boolean {
  if (!isMap(document) || document.apiVersion !== undefined) return false;
  if (document.kind === "CompatibilitySpec") return true;
  if (document.compatibilities !== undefined) {
    return listOf(document.compatibilities).some(
      (one) => isMap(one) && (isMap(one.attributes) || isMap(one.annotations)),
    );
  }
  const entries = Object.entries(document);
  return entries.length > 0 && entries.every(([key, value]) => key.includes(".") && isMap(value));
}

/** One attribute of a list. */
interface Flat {
  /** With the group's name before it. */
  readonly name: string;
  readonly value: string;
  readonly pointer: string;
}

/** @param document parsed; @param catalog the vocabularies at hand */
export function compspecToNative(document: unknown, catalog: Catalog): Conversion {
  const findings = new Findings();
  const root = isMap(document) ? document : {};
  const groups = new Map<string, { readonly known: CatalogFeature; readonly tests: [string, unknown][] }>();
  const others: JsonMap[] = [];
  for (const flat of flatOf(root, findings)) {
    if (flat.name === GPU_AVAILABLE) {
      gpu(flat, others, findings);
      continue;
    }
    if (flat.name === TARGET) {
      target(flat, others, catalog, findings);
      continue;
    }
    const found = featureOf(flat, catalog);
    if (found === null) {
      findings.tell(
        "error",
        "kind-unknown",
        flat.pointer,
        `no vocabulary says what ${flat.name} is on a host`,
        "give one that does (--vocabulary), or remove it",
      );
      continue;
    }
    const { known, name } = found;
    const test = testOf(flat, found, findings);
    if (test === null) continue;
    const group = groups.get(known.name) ?? { known, tests: [] };
    group.tests.push([name, test]);
    groups.set(known.name, group);
  }
  const conditions = [...groups.values()].map(({ known, tests }): JsonMap => {
    const over = Object.fromEntries(tests);
    if (known.feature.kind === "flags") return { [known.name]: tests.map(([name]) => name) };
    return {
      [known.name]:
        known.feature.kind === "instances"
          ? { some: attributeTests(over, "over") }
          : attributeTests(over, "matcher"),
    };
  });
  const all = [...conditions, ...others];
  const name = textOf(isMap(root.metadata) ? root.metadata.name : undefined);
  return findings.conversion({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    ...(name === "" ? {} : { name }),
    ...(all.length === 0 ? {} : { requires: all.length === 1 ? all[0] : { all } }),
  });
}

function flatOf(root: JsonMap, findings: Findings): readonly Flat[] {
  const flats: Flat[] = [];
  const add = (group: string, attributes: unknown, pointer: string): void => {
    for (const [key, value] of Object.entries(isMap(attributes) ? attributes : {})) {
      const place = childPointer(pointer, key);
      if (typeof value === "object")
        findings.cant(place, "an attribute of a flat list is a text", "write a text");
      else flats.push({ name: `${group}.${key}`, value: String(value), pointer: place });
    }
  };
  if (root.compatibilities !== undefined || root.kind === "CompatibilitySpec") {
    for (const [at, one] of listOf(root.compatibilities).entries()) {
      if (!isMap(one)) continue;
      const key = isMap(one.attributes) ? "attributes" : "annotations";
      add(textOf(one.name), one[key], `/compatibilities/${at}/${key}`);
    }
    return flats;
  }
  for (const [group, value] of Object.entries(root)) {
    const pointer = childPointer("", group);
    const versioned = isMap(value) && isMap(value.annotations);
    if (versioned) add(group, value.annotations, `${pointer}/annotations`);
    else add(group, value, pointer);
  }
  return flats;
}

interface Found {
  readonly known: CatalogFeature;
  /** The flag or the attribute. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The feature that a name is about: as it is called, or the only one of its source that has such an attribute. */
function featureOf({ name }: Flat, catalog: Catalog): Found | null {
  const renamed = RENAMED.get(name);
  if (renamed !== undefined) {
    const known = catalog.get(renamed.feature);
    return known === undefined ? null : { known, name: renamed.name, values: renamed.values ?? {} };
  }
  const near: Found[] = [];
  for (const known of catalog.values()) {
    const dotted = known.name.replace("/", ".");
    if (name.startsWith(`${dotted}.`)) {
      const rest = name.slice(dotted.length + 1);
      if (termOf(known.feature, rest) !== undefined) return { known, name: rest, values: {} };
    }
    const source = dotted.slice(0, dotted.lastIndexOf(".") + 1);
    const rest = name.startsWith(source) ? name.slice(source.length) : "";
    if (rest !== "" && known.feature.names?.[rest] !== undefined)
      near.push({ known, name: rest, values: {} });
  }
  const [only, ...more] = near;
  return only === undefined || more.length > 0 ? null : only;
}

/** Equality, in the attribute's type; null after telling that there can't be such a value. */
function testOf({ value, pointer }: Flat, { known, name, values }: Found, findings: Findings): unknown {
  const term = known.feature.names?.[termOf(known.feature, name) ?? name] ?? {};
  if (known.feature.kind === "flags") {
    if (/^(?:true|yes)$/i.test(value)) return true;
    findings.cant(
      pointer,
      `${name} is a flag of ${known.name}, and ${JSON.stringify(value)} doesn't demand it`,
      "remove it",
    );
    return null;
  }
  const said = values[value] ?? value;
  if (term.values !== undefined) {
    const meant = term.values.find((one) => one.toLowerCase() === said.toLowerCase());
    if (meant !== undefined) return meant;
    findings.cant(
      pointer,
      `${known.name} ${name} is never ${JSON.stringify(said)}`,
      `it is one of ${term.values.join(", ")}`,
    );
    return null;
  }
  if (term.type === "version" && /^[0-9]+(?:\.[0-9]+)*$/.test(said))
    return findings.from(pointer, { version: `=${said}` });
  if (term.type === "number" && /^[0-9]+$/.test(said)) return findings.from(pointer, { number: `=${said}` });
  return said;
}

function gpu({ value, pointer }: Flat, others: JsonMap[], findings: Findings): void {
  if (/^(?:yes|true)$/i.test(value)) {
    others.push({ "pci.device": { some: { class: ["0300", "0302"] } } });
  } else if (/^(?:no|false)$/i.test(value)) {
    findings.tell("warning", "left-out", pointer, "no GPU is needed: nothing is demanded", "nothing to do");
  } else findings.cant(pointer, `${JSON.stringify(value)} is neither yes nor no`, "write yes or no");
}

function target({ value, pointer }: Flat, others: JsonMap[], catalog: Catalog, findings: Findings): void {
  const known = catalog.get("cpu.microarchitecture");
  if (known?.feature.names?.[value] !== undefined) others.push({ "cpu.microarchitecture": [value] });
  else {
    findings.cant(
      pointer,
      `${JSON.stringify(value)} is no microarchitecture that archspec knows`,
      "a platform is said by the image's index; remove it here",
    );
  }
}
