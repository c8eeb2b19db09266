import { RE2JS } from "re2js";
import {
  type BenchCase,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Row,
  type Settings,
} from "../bench-case.ts";
import { MODULES } from "../generate/modules.ts";
import { LoadedCore } from "../loaded-core.ts";
import { timeFresh, timeTogether } from "../measure/timing.ts";

const NAMES = 250;
/** Patterns as rules have them, and one that makes backtracking engines suffer. */
const PATTERNS: readonly { readonly title: string; readonly source: string }[] = [
  { title: "a prefix", source: "^AVX" },
  { title: "alternatives", source: "^(nvidia|amdgpu|i915|xe)(_[a-z]+)*_open$" },
  { title: "classes and counts", source: "[a-z]{3,8}_[0-9]{2,4}x$" },
  { title: "anywhere, case folded", source: "(?i)(mellanox|connectx|bluefield)[-_]?[0-9]*" },
];

/** 250 names of modules against one pattern that matches none, so that all are read. */
export const pattern: BenchCase = {
  name: "pattern",
  title: "Patterns",
  async run(settings: Settings): Promise<CaseResult> {
    const comparisons: Comparison[] = [];
    for (const { title, source } of PATTERNS) comparisons.push(await comparePattern(settings, title, source));
    return { comparisons };
  },
};

async function comparePattern(
  { wasm, effort }: Settings,
  title: string,
  source: string,
): Promise<Comparison> {
  const names = MODULES.slice(0, NAMES);
  const core = new LoadedCore(wasm);
  const { hf_decide, hf_free } = core.exports;
  const host = core.facts({
    kind: "Host",
    features: {
      instances: {
        "org.example/module.loaded": { elements: names.map((name) => ({ attributes: { name } })) },
      },
    },
  });
  const document = (text: string): unknown => ({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: { "org.example/module.loaded": { some: { name: { text: { matches: text } } } } },
  });
  const insensitive = source.startsWith("(?i)");
  const ours = core.compile(document(source));
  const script = new RegExp(insensitive ? source.slice(4) : source, insensitive ? "iu" : "u");
  const re2 = RE2JS.compile(source);
  const found = names.some((name) => script.test(name));
  expectEqual(
    `${source} in re2js`,
    names.some((name) => re2.matcher(name).find()),
    found,
  );
  expectEqual(`${source} in hostfit`, hf_decide(ours, host) === 2, found);
  expectEqual(`${source} matches none`, found, false);
  // First uses, before anything else has warmed up the engines: each of a pattern that was not compiled before.
  const first = timeFresh(
    () => core.compile(document(source)),
    (requirements) => hf_decide(requirements, host),
    effort.rounds,
  );
  const [warm, regexp, re2js] = await timeTogether(
    [
      { run: () => hf_decide(ours, host) },
      { run: () => names.some((name) => script.test(name)) },
      { run: () => names.some((name) => re2.matcher(name).find()) },
    ],
    effort,
  );
  hf_free(host);
  const rows: Row[] = [
    { name: "hostfit, warm", timing: warm!, aim: { text: "15 us", met: warm!.median <= 15_000 } },
    { name: "hostfit, first use", timing: first, aim: { text: "200 us", met: first.median <= 200_000 } },
    {
      name: "RegExp of V8",
      timing: regexp!,
      lacks: "linear time: a document could hang the reader; another syntax than RE2's",
    },
    { name: "re2js", timing: re2js! },
  ];
  return {
    id: `pattern/${title.replaceAll(/\W+/g, "-")}`,
    title: `${NAMES} names, ${title}: \`${source.replaceAll("|", "\\|")}\``,
    unit: "time",
    rows,
  };
}
