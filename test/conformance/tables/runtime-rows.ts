import { F, host, policyText, requirements, T, type TableCase, type Truth, U, verdict } from "./table.ts";

export const FLAGS = { flags: { "s.flags": { elements: { t: {} } } } };

const LINUX = { os: "linux", architecture: "amd64" };

interface Row {
  readonly name: string;
  readonly entries: readonly object[];
  readonly truth: Truth;
  readonly runtime: object | null;
  readonly host?: object;
  readonly policy?: object;
  readonly candidate?: object;
}

export const MAPPED = { runtimes: { default: "runc", nvidia: "nvidia-container", wasm: "shim" } };

export function rowCase({
  name,
  entries,
  truth,
  runtime,
  host: members = MAPPED,
  policy,
  candidate,
}: Row): TableCase {
  return {
    name,
    documents: [requirements({ runtimes: entries })],
    facts: host(FLAGS, { ...members }),
    ...(policy === undefined ? {} : { policy: policyText({ ...policy }) }),
    ...(candidate === undefined ? {} : { candidate }),
    want: verdict(truth, { runtime }),
  };
}

export const NVIDIA = { type: "nvidia", handler: "nvidia-container" };

export const DEFAULT = { type: "default", handler: "runc" };

const platforms = (...handlers: string[]) => ({ ...MAPPED, platforms: [{ ...LINUX, handlers }] });

export const ROWS: readonly Row[] = [
  {
    name: "the first entry that is true is chosen",
    entries: [{ type: "nvidia" }, { type: "default" }],
    truth: "T",
    runtime: NVIDIA,
  },
  {
    name: "an entry whose requirements are false is passed over",
    entries: [{ type: "nvidia", requires: F }, { type: "default" }],
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "an entry whose requirements are unknown is passed over for one that is true",
    entries: [{ type: "nvidia", requires: U }, { type: "default" }],
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "only unknown entries",
    entries: [
      { type: "nvidia", requires: U },
      { type: "wasm", requires: F },
    ],
    truth: "U",
    runtime: null,
  },
  {
    name: "only false entries",
    entries: [
      { type: "nvidia", requires: F },
      { type: "wasm", requires: F },
    ],
    truth: "F",
    runtime: null,
  },
  { name: "a type that the host doesn't map", entries: [{ type: "kata" }], truth: "F", runtime: null },
  {
    name: "a type that the host doesn't map, then default",
    entries: [{ type: "kata" }, { type: "default" }],
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "a host that maps nothing has default alone",
    entries: [{ type: "nvidia" }, { type: "default" }],
    host: { runtimes: {} },
    truth: "T",
    runtime: { type: "default", handler: null },
  },
  {
    name: "a host that gives no runtimes: another type is unknown",
    entries: [{ type: "nvidia" }],
    host: {},
    truth: "U",
    runtime: null,
  },
  {
    name: "a host that gives no runtimes: requirements may still fail",
    entries: [{ type: "nvidia", requires: F }],
    host: {},
    truth: "F",
    runtime: null,
  },
  {
    name: "a host that gives no runtimes: default is available",
    entries: [{ type: "nvidia" }, { type: "default", requires: T }],
    host: {},
    truth: "T",
    runtime: { type: "default", handler: null },
  },
  {
    name: "default can have requirements",
    entries: [{ type: "default", requires: F }],
    truth: "F",
    runtime: null,
  },
  {
    name: "default with unknown requirements",
    entries: [{ type: "default", requires: U }],
    truth: "U",
    runtime: null,
  },
  {
    name: "the policy allows the type",
    entries: [{ type: "nvidia" }],
    policy: { runtimes: { allow: ["nvidia"] } },
    truth: "T",
    runtime: NVIDIA,
  },
  {
    name: "the policy doesn't allow the type",
    entries: [{ type: "nvidia" }, { type: "default" }],
    policy: { runtimes: { allow: ["default"] } },
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "the policy binds default too",
    entries: [{ type: "default" }],
    policy: { runtimes: { allow: ["nvidia"] } },
    truth: "F",
    runtime: null,
  },
  {
    name: "the policy allows nothing",
    entries: [{ type: "default" }],
    policy: { runtimes: { allow: [] } },
    truth: "F",
    runtime: null,
  },
  {
    name: "the policy forbids where the host is unknown: false",
    entries: [{ type: "nvidia" }],
    host: {},
    policy: { runtimes: { allow: ["default"] } },
    truth: "F",
    runtime: null,
  },
  {
    name: "a policy without runtimes allows all",
    entries: [{ type: "nvidia" }],
    policy: {},
    truth: "T",
    runtime: NVIDIA,
  },
  {
    name: "the matched platform's handlers have it",
    entries: [{ type: "nvidia" }],
    host: platforms("runc", "nvidia-container"),
    candidate: { platform: LINUX },
    truth: "T",
    runtime: NVIDIA,
  },
  {
    name: "the matched platform's handlers lack it",
    entries: [{ type: "nvidia" }, { type: "default" }],
    host: platforms("runc"),
    candidate: { platform: LINUX },
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "the matched platform's handlers lack it, and no default",
    entries: [{ type: "nvidia" }],
    host: platforms("runc"),
    candidate: { platform: LINUX },
    truth: "F",
    runtime: null,
  },
  {
    name: "default is available whatever the handlers",
    entries: [{ type: "default" }],
    host: platforms("shim"),
    candidate: { platform: LINUX },
    truth: "T",
    runtime: DEFAULT,
  },
  {
    name: "without a candidate no platform's handlers bind",
    entries: [{ type: "nvidia" }],
    host: platforms("runc"),
    truth: "T",
    runtime: NVIDIA,
  },
  {
    name: "the handlers are those of the platform that is taken",
    entries: [{ type: "wasm" }],
    host: {
      ...MAPPED,
      platforms: [
        { ...LINUX, handlers: ["runc"] },
        { os: "wasi", architecture: "wasm", handlers: ["shim"] },
      ],
    },
    candidate: { platform: { os: "wasi", architecture: "wasm" } },
    truth: "T",
    runtime: { type: "wasm", handler: "shim" },
  },
  {
    name: "a platform without handlers doesn't bind",
    entries: [{ type: "wasm" }],
    host: { ...MAPPED, platforms: [LINUX] },
    candidate: { platform: LINUX },
    truth: "T",
    runtime: { type: "wasm", handler: "shim" },
  },
  {
    name: "an incompatible verdict names the runtime all the same",
    entries: [{ type: "default" }],
    host: { ...MAPPED, platforms: [LINUX] },
    candidate: { platform: { os: "linux", architecture: "s390x" } },
    truth: "F",
    runtime: DEFAULT,
  },
];
