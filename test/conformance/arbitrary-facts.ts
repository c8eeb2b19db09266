/** Random facts, candidates and policies over small alphabets, so that tests hit what is there. */
import fc from "fast-check";

export type JsonMap = Record<string, unknown>;

export const FEATURES = ["a.x", "a.y", "cpu.cpuid", "kernel.version", "org.lab/mpi.install"] as const;
export const NAMES = ["n", "m", "AVX2", "full", "name"] as const;
export const TEXTS = [
  "",
  "1",
  "2",
  "true",
  "false",
  "0.10",
  "1e2",
  "-3",
  "5.14.0-427.13.1.el9_4.x86_64",
  "4.18.0-305.el8",
  "v5.15.0-91-generic",
  "6.8.0-rc3",
  "16Gi",
  "1000M",
  "abc",
  "é",
] as const;

export const feature = fc.constantFrom(...FEATURES);
export const name = fc.constantFrom(...NAMES);
export const text = fc.constantFrom(...TEXTS);

/** A scalar of a document or of facts. */
export const scalar = fc.oneof(
  { weight: 6, arbitrary: text as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, -3, 0.1) },
  { weight: 1, arbitrary: fc.boolean() },
);

/** An object of some of the given members. */
export function some(members: Record<string, fc.Arbitrary<unknown>>, required: readonly string[] = []) {
  return fc.record(members, { requiredKeys: [...required] }) as fc.Arbitrary<JsonMap>;
}

/** A map of at most `maxKeys` entries with keys from a small alphabet. */
export function mapOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>, minKeys = 0, maxKeys = 3) {
  return fc.dictionary(key, value, { minKeys, maxKeys, noNullPrototype: true });
}

const names = fc.uniqueArray(name, { maxLength: 3 });

const flagSet = some(
  {
    elements: fc.oneof(
      { weight: 5, arbitrary: mapOf(name, fc.constant({})) as fc.Arbitrary<unknown> },
      { weight: 3, arbitrary: names },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    scope: names,
  },
  ["elements"],
);

const attributeSet = some(
  {
    elements: fc.oneof(
      { weight: 8, arbitrary: mapOf(name, scalar) as fc.Arbitrary<unknown> },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    unknown: names,
  },
  ["elements"],
);

const instance = some({ attributes: mapOf(name, scalar), unknown: fc.uniqueArray(name, { maxLength: 1 }) }, [
  "attributes",
]);

const instanceList = some(
  {
    elements: fc.oneof(
      { weight: 8, arbitrary: fc.array(instance, { maxLength: 4 }) as fc.Arbitrary<unknown> },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    partial: fc.boolean(),
  },
  ["elements"],
);

export const features = some({
  flags: mapOf(feature, flagSet, 0, 4),
  attributes: mapOf(feature, attributeSet, 0, 4),
  instances: mapOf(feature, instanceList, 0, 4),
});

const ARCHITECTURES = ["amd64", "arm64", "arm", "386", "x86_64", "armhf", "ppc64le"] as const;
const VARIANTS = ["", "v1", "v2", "v3", "v4", "v5", "v7", "v8", "v8.2", "v9", "v9.1", "8", "power9"] as const;
const BUILDS = ["10.0.17763.1", "10.0.20348", "10.0.26100.5", "10.0.22621", "10.0", ""] as const;

function platformMembers(os: string): Record<string, fc.Arbitrary<unknown>> {
  return {
    os: fc.constant(os),
    architecture: fc.constantFrom(...ARCHITECTURES),
    variant: fc.constantFrom(...VARIANTS),
    ...(os === "windows" ? { "os.version": fc.constantFrom(...BUILDS) } : {}),
    "os.features": fc.uniqueArray(fc.constantFrom("win32k", "gpu", "x"), { maxLength: 2 }),
  };
}

const os = fc.oneof(
  { weight: 4, arbitrary: fc.constant("linux") },
  { weight: 1, arbitrary: fc.constant("windows") },
);

export const platform = os.chain((name) => some(platformMembers(name), ["os", "architecture"]));

const hostPlatform = os.chain((name) =>
  some(
    {
      ...platformMembers(name),
      handlers: fc.uniqueArray(fc.constantFrom("runc", "nvidia", "shim"), { maxLength: 2 }),
    },
    ["os", "architecture"],
  ),
);

export const hostPlatforms = fc.array(hostPlatform, { maxLength: 3 });

export const RUNTIME_TYPES = ["default", "nvidia", "wasm"] as const;

export const facts = some(
  {
    apiVersion: fc.constant("hostfit/v1.0"),
    kind: fc.constant("Host"),
    name: fc.constant("node"),
    platforms: hostPlatforms,
    runtimes: mapOf(fc.constantFrom(...RUNTIME_TYPES), fc.constantFrom("runc", "nvidia", "shim")),
    features,
    closedWorld: fc.uniqueArray(feature, { maxLength: 2 }),
  },
  ["kind", "features"],
);

export const annotations = mapOf(fc.constantFrom("n", "org.example.a"), text, 0, 2);

export const candidate = some({ platform: fc.option(platform, { nil: null }), annotations });
