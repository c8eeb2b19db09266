/** Pairs to start from: examples of the project, as they are. */
import cuda from "../documents/cuda.yaml";
import h100 from "../documents/hosts/gpu-h100.yaml";
import v100 from "../documents/hosts/gpu-v100.yaml";
import unprobed from "../documents/hosts/unprobed.yaml";

interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface Sample {
  readonly title: string;
  readonly document: NamedText;
  readonly facts: NamedText;
}

const document = { name: "cuda.yaml", text: cuda };

export const SAMPLES: readonly Sample[] = [
  { title: "CUDA on an H100 node", document, facts: { name: "gpu-h100.yaml", text: h100 } },
  { title: "on an older node", document, facts: { name: "gpu-v100.yaml", text: v100 } },
  { title: "on a node that nobody probed", document, facts: { name: "unprobed.yaml", text: unprobed } },
];
