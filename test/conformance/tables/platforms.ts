/** Platforms: docs/language.md, "Platforms"; containerd's ladders, Windows builds, levels of amd64 from cpu flags. */
import type { Platform } from "../../../bindings/js/types.ts";
import { host, type Table, type TableCase, type Truth, verdict } from "./table.ts";

/** `os/architecture/variant`, os linux if left out (`/amd64/v3`); `@` a Windows version; `+` os.features; `=`: a variant that is written and empty. */
function platform(text: string): Platform {
  const [rest = "", ...features] = text.split("+");
  const [path = "", osVersion] = rest.split("@");
  const [os = "", architecture = "", variant] = path.split("/");
  return {
    os: os || "linux",
    architecture,
    ...(variant === undefined ? {} : { variant: variant === "=" ? "" : variant }),
    ...(osVersion === undefined ? {} : { "os.version": osVersion }),
    ...(features.length === 0 ? {} : { "os.features": features.filter((feature) => feature !== "") }),
  };
}

/** The host's platform, the candidate's, the value, and what containerd says: `c` takes it, `-` doesn't. */
const PAIRS: readonly (readonly [string, string, Truth, "c" | "-"])[] = [
  // The same, and normal forms.
  ["/amd64/v1", "/amd64", "T", "c"],
  ["/amd64", "/amd64", "T", "c"],
  ["/amd64", "/amd64/v1", "T", "c"],
  ["/amd64", "/x86_64", "T", "c"],
  ["/x86-64", "/AMD64", "T", "c"],
  ["/arm64", "/aarch64/v8", "T", "c"],
  ["/aarch64", "/arm64/8", "T", "c"],
  ["/aarch64", "/arm64/v8.0", "T", "c"],
  ["/386", "/i386/anything", "T", "c"],
  ["/arm/v7", "/armhf", "T", "c"],
  ["/arm/v7", "/arm", "T", "c"],
  ["/arm/v7", "/arm/7", "T", "c"],
  ["/arm/v6", "/armel", "T", "c"],
  ["/arm/6", "/arm/v6", "T", "c"],
  ["/arm64/9", "/arm64/v9.0", "T", "c"],
  ["Linux/amd64", "LINUX/amd64", "T", "c"],
  ["macos/arm64", "darwin/arm64", "T", "c"],
  // os and architecture.
  ["/amd64", "windows/amd64", "F", "-"],
  ["/amd64", "/arm64", "F", "-"],
  ["/amd64", "/s390x", "F", "-"],
  ["/arm64", "/amd64", "F", "-"],
  ["/arm/v8", "/arm64", "F", "-"],
  ["/386", "/amd64", "F", "-"],
  ["/ppc64le", "/ppc64", "F", "-"],
  ["/wasm", "wasi/wasm", "F", "-"],
  // amd64's ladder. containerd detects no level by itself, so it takes v1 alone.
  ["/amd64/v3", "/amd64/v3", "T", "-"],
  ["/amd64/v3", "/amd64/v2", "T", "-"],
  ["/amd64/v3", "/amd64/v1", "T", "c"],
  ["/amd64/v3", "/amd64", "T", "c"],
  ["/amd64/v3", "/amd64/v4", "F", "-"],
  ["/amd64/v1", "/amd64/v2", "F", "-"],
  ["/amd64/v5", "/amd64/v4", "T", "-"],
  ["/amd64/v3", "/amd64/v0", "F", "-"],
  ["/amd64/v3", "/amd64/3", "F", "-"],
  ["/amd64/v3", "/amd64/znver3", "F", "-"],
  ["/amd64/znver3", "/amd64/znver3", "T", "-"],
  ["/amd64/znver3", "/amd64", "T", "c"],
  // Crossing from amd64.
  ["/amd64/v1", "/386", "T", "c"],
  ["/amd64", "/386", "T", "c"],
  ["/amd64/v4", "/i386", "T", "c"],
  ["/amd64", "/386/sse2", "F", "-"],
  ["windows/amd64", "windows/386", "T", "c"],
  // arm's ladder.
  ["/arm/v7", "/arm/v6", "T", "c"],
  ["/arm/v7", "/arm/v5", "T", "c"],
  ["/arm/v7", "/arm/v8", "F", "-"],
  ["/arm/v6", "/arm", "F", "-"],
  ["/arm/v5", "/arm/v6", "F", "-"],
  ["/arm/v8", "/arm/v7", "T", "c"],
  ["/arm/v7", "/arm/v4", "F", "-"],
  ["/armhf", "/arm/v6", "T", "c"],
  ["/armel", "/arm/v7", "F", "-"],
  // arm's variant open: v5 holds, above is unknown; containerd takes v7 for it.
  ["/arm", "/arm/v5", "T", "c"],
  ["/arm", "/arm/v6", "U", "c"],
  ["/arm", "/arm", "U", "c"],
  ["/arm", "/arm/v8", "U", "-"],
  ["/arm/=", "/arm/v7", "U", "c"],
  // arm64's ladder.
  ["/arm64/v8.2", "/arm64/v8.2", "T", "c"],
  ["/arm64/v8.2", "/arm64/v8.1", "T", "c"],
  ["/arm64/v8.2", "/arm64", "T", "c"],
  ["/arm64/v8.2", "/arm64/v8.3", "F", "-"],
  ["/arm64/v8.9", "/arm64/v8.8", "T", "c"],
  ["/arm64/v8.9", "/arm64/v9", "F", "-"],
  ["/arm64/v9", "/arm64/v9", "T", "c"],
  ["/arm64/v9", "/arm64/v8.5", "T", "c"],
  ["/arm64/v9", "/arm64/v8.6", "F", "-"],
  ["/arm64/v9", "/arm64/v9.1", "F", "-"],
  ["/arm64/v9.2", "/arm64/v9.1", "T", "c"],
  ["/arm64/v9.2", "/arm64/v9", "T", "c"],
  ["/arm64/v9.2", "/arm64/v8.7", "T", "c"],
  ["/arm64/v9.2", "/arm64/v8.8", "F", "-"],
  ["/arm64/v9.5", "/arm64/v8.9", "T", "c"],
  ["/arm64/v9.7", "/arm64/v8.9", "T", "c"],
  ["/arm64/v9.7", "/arm64", "T", "c"],
  ["/arm64/v9.8", "/arm64/v9.8", "F", "-"],
  ["/arm64/v8", "/arm64/v8.1", "F", "-"],
  ["/arm64/v8", "/arm64", "T", "c"],
  // arm64's variant open.
  ["/arm64", "/arm64/v8.1", "U", "-"],
  ["/arm64", "/arm64/v9", "U", "-"],
  ["/arm64/=", "/arm64/v9", "U", "-"],
  // Crossing from arm64.
  ["/arm64", "/arm/v8", "T", "c"],
  ["/arm64", "/arm", "T", "c"],
  ["/arm64", "/arm/v6", "T", "c"],
  ["/arm64", "/arm/v5", "T", "c"],
  ["/arm64", "/arm/v4", "F", "-"],
  ["/arm64/v9.1", "/armhf", "T", "c"],
  ["/arm64/v8.2", "/armel", "T", "c"],
  // Other architectures: equal.
  ["/ppc64le/power9", "/ppc64le/power9", "T", "c"],
  ["/ppc64le/power9", "/ppc64le/power8", "F", "-"],
  ["/ppc64le/power9", "/ppc64le", "T", "-"],
  ["/ppc64le", "/ppc64le", "T", "c"],
  ["/ppc64le", "/ppc64le/power8", "U", "-"],
  ["/riscv64/rva20u64", "/riscv64/rva20u64", "T", "c"],
  ["/riscv64", "/riscv64/rva22u64", "U", "-"],
  ["/386", "/386/sse2", "U", "-"],
  // amd64's variant open, no cpu flags known.
  ["/amd64", "/amd64/v2", "U", "-"],
  ["/amd64/=", "/amd64/v3", "U", "-"],
  ["/amd64", "/amd64/znver3", "U", "-"],
  // os.version on Linux doesn't count.
  ["/amd64@5.14", "/amd64@6.1", "T", "c"],
  ["/amd64", "/amd64@6.1", "T", "c"],
  // Windows builds.
  ["windows/amd64@10.0.17763.1879", "windows/amd64@10.0.17763.5329", "T", "c"],
  ["windows/amd64@10.0.17763.1879", "windows/amd64@10.0.14393.1", "F", "-"],
  ["windows/amd64@10.0.17763.1879", "windows/amd64@10.0.20348.1", "F", "-"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@10.0.20348.999", "T", "c"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@10.0.17763.1", "F", "-"],
  ["windows/amd64@10.0.22621.1", "windows/amd64@10.0.20348.1", "T", "c"],
  ["windows/amd64@10.0.22621.1", "windows/amd64@10.0.22000.1", "T", "c"],
  ["windows/amd64@10.0.22621.1", "windows/amd64@10.0.22631.1", "F", "-"],
  ["windows/amd64@10.0.26100.1", "windows/amd64@10.0.20348.1", "T", "c"],
  ["windows/amd64@10.0.26100.1", "windows/amd64@10.0.25398.1", "T", "c"],
  ["windows/amd64@10.0.26101.1", "windows/amd64@10.0.20348.1", "F", "-"],
  ["windows/amd64@10.0.26101.1", "windows/amd64@10.0.26100.1", "T", "c"],
  ["windows/amd64@10.0.20348", "windows/amd64@10.0.20348", "T", "c"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@6.3.20348.1", "F", "-"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@10.1.20348.1", "F", "-"],
  ["windows/amd64@10.0.20348.1", "windows/amd64", "T", "c"],
  ["windows/amd64", "windows/amd64@10.0.20348.1", "U", "c"],
  ["windows/amd64", "windows/amd64", "T", "c"],
  ["windows/amd64@10.0", "windows/amd64@10.0.20348.1", "U", "c"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@10.0", "F", "-"],
  ["windows/amd64@10.0.20348.1", "windows/amd64@ltsc2022", "F", "-"],
  ["windows/amd64@10.0.99999.1", "windows/amd64@10.0.20348.1", "U", "c"],
  // os.features.
  ["/amd64+gpu", "/amd64+gpu", "T", "c"],
  ["/amd64+gpu+x", "/amd64+x", "T", "c"],
  ["/amd64+gpu", "/amd64+gpu+x", "F", "-"],
  ["/amd64+", "/amd64+gpu", "F", "-"],
  ["/amd64", "/amd64+gpu", "U", "-"],
  ["/amd64", "/amd64+", "T", "c"],
  ["/amd64+gpu", "/amd64", "T", "c"],
  ["/amd64+x+gpu+x", "/amd64+gpu+gpu", "T", "c"],
  ["windows/amd64+", "windows/amd64+win32k", "T", "c"],
  ["windows/amd64", "windows/amd64+win32k", "T", "c"],
  ["windows/amd64+gpu", "windows/amd64+win32k+gpu", "T", "c"],
  ["windows/amd64+win32k", "windows/amd64+gpu", "F", "-"],
  ["/amd64+", "/amd64+win32k", "F", "-"],
  // False goes before unknown.
  ["/amd64", "/amd64/v3+gpu", "U", "-"],
  ["/amd64+", "/amd64/v3+gpu", "F", "-"],
  ["windows/amd64@10.0.17763.1", "windows/amd64/v3@10.0.20348.1", "F", "-"],
  ["/amd64", "/386+gpu", "U", "-"],
];

const VALUES = { T: "true", F: "false", U: "unknown" } as const;

function pairCase([from, to, truth, containerd]: (typeof PAIRS)[number]): TableCase {
  return {
    name: `${to} on ${from} is ${truth}, containerd ${containerd === "c" ? "takes it" : "doesn't"}`,
    facts: host({}, { platforms: [platform(from)] }),
    candidate: { platform: platform(to) },
    want: verdict(truth, {
      platform: { value: VALUES[truth], host: truth === "F" ? null : 0, containerd: containerd === "c" },
    }),
  };
}

const V2 = ["CX16", "LAHF", "POPCNT", "SSE3", "SSE4", "SSE42", "SSSE3"];
const V3 = ["AVX", "AVX2", "BMI1", "BMI2", "F16C", "FMA3", "LZCNT", "MOVBE", "OSXSAVE"];
const V4 = ["AVX512F", "AVX512BW", "AVX512CD", "AVX512DQ", "AVX512VL"];
const LEVELS = ["X86_64_V2", "X86_64_V3", "X86_64_V4"];

/** By what cpu.cpuid says: the values of v1, v2, v3, v4. */
const CPUS: readonly (readonly [name: string, flags: unknown, values: string])[] = [
  ["not observed", null, "TUUU"],
  ["observed and empty", { elements: [] }, "TFFF"],
  ["every flag of v2", { elements: V2 }, "TTFF"],
  ["every flag of v2 and v3", { elements: [...V2, ...V3] }, "TTTF"],
  ["every flag of v2, v3 and v4", { elements: [...V2, ...V3, ...V4] }, "TTTT"],
  ["v3's flags without v2's", { elements: V3 }, "TFFF"],
  ["v2's without one", { elements: V2.slice(1) }, "TFFF"],
  ["v2's, and v3's without one", { elements: [...V2, ...V3.slice(1)] }, "TTFF"],
  ["the flag X86_64_V2 alone", { elements: ["X86_64_V2"] }, "TTFF"],
  ["the flag X86_64_V3 alone", { elements: ["X86_64_V3"] }, "TTTF"],
  ["the flag X86_64_V4 alone", { elements: ["X86_64_V4"] }, "TTTT"],
  ["the flag X86_64_V2 and v3's flags", { elements: ["X86_64_V2", ...V3] }, "TTTF"],
  ["nothing present, all in scope but the levels", { elements: [], scope: [...V2, ...V3, ...V4] }, "TFFF"],
  ["nothing present, all in scope", { elements: [], scope: [...V2, ...V3, ...V4, ...LEVELS] }, "TFFF"],
  ["v2's, of v3 one out of scope", { elements: [...V2, ...V3.slice(1)], scope: LEVELS }, "TTUU"],
  ["v2's and v3's, v4's out of scope", { elements: [...V2, ...V3], scope: LEVELS }, "TTTU"],
  ["v2's and v3's, v4's in scope", { elements: [...V2, ...V3], scope: [...LEVELS, ...V4] }, "TTTF"],
  ["everything out of scope", { elements: [], scope: [] }, "TUUU"],
  ["the flag X86_64_V3, the rest out of scope", { elements: ["X86_64_V3"], scope: [] }, "TTTU"],
];

function cpuCases([name, flags, values]: (typeof CPUS)[number]): TableCase[] {
  return [...values].map((value, i): TableCase => {
    const truth = value as Truth;
    return {
      name: `amd64/v${i + 1} by cpu flags: ${name}: ${truth}`,
      facts: host(flags === null ? {} : { flags: { "cpu.cpuid": flags } }, {
        platforms: [platform("/amd64")],
      }),
      candidate: { platform: platform(`/amd64/v${i + 1}`) },
      want: verdict(truth, { platform: { value: VALUES[truth], containerd: i === 0 } }),
    };
  });
}

/** Which of several host platforms a candidate takes. */
const TAKEN: readonly (readonly [
  name: string,
  hosts: readonly string[],
  candidate: string,
  truth: Truth,
  host: number | null,
])[] = [
  ["the first that is true", ["/amd64/v3", "/amd64/v2"], "/amd64/v2", "T", 0],
  ["a later one that is true before an earlier unknown", ["/arm64", "/arm64/v9"], "/arm64/v8.1", "T", 1],
  ["the first unknown if none is true", ["/s390x", "/arm64", "/arm64"], "/arm64/v9", "U", 1],
  ["its own architecture before a crossing", ["/arm64", "/arm/v7"], "/arm/v6", "T", 1],
  ["its own architecture, unknown, before a crossing that is true", ["/arm64", "/arm"], "/arm/v7", "U", 1],
  ["a crossing if the own architecture is false", ["/arm64", "/arm/v5"], "/arm/v7", "T", 0],
  ["the first crossing", ["/s390x", "/amd64", "/amd64/v3"], "/386", "T", 1],
  ["none", ["/amd64", "/s390x"], "/arm64", "F", null],
  ["none of none", [], "/amd64", "F", null],
  [
    "by os, where containerd only knows the first",
    ["/amd64", "windows/amd64@10.0.20348.1"],
    "windows/amd64@10.0.20348.9",
    "T",
    1,
  ],
];

export const platforms: Table = {
  file: "platforms",
  description:
    "A candidate's platform on a host's: normal forms, ladders, crossings, Windows builds, features, cpu levels.",
  cases: [
    ...PAIRS.map(pairCase),
    ...CPUS.flatMap(cpuCases),
    ...TAKEN.map(
      ([name, hosts, candidate, truth, index]): TableCase => ({
        name: `a candidate takes ${name}`,
        facts: host({}, { platforms: hosts.map(platform) }),
        candidate: { platform: platform(candidate) },
        want: verdict(truth, { platform: { value: VALUES[truth], host: index } }),
      }),
    ),
    {
      name: "the candidate's platform isn't known",
      facts: host({}, { platforms: [platform("/amd64")] }),
      candidate: { platform: null },
      want: verdict("U", { platform: { value: "unknown", host: null, containerd: false, wanted: null } }),
    },
    {
      name: "the host's platforms aren't known",
      facts: host(),
      candidate: { platform: platform("/x86_64/v1") },
      want: verdict("U", {
        platform: {
          value: "unknown",
          host: null,
          containerd: false,
          wanted: { os: "linux", architecture: "amd64" },
        },
        reasons: [
          {
            document: "",
            pointer: "",
            kind: "platform",
            value: "unknown",
            wanted: { os: "linux", architecture: "amd64" },
            found: null,
          },
        ],
      }),
    },
    {
      name: "an empty os and architecture on both sides are equal",
      facts: host({}, { platforms: [{ os: "", architecture: "" }] }),
      candidate: { platform: { os: "", architecture: "" } },
      want: verdict("T", { platform: { value: "true", host: 0, wanted: { os: "", architecture: "" } } }),
    },
    {
      name: "an empty os of the host's takes no default",
      facts: host({}, { platforms: [{ os: "", architecture: "amd64" }] }),
      candidate: { platform: { os: "linux", architecture: "amd64" } },
      want: verdict("F", { platform: { value: "false", host: null, containerd: false } }),
    },
    {
      name: "an empty architecture of the candidate's takes no default",
      facts: host({}, { platforms: [{ os: "linux", architecture: "amd64" }] }),
      candidate: { platform: { os: "linux", architecture: "" } },
      want: verdict("F", { platform: { value: "false", host: null, containerd: false } }),
    },
    {
      name: "without a candidate there is no platform",
      facts: host({}, { platforms: [platform("/amd64")] }),
      want: verdict("T", { platform: null }),
    },
    {
      name: "the reason of a platform that doesn't match",
      facts: host(
        {},
        { platforms: [{ ...platform("Linux/x86_64/v2+b+a"), handlers: ["runc"] }, platform("/i386")] },
      ),
      candidate: { platform: platform("Linux/aarch64/v8@1+b+a+b") },
      want: verdict("F", {
        platform: {
          value: "false",
          host: null,
          containerd: false,
          wanted: { os: "linux", architecture: "arm64", "os.version": "1", "os.features": ["a", "b"] },
        },
        reasons: [
          {
            document: "",
            pointer: "",
            kind: "platform",
            value: "false",
            feature: null,
            name: null,
            wanted: { os: "linux", architecture: "arm64", "os.version": "1", "os.features": ["a", "b"] },
            found: [
              { os: "linux", architecture: "amd64", variant: "v2", "os.features": ["a", "b"] },
              { os: "linux", architecture: "386" },
            ],
            within: null,
            title: null,
            description: null,
            documentation: null,
            origin: null,
          },
        ],
      }),
    },
  ],
};
