import type { NodeFeatures } from "../generate/node-feature.ts";
import type { Peer } from "./peer.ts";

/** The example written by hand over parsed JSON: about as fast as JavaScript can decide it. */
export const predicate: Peer = {
  name: "JavaScript predicate, by hand",
  lacks:
    "a document: it is a program. Unknown facts count as false; no reasons; must be written, trusted and run for each image",
  prepare: (features) => features,
  decide: (features: NodeFeatures): boolean => {
    const modules = features.flags["kernel.loadedmodule"]?.elements;
    if (modules === undefined || modules["vfio-pci"] === undefined) return false;
    const vendor = features.attributes["cpu.model"]?.elements["vendor_id"];
    if (vendor !== "Intel" && vendor !== "AMD") return false;
    const devices = features.instances["pci.device"]?.elements ?? [];
    for (const { attributes } of devices) {
      const maker = attributes["vendor"];
      if ((maker === "0eee" || maker === "0fff") && attributes["class"] === "0200") return true;
    }
    return false;
  },
};
