/** NFD documents with a few characters changed: most are broken, and those that aren't are the interesting ones. */

const BASES = [
  `version: v1alpha1
compatibilities:
  # comment
  - description: "My image requirements"
    weight: 10
    tag: prod
    rules:
      - name: "kernel and cpu"
        vars: {a: b, c: 'd e'}
        matchFeatures:
          - feature: kernel.loadedmodule
            matchExpressions:
              vfio-pci: {op: Exists}
              ip_tables:
                op: In
                value: ["0302", yes, 22.10]
          - feature: cpu.model
            matchName: {op: InRegexp, value: ["^AVX", 'it''s']}
      - name: >-
          folded
          text
        varsTemplate: |
          a=b
            indented

          c
        matchAny:
        - matchFeatures:
          - {feature: pci.device, matchExpressions: {class: {op: In, value: [0300, "0302"]}}}
  - rules: []
`,
  `{"version": "v1alpha1", "compatibilities": [{"rules": [{"name": "x\\n\\u00e9", "matchFeatures": [{"feature": "a.b", "matchExpressions": {"c": {"op": "In", "value": ["1"]}}}]}]}]}
`,
] as const;

const PIECES = [
  ..." :[]{}#'\"|>!%@`\t\\é=-a0~".split(""),
  ...[
    "  ",
    "\n",
    "\n  ",
    "- ",
    ": ",
    " #",
    "&a ",
    "*a",
    "!!str ",
    "? ",
    "---\n",
    "...\n",
    "\\n",
    "<<: ",
    "|2",
    "|-",
    ">+",
  ],
  ...["null", "\\x41", "\\u0041", "\\/", "\r\n", "\\ud83d\\ude00", '\\"', "''"],
];

/** One document with one or two changes: something inserted, cut out, or a line indented otherwise. */
export function mutatedText(random: () => number): string {
  const below = (most: number): number => Math.floor(random() * most);
  let text: string = BASES[random() < 0.8 ? 0 : 1];
  for (let changes = 1 + below(2); changes > 0; changes--) {
    const at = below(text.length);
    const kind = random();
    if (kind < 0.5) text = text.slice(0, at) + (PIECES[below(PIECES.length)] ?? "") + text.slice(at);
    else if (kind < 0.75) text = text.slice(0, at) + text.slice(at + 1 + below(3));
    else if (kind < 0.85) {
      const other = below(text.length);
      text = text.slice(0, Math.min(at, other)) + text.slice(Math.max(at, other));
    } else {
      const lines = text.split("\n");
      const index = below(lines.length);
      const line = lines[index] ?? "";
      lines[index] = random() < 0.5 ? ` ${line}` : line.replace(/^ /, "");
      text = lines.join("\n");
    }
  }
  return text;
}
