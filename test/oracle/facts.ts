/** Host facts: docs/language.md, "Facts". */
import { type Json, type JsonArray, type JsonObject, Refusal } from "./json.ts";
import { MAX_OS_FEATURES, MAX_PLATFORMS } from "./limits.ts";
import type { PlatformFields } from "./platform.ts";
import {
  array,
  boolean,
  eachMember,
  isFeatureName,
  isReservedFeature,
  member,
  object,
  readApiVersion,
  readMembers,
  refuseOtherVersions,
  requireKey,
  scalar,
  string,
  strings,
  textMap,
} from "./shape.ts";

export interface HostPlatform extends PlatformFields {
  readonly handlers: readonly string[] | null;
}

/** `elements` null: the kind is named and not observed. */
export interface Flags {
  readonly elements: ReadonlySet<string> | null;
  readonly scope: ReadonlySet<string> | null;
}

export interface AttributeSet {
  readonly elements: ReadonlyMap<string, string> | null;
  readonly unknown: ReadonlySet<string>;
}

export interface InstanceFacts {
  readonly attributes: ReadonlyMap<string, string>;
  readonly unknown: ReadonlySet<string>;
}

export interface InstanceList {
  readonly elements: readonly InstanceFacts[] | null;
  readonly partial: boolean;
}

export interface Host {
  /** null: unknown. */
  readonly platforms: readonly HostPlatform[] | null;
  /** Type to handler; null: unknown. */
  readonly runtimes: ReadonlyMap<string, string> | null;
  readonly flags: ReadonlyMap<string, Flags>;
  readonly attributes: ReadonlyMap<string, AttributeSet>;
  readonly instances: ReadonlyMap<string, InstanceList>;
  readonly closedWorld: ReadonlySet<string>;
}

/** How strictly `features` is read. */
type Reading = "host" | "node-feature";

interface Features {
  flags: Map<string, Flags>;
  attributes: Map<string, AttributeSet>;
  instances: Map<string, InstanceList>;
}

// AMBIGUOUS: what is wrong depends on `kind`, wherever it stands: so `kind` is looked at before everything else.
export function readFacts(json: Json): Host {
  const root = object(json);
  requireKey(root, "kind");
  const kindValue = member(root, "kind") ?? root;
  const kind = string(kindValue);
  if (kind === "NodeFeature") return readNodeFeature(root);
  if (kind !== "Host") throw new Refusal("bad-value", kindValue.pointer);
  return readHost(root);
}

function noFeatures(): Features {
  return { flags: new Map(), attributes: new Map(), instances: new Map() };
}

function readHost(root: JsonObject): Host {
  refuseOtherVersions(root);
  let platforms: HostPlatform[] | null = null;
  let runtimes: Map<string, string> | null = null;
  let closedWorld = new Set<string>();
  let features = noFeatures();
  readMembers(root, {
    apiVersion: readApiVersion,
    kind: string,
    name: string,
    annotations: textMap,
    platforms: (value) => {
      platforms = atMost(MAX_PLATFORMS, array(value)).elements.map(readHostPlatform);
    },
    runtimes: (value) => {
      runtimes = textMap(value);
    },
    features: (value) => {
      features = readFeatures(object(value), "host");
    },
    closedWorld: (value) => {
      closedWorld = new Set(
        array(value).elements.map((element) => featureName(string(element), element.pointer)),
      );
    },
  });
  return { platforms, runtimes, closedWorld, ...features };
}

// Of a NodeFeature only `spec.features` is read; null stands for absent everywhere, as Go writes it.
function readNodeFeature(root: JsonObject): Host {
  let features = noFeatures();
  eachMember(root, (key, value) => {
    if (key !== "spec" || value.type === "null") return;
    eachMember(object(value), (specKey, specValue) => {
      if (specKey === "features" && specValue.type !== "null") {
        features = readFeatures(object(specValue), "node-feature");
      }
    });
  });
  return { platforms: null, runtimes: null, closedWorld: new Set(), ...features };
}

function readHostPlatform(json: Json): HostPlatform {
  let handlers: string[] | null = null;
  const platform = readPlatform(json, {
    handlers: (value) => {
      handlers = strings(value);
    },
  });
  return { ...platform, handlers };
}

/** Reads a platform object, with readers for the keys that it may have beyond OCI's. */
export function readPlatform(
  json: Json,
  more: Readonly<Record<string, (value: Json) => void>>,
): PlatformFields {
  const fields: {
    os: string;
    architecture: string;
    variant: string;
    osVersion: string;
    osFeatures: string[] | null;
  } = {
    os: "",
    architecture: "",
    variant: "",
    osVersion: "",
    osFeatures: null,
  };
  readMembers(
    object(json),
    {
      os: (value) => {
        fields.os = string(value);
      },
      architecture: (value) => {
        fields.architecture = string(value);
      },
      variant: (value) => {
        fields.variant = string(value);
      },
      "os.version": (value) => {
        fields.osVersion = string(value);
      },
      "os.features": (value) => {
        fields.osFeatures = strings(atMost(MAX_OS_FEATURES, array(value)));
      },
      ...more,
    },
    ["os", "architecture"],
  );
  return fields;
}

function atMost(limit: number, list: JsonArray): JsonArray {
  if (list.elements.length > limit) throw new Refusal("limit", list.pointer);
  return list;
}

function featureName(name: string, pointer: string): string {
  if (!isFeatureName(name)) throw new Refusal("bad-value", pointer);
  // AMBIGUOUS: `closedWorld` says something of a feature too, so the built-in ones are refused there as well.
  if (isReservedFeature(name)) throw new Refusal("reserved-feature", pointer);
  return name;
}

/** Like readMembers; a NodeFeature's unknown fields are passed over and its null fields count as absent. */
function readFields(
  json: JsonObject,
  reading: Reading,
  readers: Readonly<Record<string, (value: Json) => void>>,
  required: readonly string[] = [],
): void {
  if (reading === "host") {
    readMembers(json, readers, required);
    return;
  }
  eachMember(json, (key, value) => {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (value.type !== "null") reader?.(value);
  });
}

function readFeatures(json: JsonObject, reading: Reading): Features {
  const features = noFeatures();
  const kind =
    <Kind>(kinds: Map<string, Kind>, read: (value: JsonObject, reading: Reading) => Kind) =>
    (value: Json) => {
      eachMember(object(value), (name, feature, pointer) => {
        featureName(name, pointer);
        kinds.set(name, read(object(feature), reading));
      });
    };
  readFields(json, reading, {
    flags: kind(features.flags, readFlags),
    attributes: kind(features.attributes, readAttributes),
    instances: kind(features.instances, readInstances),
  });
  return features;
}

function readFlags(json: JsonObject, reading: Reading): Flags {
  let elements: Set<string> | null = null;
  let scope: Set<string> | null = null;
  readFields(
    json,
    reading,
    {
      elements: (value) => {
        elements = value.type === "null" ? null : readFlagNames(value, reading);
      },
      scope: (value) => {
        scope = new Set(strings(value));
      },
    },
    ["elements"],
  );
  return { elements, scope };
}

function readFlagNames(json: Json, reading: Reading): Set<string> {
  if (json.type === "array") return new Set(strings(json));
  const names = new Set<string>();
  eachMember(object(json), (name, value) => {
    // A flag's `{}` has no fields, so in a Host anything in it is unknown-key.
    readFields(object(value), reading, {});
    names.add(name);
  });
  return names;
}

function readAttributes(json: JsonObject, reading: Reading): AttributeSet {
  let elements: Map<string, string> | null = null;
  let unknown = new Set<string>();
  readFields(
    json,
    reading,
    {
      elements: (value) => {
        elements = value.type === "null" ? null : readScalars(value);
      },
      unknown: (value) => {
        unknown = new Set(strings(value));
      },
    },
    ["elements"],
  );
  return { elements, unknown };
}

function readScalars(json: Json): Map<string, string> {
  const texts = new Map<string, string>();
  eachMember(object(json), (name, value) => texts.set(name, scalar(value)));
  return texts;
}

function readInstances(json: JsonObject, reading: Reading): InstanceList {
  let elements: InstanceFacts[] | null = null;
  let partial = false;
  readFields(
    json,
    reading,
    {
      elements: (value) => {
        elements =
          value.type === "null"
            ? null
            : array(value).elements.map((element) => readInstance(element, reading));
      },
      partial: (value) => {
        partial = boolean(value);
      },
    },
    ["elements"],
  );
  return { elements, partial };
}

function readInstance(json: Json, reading: Reading): InstanceFacts {
  let attributes = new Map<string, string>();
  let unknown = new Set<string>();
  readFields(
    object(json),
    reading,
    {
      attributes: (value) => {
        attributes = readScalars(value);
      },
      unknown: (value) => {
        unknown = new Set(strings(value));
      },
    },
    ["attributes"],
  );
  return { attributes, unknown };
}
