/** Ranking by score, specificity and position: docs/language.md, "Choosing", steps 5 to 7. */
import {
  AMD64,
  ARM,
  candidate,
  FLAGS,
  HOST_V4,
  I386,
  nfd,
  on,
  type Row,
  scoring,
  V2,
  V3,
  V4,
} from "./choosing-cases.ts";
import { F, host, requirements, T, U } from "./table.ts";

/** Steps 5 to 7, and all of them together. */
export const LAST_STEPS: readonly Row[] = [
  // 5. score
  {
    name: "score: of one dialect and author",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(5) }),
      candidate("b", { documents: scoring(7) }),
      candidate("c", { documents: scoring(6) }),
    ],
    order: "b:score c:score a:score",
    chosen: "b",
  },
  {
    name: "score: goes before specificity",
    facts: HOST_V4,
    candidates: [
      candidate("v3", { platform: V3, documents: scoring(5) }),
      candidate("v1", { documents: scoring(7) }),
    ],
    order: "v1:score v3:score",
    chosen: "v1",
  },
  {
    name: "score: strangers' scores aren't compared",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(5), author: "A" }),
      candidate("b", { documents: scoring(90), author: "B" }),
    ],
    order: "a:position b:position",
    chosen: "a",
  },
  {
    name: "score: strangers by specificity",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(90), author: "A" }),
      candidate("b", { platform: V3, documents: scoring(1), author: "B" }),
    ],
    order: "b:specificity a:specificity",
    chosen: "b",
  },
  {
    name: "score: dialects aren't compared",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(5) }),
      candidate("n", { documents: nfd(90) }),
      candidate("m", { documents: nfd(91) }),
    ],
    order: "a:position m:position n:score",
    chosen: "a",
  },
  {
    name: "score: groups are merged by their heads",
    facts: HOST_V4,
    candidates: [
      candidate("a-low", { platform: V4, documents: scoring(1), author: "A" }),
      candidate("a-high", { platform: V2, documents: scoring(9), author: "A" }),
      candidate("b", { platform: V3, documents: scoring(1), author: "B" }),
    ],
    // a-high heads A although a-low is the most specific; b is more specific than a-high; a-low stays behind a-high.
    order: "b:specificity a-high:specificity a-low:score",
    chosen: "b",
  },
  {
    name: "score: three groups",
    facts: HOST_V4,
    candidates: [
      candidate("a1", { documents: scoring(1), author: "A" }),
      candidate("b1", { documents: scoring(1), author: "B" }),
      candidate("a2", { platform: V2, documents: scoring(2), author: "A" }),
      candidate("c1", { platform: V3, documents: scoring(1), author: "C" }),
      candidate("b2", { platform: V4, documents: scoring(1), author: "B" }),
    ],
    // heads: a2 (v2), b2 (v4, equal score, more specific than b1), c1 (v3).
    order: "b2:specificity c1:specificity a2:specificity a1:score b1:position",
    chosen: "b2",
  },
  {
    name: "score: groups that take turns by position",
    facts: HOST_V4,
    candidates: [
      candidate("a1", { documents: scoring(9), author: "A" }),
      candidate("b1", { documents: scoring(1), author: "B" }),
      candidate("c1", { documents: scoring(5), author: "C" }),
      candidate("a2", { documents: scoring(8), author: "A" }),
      candidate("b2", { documents: scoring(0), author: "B" }),
      candidate("c2", { documents: scoring(5), author: "C" }),
    ],
    order: "a1:position b1:position c1:position a2:position b2:position c2:position",
    chosen: "a1",
  },
  {
    name: "score: groups whose later member is the better",
    facts: HOST_V4,
    candidates: [
      candidate("a1", { documents: scoring(1), author: "A" }),
      candidate("b1", { documents: scoring(2), author: "B" }),
      candidate("a2", { documents: scoring(3), author: "A" }),
      candidate("b2", { documents: scoring(4), author: "B" }),
      candidate("c1", { documents: scoring(4), author: "C" }),
    ],
    // heads: a2 (2), b2 (3), c1 (4); then a1 (0), b2, c1.
    order: "a2:score a1:score b2:position b1:score c1:position",
    chosen: "a2",
  },
  {
    name: "score: authors whose names are as long",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(1), author: "lab one" }),
      candidate("b", { documents: scoring(9), author: "lab two" }),
      candidate("c", { documents: scoring(5), author: "lab one" }),
    ],
    order: "b:position c:position a:score",
    chosen: "b",
  },
  {
    name: "score: an author whose name begins with another's",
    facts: HOST_V4,
    candidates: [
      candidate("a", { documents: scoring(1), author: "lab" }),
      candidate("b", { documents: scoring(9), author: "lab one" }),
    ],
    order: "a:position b:position",
    chosen: "a",
  },
  {
    name: "score: one author's documents of both dialects, of either, and together",
    facts: HOST_V4,
    candidates: [
      candidate("both-low", { documents: [...scoring(1), ...nfd(1)] }),
      candidate("native", { documents: scoring(50) }),
      candidate("nfd", { documents: nfd(50) }),
      candidate("both-high", { documents: [...nfd(2), ...scoring(3)] }),
      candidate("native-high", { documents: scoring(60) }),
      candidate("nfd-high", { documents: nfd(60) }),
    ],
    // heads: both-high (3), native-high (4), nfd-high (5).
    order: "both-high:score both-low:score native-high:position native:score nfd-high:position nfd:score",
    chosen: "both-high",
  },
  {
    name: "score: two documents of one dialect are as one",
    facts: HOST_V4,
    candidates: [
      candidate("one", { documents: scoring(5) }),
      candidate("two", {
        documents: [...scoring(3), requirements({ prefers: [{ weight: 4, when: T }] }, "second")],
      }),
    ],
    order: "two:score one:score",
    chosen: "two",
  },
  {
    name: "score: classes follow one another, each in its own order",
    facts: on({ ...AMD64, variant: "v4" }, { os: "linux", architecture: "arm64" }),
    candidates: [
      candidate("arm1", { platform: { os: "linux", architecture: "arm64" }, documents: scoring(1) }),
      candidate("a1", { documents: scoring(1) }),
      candidate("arm2", { platform: { os: "linux", architecture: "arm64" }, documents: scoring(2) }),
      candidate("a2", { documents: scoring(2) }),
      candidate("a3"),
      candidate("u1", { documents: scoring(9, U) }),
      candidate("u2", { documents: scoring(10, U) }),
    ],
    order: "a2:score a1:score a3:documented arm2:platform arm1:score u2:verdict u1:score",
    chosen: "a2",
  },
  {
    name: "score: undocumented ones have none",
    facts: HOST_V4,
    candidates: [candidate("a"), candidate("b", { platform: V2 }), candidate("c", { author: "C" })],
    order: "b:specificity a:specificity c:position",
    chosen: "b",
  },
  // 6. specificity
  {
    name: "specificity: the higher level of amd64",
    facts: HOST_V4,
    candidates: [
      candidate("v1"),
      candidate("v3", { platform: V3 }),
      candidate("v2", { platform: V2 }),
      candidate("v4", { platform: V4 }),
    ],
    order: "v4:specificity v3:specificity v2:specificity v1:specificity",
    chosen: "v4",
  },
  {
    name: "specificity: arm64's ladder",
    facts: on({ os: "linux", architecture: "arm64", variant: "v9.2" }),
    candidates: ["", "v8.7", "v9", "v9.1", "v8.2"].map((variant) =>
      candidate(variant || "v8", { platform: { os: "linux", architecture: "arm64", variant } }),
    ),
    order: "v9.1:specificity v9:specificity v8.7:specificity v8.2:specificity v8:specificity",
    chosen: "v9.1",
  },
  {
    name: "specificity: arm's ladder by crossing",
    facts: on({ os: "linux", architecture: "arm64" }),
    candidates: ["v5", "v8", "", "v6"].map((variant) =>
      candidate(variant || "v7", { platform: { ...ARM, variant } }),
    ),
    order: "v8:specificity v7:specificity v6:specificity v5:specificity",
    chosen: "v8",
  },
  {
    name: "specificity: the higher Windows build",
    facts: on({ os: "windows", architecture: "amd64", "os.version": "10.0.22621.1" }),
    candidates: ["10.0.20348.5", "", "10.0.22000.1", "10.0.20348.9"].map((version, i) =>
      candidate(`w${i}`, {
        platform: {
          os: "windows",
          architecture: "amd64",
          ...(version === "" ? {} : { "os.version": version }),
        },
      }),
    ),
    order: "w2:specificity w0:specificity w3:position w1:specificity",
    chosen: "w2",
  },
  {
    name: "specificity: more os.features",
    facts: on({ ...AMD64, "os.features": ["a", "b", "c"] }),
    candidates: [
      candidate("none"),
      candidate("two", { platform: { ...AMD64, "os.features": ["a", "b"] } }),
      candidate("one", { platform: { ...AMD64, "os.features": ["c", "c"] } }),
    ],
    order: "two:specificity one:specificity none:specificity",
    chosen: "two",
  },
  {
    name: "specificity: the variant before the features",
    facts: on({ ...AMD64, variant: "v3", "os.features": ["a"] }),
    candidates: [
      candidate("f", { platform: { ...V2, "os.features": ["a"] } }),
      candidate("v3", { platform: V3 }),
    ],
    order: "v3:specificity f:specificity",
    chosen: "v3",
  },
  {
    name: "specificity: where no platform was taken, position decides",
    facts: host(FLAGS),
    candidates: [candidate("a"), candidate("b", { platform: V3 }), candidate("n", { platform: null })],
    allowUndetermined: true,
    order: "a:position b:position n:position",
    chosen: "a",
  },
  // 7. position
  {
    name: "position: everything equal",
    facts: HOST_V4,
    candidates: [candidate("a"), candidate("b"), candidate("c")],
    order: "a:position b:position c:position",
    chosen: "a",
  },
  {
    name: "position: spellings of one platform",
    facts: HOST_V4,
    candidates: [
      candidate("a", { platform: { os: "linux", architecture: "x86_64", variant: "v1" } }),
      candidate("b"),
    ],
    order: "a:position b:position",
    chosen: "a",
  },
  {
    name: "all steps in one index",
    facts: on({ ...AMD64, variant: "v3" }, I386),
    candidates: [
      candidate("bad", { documents: scoring(0, F) }),
      candidate("plain"),
      candidate("open", { documents: scoring(100, U) }),
      candidate("i386", { platform: I386, documents: scoring(100) }),
      candidate("doc1", { documents: scoring(1) }),
      candidate("doc2", { documents: scoring(2) }),
      candidate("liked", { annotations: { p: "1" } }),
      candidate("v4", { platform: V4 }),
    ],
    policy: { prefers: [{ weight: 1, when: { "candidate.annotations": { p: "1" } } }] },
    order:
      "liked:policy doc2:policy doc1:score plain:documented i386:platform open:verdict bad:incompatible v4:incompatible",
    chosen: "liked",
  },
];
