/** Ranking: docs/language.md, "Choosing", step by step. */
import {
  AMD64,
  ARM,
  candidate,
  HOST_V4,
  I386,
  on,
  type Row,
  ranking,
  scoring,
  V3,
} from "./choosing-cases.ts";
import { LAST_STEPS } from "./choosing-last-steps.ts";
import { ATOMS, F, policyText, type Table, type TableCase, U } from "./table.ts";

/** Steps 1 to 4. */
const FIRST_STEPS: readonly Row[] = [
  { name: "no candidates", facts: ATOMS, candidates: [], order: "", chosen: null },
  { name: "one alone", facts: HOST_V4, candidates: [candidate("a")], order: "a:only", chosen: "a" },
  {
    name: "one alone that doesn't fit",
    facts: HOST_V4,
    candidates: [candidate("a", { documents: scoring(0, F) })],
    order: "a:incompatible",
    chosen: null,
  },
  {
    name: "one that fits among others that don't",
    facts: HOST_V4,
    candidates: [
      candidate("x", { documents: scoring(90, F) }),
      candidate("a"),
      candidate("y", { platform: { os: "linux", architecture: "s390x" } }),
    ],
    order: "a:only x:incompatible y:incompatible",
    chosen: "a",
  },
  {
    name: "several that don't fit, and none that does",
    facts: HOST_V4,
    candidates: ["a", "b", "c"].map((id) => candidate(id, { documents: scoring(0, F) })),
    order: "a:incompatible b:incompatible c:incompatible",
    chosen: null,
  },
  // 1. verdict
  {
    name: "verdict: compatible before undetermined",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(50, U) }), candidate("c", { documents: scoring(1) })],
    order: "c:verdict u:verdict",
    chosen: "c",
  },
  {
    name: "verdict: an undetermined one is not chosen",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(0, U) })],
    order: "u:only",
    chosen: null,
  },
  {
    name: "verdict: unless the policy says so",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(0, U) })],
    policy: { allowUndetermined: true },
    order: "u:only",
    chosen: "u",
  },
  {
    name: "verdict: or the caller",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(0, U) })],
    allowUndetermined: true,
    order: "u:only",
    chosen: "u",
  },
  {
    name: "verdict: the policy's false doesn't take back the caller's true",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(0, U) })],
    policy: { allowUndetermined: false },
    allowUndetermined: true,
    order: "u:only",
    chosen: "u",
  },
  {
    name: "verdict: an incompatible one is never chosen",
    facts: HOST_V4,
    candidates: [candidate("x", { documents: scoring(0, F) })],
    policy: { allowUndetermined: true },
    allowUndetermined: true,
    order: "x:incompatible",
    chosen: null,
  },
  {
    name: "verdict: goes before platform",
    facts: on(AMD64, I386),
    candidates: [candidate("u", { documents: scoring(0, U) }), candidate("c", { platform: I386 })],
    order: "c:verdict u:verdict",
    chosen: "c",
  },
  // 2. platform
  {
    name: "platform: the place of the host's platform",
    facts: on(AMD64, I386, { os: "wasi", architecture: "wasm" }),
    candidates: [
      candidate("w", { platform: { os: "wasi", architecture: "wasm" } }),
      candidate("i", { platform: I386 }),
      candidate("a"),
    ],
    order: "a:platform i:platform w:platform",
    chosen: "a",
  },
  {
    name: "platform: at one place, the own architecture before a crossing",
    facts: HOST_V4,
    candidates: [
      candidate("i", { platform: I386, documents: scoring(90) }),
      candidate("a", { documents: scoring(1) }),
    ],
    order: "a:platform i:platform",
    chosen: "a",
  },
  {
    name: "platform: an earlier crossing before a later own one",
    facts: on({ os: "linux", architecture: "arm64" }, { ...AMD64 }),
    candidates: [candidate("a"), candidate("arm", { platform: ARM })],
    order: "arm:platform a:platform",
    chosen: "arm",
  },
  {
    name: "platform: no platform known comes last",
    facts: HOST_V4,
    candidates: [candidate("n", { platform: null }), candidate("u", { documents: scoring(0, U) })],
    allowUndetermined: true,
    order: "u:platform n:platform",
    chosen: "u",
  },
  {
    name: "platform: goes before the policy's preferences",
    facts: on(AMD64, I386),
    candidates: [candidate("i", { platform: I386, annotations: { best: "1" } }), candidate("a")],
    policy: { prefers: [{ weight: 100, when: { "candidate.annotations": { best: "1" } } }] },
    order: "a:platform i:platform",
    chosen: "a",
  },
  // 3. policy
  {
    name: "policy: the greater sum of the policy's preferences",
    facts: HOST_V4,
    candidates: [
      candidate("a", { annotations: { p: "1" } }),
      candidate("b", { annotations: { p: "2", q: "1" } }),
      candidate("c"),
    ],
    policy: {
      prefers: [
        { weight: 10, when: { "candidate.annotations": { p: "1" } } },
        { weight: 9, when: { "candidate.annotations": { p: "2" } } },
        { weight: 2, when: { "candidate.annotations": { q: "1" } } },
      ],
    },
    order: "b:policy a:policy c:policy",
    chosen: "b",
  },
  {
    name: "policy: what is unknown isn't counted",
    facts: HOST_V4,
    candidates: [candidate("a"), candidate("b", { annotations: { p: "1" } })],
    policy: {
      prefers: [
        { weight: 10, when: U },
        { weight: 1, when: { "candidate.annotations": { p: "1" } } },
      ],
    },
    order: "b:policy a:policy",
    chosen: "b",
  },
  {
    name: "policy: goes before documented",
    facts: HOST_V4,
    candidates: [candidate("d", { documents: scoring(9) }), candidate("p", { annotations: { p: "1" } })],
    policy: { prefers: [{ weight: 1, when: { "candidate.annotations": { p: "1" } } }] },
    order: "p:policy d:policy",
    chosen: "p",
  },
  {
    name: "policy: its requires excludes",
    facts: HOST_V4,
    candidates: [candidate("a"), candidate("b", { annotations: { p: "1" } })],
    policy: { requires: { "candidate.annotations": { p: { exists: true } } } },
    order: "b:only a:incompatible",
    chosen: "b",
  },
  {
    name: "policy: goes before the score of one author",
    facts: HOST_V4,
    candidates: [
      candidate("a", { annotations: { p: "1" }, documents: scoring(1) }),
      candidate("b", { documents: scoring(9) }),
    ],
    policy: { prefers: [{ weight: 1, when: { "candidate.annotations": { p: "1" } } }] },
    order: "a:policy b:policy",
    chosen: "a",
  },
  {
    name: "policy: one that says nothing of undetermined ones doesn't have them chosen",
    facts: HOST_V4,
    candidates: [candidate("u", { documents: scoring(0, U) })],
    policy: { runtimes: { allow: ["default"] } },
    order: "u:only",
    chosen: null,
  },
  // 4. documented
  {
    name: "documented: before one that is like an earlier one that doesn't fit",
    facts: HOST_V4,
    candidates: [
      candidate("x", { platform: { os: "linux", architecture: "s390x" } }),
      candidate("d", { documents: scoring(0) }),
      candidate("a", { platform: V3 }),
    ],
    order: "d:documented a:documented x:incompatible",
    chosen: "d",
  },
  {
    name: "documented: one between two without documents",
    facts: HOST_V4,
    candidates: [candidate("a"), candidate("d", { documents: scoring(0) }), candidate("b")],
    order: "d:documented a:documented b:position",
    chosen: "d",
  },
  {
    name: "documented: with documents before judged by platform alone",
    facts: HOST_V4,
    candidates: [candidate("v3", { platform: V3 }), candidate("d", { documents: scoring(0) })],
    order: "d:documented v3:documented",
    chosen: "d",
  },
];

export const choosing: Table = {
  file: "choosing",
  description: "Candidates in order, the step that decided each place, and the one that is chosen.",
  cases: [...FIRST_STEPS, ...LAST_STEPS].map(
    ({ name, facts, candidates, order, chosen, policy, allowUndetermined }): TableCase => ({
      name,
      facts,
      candidates,
      ...(policy === undefined ? {} : { policy: policyText({ ...policy }) }),
      ...(allowUndetermined === undefined ? {} : { allowUndetermined }),
      want: ranking(candidates, order, chosen),
    }),
  ),
};
