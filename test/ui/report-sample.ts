/** A report of any size, for tests: the worst images fit nowhere, the best everywhere. */
import { CellPacker, type ReportData, type ReportImage } from "../../src/ui/fleet-report/data.ts";

const NEEDS = "cpu.cpuid AVX512F is missing";
const UNKNOWN = "kernel.version full: not known, wanted: version >=5.14";

/** `profiles` kinds of hosts in turn; of image `i` kind `p` fits if `p >= i`, modulo; every seventh of the others isn't known. */
export function reportSample(hosts: number, images: number, profiles: number): ReportData {
  const packer = new CellPacker(images * profiles);
  const rows: ReportImage[] = [];
  const ofProfile = (profile: number): number => Math.ceil((hosts - profile) / profiles);
  for (let image = 0; image < images; image++) {
    const lacking: number[] = [];
    const unknown: number[] = [];
    const count = [0, 0, 0];
    for (let profile = 0; profile < profiles; profile++) {
      const cell = cellOf(image, profile, profiles);
      packer.add(cell);
      count[cell] = (count[cell] ?? 0) + ofProfile(profile);
      if (cell === 0) lacking.push(profile);
      if (cell === 1) unknown.push(profile);
    }
    rows.push({
      name: `registry.example/app-${image}`,
      digest: null,
      pods: image,
      compatible: count[2] ?? 0,
      undetermined: count[1] ?? 0,
      incompatible: count[0] ?? 0,
      shortfalls: [
        {
          verdict: "incompatible",
          variant: "linux/amd64/v4",
          lines: [NEEDS, "</script><b>not markup</b>"],
          profiles: lacking,
        },
        { verdict: "undetermined", variant: "", lines: [UNKNOWN], profiles: unknown },
      ],
    });
  }
  return {
    title: `${images} images on ${hosts} hosts`,
    whatIf: null,
    hosts: Array.from({ length: hosts }, (_, at) => ({ name: `node-${at}`, profile: at % profiles })),
    profiles,
    images: rows,
    cells: Buffer.from(packer.bytes).toString("base64"),
    leftOut: [],
  };
}

/** The verdict's number of a cell of {@link reportSample}. */
export function cellOf(image: number, profile: number, profiles: number): number {
  if (profile >= image % (profiles + 1)) return 2;
  return (image + profile) % 7 === 0 ? 1 : 0;
}
