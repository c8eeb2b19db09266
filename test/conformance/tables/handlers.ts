/** Handlers where it is open which of the host's platforms is taken: docs/language.md, "Runtimes" and "Platforms". */
import { host, requirements, type Table, type TableCase, type Truth, verdict } from "./table.ts";

const OPEN = { os: "linux", architecture: "amd64" };
const V3 = { ...OPEN, variant: "v3" };
const V2 = { ...OPEN, variant: "v2" };
const ARM = { os: "linux", architecture: "arm", variant: "v7" };
const ARM64 = { os: "linux", architecture: "arm64" };

const HAS = { handlers: ["runc", "gpu"] };
const LACKS = { handlers: ["runc"] };

interface Row {
  readonly name: string;
  readonly platforms: readonly object[];
  readonly wanted?: { os: string; architecture: string; variant?: string };
  readonly truth: Truth;
  /** Index of the platform that is taken; null: none. */
  readonly taken: number | null;
  /** What the reason of the runtime has found; none is given where it is true. */
  readonly found?: unknown;
  /** Whether the platform is a reason too. */
  readonly isOpen?: true;
}

const ROWS: readonly Row[] = [
  {
    name: "an earlier platform that may be taken lacks the handler",
    platforms: [
      { ...OPEN, ...LACKS },
      { ...V3, ...HAS },
    ],
    truth: "U",
    taken: 1,
    found: null,
  },
  {
    name: "an earlier platform that may be taken has the handler, the one that is taken lacks it",
    platforms: [
      { ...OPEN, ...HAS },
      { ...V3, ...LACKS },
    ],
    truth: "U",
    taken: 1,
    found: null,
  },
  {
    name: "all that may be taken have it",
    platforms: [
      { ...OPEN, ...HAS },
      { ...V3, ...HAS },
    ],
    truth: "T",
    taken: 1,
  },
  {
    name: "none that may be taken has it",
    platforms: [
      { ...OPEN, ...LACKS },
      { ...V3, handlers: ["shim"] },
    ],
    truth: "F",
    taken: 1,
    found: ["shim"],
  },
  {
    name: "a platform that names no handlers has it",
    platforms: [OPEN, { ...V3, ...HAS }],
    truth: "T",
    taken: 1,
  },
  {
    name: "a platform that names no handlers may be taken before one that lacks it",
    platforms: [OPEN, { ...V3, ...LACKS }],
    truth: "U",
    taken: 1,
    found: null,
  },
  {
    name: "a platform behind the one that is taken doesn't count",
    platforms: [
      { ...V3, ...HAS },
      { ...OPEN, ...LACKS },
    ],
    truth: "T",
    taken: 0,
  },
  {
    name: "an earlier platform that can't be taken doesn't count",
    platforms: [
      { ...OPEN, variant: "v1", ...LACKS },
      { ...V3, ...HAS },
    ],
    truth: "T",
    taken: 1,
  },
  {
    name: "platforms that all are open: some have it",
    platforms: [
      { ...OPEN, ...LACKS },
      { ...OPEN, ...HAS },
    ],
    truth: "U",
    taken: 0,
    found: null,
    isOpen: true,
  },
  {
    name: "platforms that all are open: none has it",
    platforms: [
      { ...OPEN, ...LACKS },
      { ...OPEN, handlers: [] },
    ],
    truth: "F",
    taken: 0,
    found: ["runc"],
  },
  {
    name: "a platform of its own architecture is taken, and not a crossing that has it",
    platforms: [
      { os: "linux", architecture: "arm", variant: "v7", "os.features": ["x"], ...LACKS },
      { ...ARM64, ...HAS },
    ],
    wanted: ARM,
    truth: "F",
    taken: 0,
    found: ["runc"],
  },
  {
    name: "an open platform of its own architecture has it, the crossing that may be taken instead lacks it",
    platforms: [
      { ...ARM64, ...LACKS },
      { os: "linux", architecture: "arm", ...HAS },
    ],
    wanted: { ...ARM, variant: "v6" },
    truth: "U",
    taken: 1,
    found: null,
    isOpen: true,
  },
  {
    name: "a crossing behind one that is true doesn't count",
    platforms: [
      { ...ARM64, ...HAS },
      { ...ARM64, ...LACKS },
    ],
    wanted: ARM,
    truth: "T",
    taken: 0,
  },
  {
    name: "of 64 platforms the first may be taken, and lacks it",
    platforms: [
      { ...OPEN, ...LACKS },
      ...Array.from({ length: 62 }, () => ({ ...ARM64, ...HAS })),
      { ...V3, ...HAS },
    ],
    truth: "U",
    taken: 63,
    found: null,
  },
];

function rowCase({ name, platforms, wanted = V2, truth, taken, found, isOpen }: Row): TableCase {
  const platform = isOpen ? [{ kind: "platform", value: "unknown" }] : [];
  const reasons = found === undefined ? {} : { reasons: [...platform, { kind: "runtime", found }] };
  return {
    name,
    documents: [requirements({ runtimes: [{ type: "gpu" }] })],
    facts: host({}, { platforms, runtimes: { default: "runc", gpu: "gpu" } }),
    candidate: { platform: wanted },
    want: verdict(truth, {
      runtime: truth === "T" ? { type: "gpu", handler: "gpu" } : null,
      platform: { host: taken },
      ...reasons,
    }),
  };
}

export const handlers: Table = {
  file: "handlers",
  description: "Whether a handler serves the platform that will be taken, where that is open.",
  cases: ROWS.map(rowCase),
};
