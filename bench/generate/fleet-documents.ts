import { CPUS } from "./cpus.ts";
import { MODULES } from "./modules.ts";
import { SeededRandom } from "./random.ts";
import { SYSTEMS } from "./systems.ts";

/** One test in hostfit's own language: a condition with one leaf. */
export type Test = Readonly<Record<string, unknown>>;

const FLAGS = [...new Set(CPUS.flatMap(({ flags }) => flags))];
const KERNELS = [
  [4, 18, 0, 553],
  [5, 14, 0, 503],
  [5, 15, 0, 200],
  [6, 1, 0, 200],
  [6, 8, 0, 200],
  [6, 12, 200, 9],
] as const;
const DEVICES = [
  ["15b3", "0200"],
  ["8086", "0200"],
  ["10de", "0302"],
  ["1002", "0380"],
  ["144d", "0108"],
  ["1a03", "0300"],
  ["14e4", "0200"],
] as const;

/** What documents ask of nodes, each with how often of a hundred. */
const TEMPLATES: readonly (readonly [number, (random: SeededRandom) => Test])[] = [
  [22, (random) => ({ "cpu.cpuid": [random.pick(FLAGS)] })],
  [18, (random) => ({ "kernel.loadedmodule": [random.pick(MODULES)] })],
  [20, (random) => ({ "kernel.version": { full: { version: versionBound(random) } } })],
  [6, (random) => ({ "cpu.model": { family: String(random.below(40)) } })],
  [
    6,
    (random) => ({
      "system.osrelease": { ID: random.sample(SYSTEMS, 1 + random.below(4)).map(({ id }) => id) },
    }),
  ],
  [18, (random) => ({ "pci.device": { some: device(random) } })],
  [4, (random) => ({ "pci.device": { count: { of: device(random), is: `>=${1 + random.below(8)}` } } })],
  [
    3,
    (random) => ({
      "network.device": { some: { speed: { number: `>=${1000 * (1 + random.below(100))}` } } },
    }),
  ],
  [
    2,
    (random) => ({
      "kernel.version": {
        full: { text: { matches: `^${random.below(8)}\\.[0-9]+\\.0-${random.below(10)}` } },
      },
    }),
  ],
  [1, (random) => ({ "memory.numa": { node_count: { number: `>=${1 + random.below(16)}` } } })],
];

function versionBound(random: SeededRandom): string {
  const [major, minor, patch, build] = random.pick(KERNELS);
  const lower = `>=${major}.${minor}.${random.below(patch + 1)}-${random.below(build)}`;
  return random.chance(0.3) ? `${lower} <${major + 1}.${random.below(20)}` : lower;
}

/** Half of the time a device that is common; else one by its number, which hardly a node has. */
function device(random: SeededRandom): Record<string, unknown> {
  const [vendor, deviceClass] = random.pick(DEVICES);
  return random.chance(0.5) ? { vendor, class: deviceClass } : { vendor, device: random.hex(4) };
}

/** So many tests, no two of them equal. */
export function distinctTests(seed: number, count: number): Test[] {
  const random = new SeededRandom(seed);
  const total = TEMPLATES.reduce((sum, [share]) => sum + share, 0);
  const found = new Map<string, Test>();
  while (found.size < count) {
    let left = random.below(total);
    const [, make] = TEMPLATES.find(([share]) => {
      left -= share;
      return left < 0;
    })!;
    const test = make(random);
    found.set(JSON.stringify(test), test);
  }
  return [...found.values()];
}

/** Documents of 3 to 13 terms, 8 in the mean, drawn from the tests: mostly *all*, some alternatives and exclusions. */
export function fleetDocuments(
  seed: number,
  count: number,
  tests: readonly Test[],
): Record<string, unknown>[] {
  const random = new SeededRandom(seed);
  let next = 0;
  // All have their turn before one comes again.
  const deal = () => tests[next++ % tests.length]!;
  return Array.from({ length: count }, (_, i) => {
    const requires: unknown[] = [];
    for (let terms = 3 + random.below(11); terms > 0; ) {
      const alternatives = terms > 1 && random.chance(0.1);
      if (alternatives) requires.push({ any: [deal(), deal()] });
      else requires.push(random.chance(0.05) ? { not: deal() } : deal());
      terms -= alternatives ? 2 : 1;
    }
    return { apiVersion: "hostfit/v1.0", kind: "Requirements", name: `image-${i}`, requires };
  });
}

/** A scheduler's question: a document of 8 terms that most nodes meet, and 6 preferences. */
export function schedulingDocument(seed: number): Record<string, unknown> {
  const random = new SeededRandom(seed);
  const flag = (name: string) => ({ "cpu.cpuid": [name] });
  const wished = ["AVX512F", "SHA", "VAES", "AMXTILE"].map(flag);
  const when = [
    ...wished,
    { "network.device": { some: { speed: { number: ">=100000" } } } },
    { "kernel.version": { full: { version: ">=6.8" } } },
  ];
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: [
      { any: [flag("AVX2"), flag("ASIMD")] },
      { "kernel.version": { full: { version: ">=5.10" } } },
      { "kernel.selinux": { enabled: "false" } },
      { "system.osrelease": { ID: ["ubuntu", "debian", "rhel", "rocky", "sles"] } },
      { "pci.device": { some: { class: "0200" } } },
      { "memory.numa": { is_numa: true } },
      { not: { "pci.device": { some: { vendor: "0eee" } } } },
      { "cpu.topology": { socket_count: ["1", "2"] } },
    ],
    prefers: when.map((condition) => ({ weight: 1 + random.below(100), when: condition })),
  };
}
