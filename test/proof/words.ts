/** Words and pieces of text that steer the core somewhere. */

/** Keys and names. */
export const KEYS: readonly string[] = [
  "",
  ...`
    all any not if then else name description documentation requires when weight flags attributes some every none count of is
    instances elements unknown partial version number size exists text in notIn matches scope type origin digest platform
    platforms os architecture variant os.version os.features handlers annotations host.platform candidate.platform
    candidate.annotations cpu.cpuid a.x a.y n m id spec compatibilities rules matchFeatures matchAny feature matchExpressions
    matchName op value vars varsTemplate closedWorld features runtimes allow prefers includes kind apiVersion author requirements
  `
    .trim()
    .split(/\s+/),
];

/** Versions, numbers, sizes, ranges, patterns, platforms, and texts of awkward lengths and characters. */
export const TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    ">=1 <2 || >3",
    "|| 1",
    "1 ||",
    ">= ",
    "= = 1",
    "1 1 1 1 1 1 1 1",
    "a".repeat(15),
    "a".repeat(16),
  ],
  ...["a".repeat(17), "b".repeat(300), "\u0000", "\u{10ffff}", "\ufeff", "\u2028"],
  ...`
    0 00 v V1 1 1. 1.2.3-4 1- .5 5.14.0-427.el9 18446744073709551616 1e400 1e999999999 1e-999999999 1e9999999999 -0
    0.0000000000000000000000001 16Ti 16777216Ti Ki 1Kib !=1.* >1.* 1.*.* <1-2.* >=1<2 ^(a+)+$ (?i)[[:alpha:]]* \\p{L}{3,} ( [
    a{1000} (a{100}){100} \\ x*?y|z (?:) \\b.\\B linux windows amd64 arm64 arm v2 v3 v8.2 v9 10.0.20348 default nvidia win32k é
    hostfit/v1.0 hostfit/v1.1 hostfit/v2 Host NodeFeature Requirements Policy InRegexp GtLt In Exists IsTrue rule.matched
  `
    .trim()
    .split(/\s+/),
];

export const NUMBERS: readonly number[] = [
  0,
  1,
  -1,
  2,
  64,
  100,
  101,
  0.1,
  1e21,
  -1e-7,
  2 ** 31,
  2 ** 53,
  1.5,
];

/** Pieces of text that JSON.stringify would never write. */
export const TOKENS: readonly string[] = [
  ...["  \t\r\n  ", '"a":1,', '"a":1,"a":1,', '{"not":{"all":', '{"any":[', "\u007f"],
  ...`
    1e400 -0 0.10 01 +1 1. \\u0000 \\ud800 \\ud83d\\ude00 \\udc00 \\/ \\x { } [ ] , : " null true fals [[[[[[[[ ]]]]]]]]
    \\\\ \\" // /**/ NaN Infinity
  `
    .trim()
    .split(/\s+/),
];
