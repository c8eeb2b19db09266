/** The documents that the figures are about. */

/** NFD's documentation example of image compatibility, v1alpha1: two rules, four terms. */
export const NFD_EXAMPLE = {
  version: "v1alpha1",
  compatibilities: [
    {
      description: "My image requirements",
      rules: [
        {
          name: "kernel and cpu",
          matchFeatures: [
            { feature: "kernel.loadedmodule", matchExpressions: { "vfio-pci": { op: "Exists" } } },
            { feature: "cpu.model", matchExpressions: { vendor_id: { op: "In", value: ["Intel", "AMD"] } } },
          ],
        },
        {
          name: "one of available nics",
          matchAny: [
            { matchFeatures: [{ feature: "pci.device", matchExpressions: nic("0eee") }] },
            { matchFeatures: [{ feature: "pci.device", matchExpressions: nic("0fff") }] },
          ],
        },
      ],
    },
  ],
};

function nic(vendor: string): Record<string, unknown> {
  return { vendor: { op: "In", value: [vendor] }, class: { op: "In", value: ["0200"] } };
}

/** The same, in hostfit's own language. */
export const NATIVE_EXAMPLE = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  description: "My image requirements",
  requires: [
    {
      name: "kernel and cpu",
      "kernel.loadedmodule": ["vfio-pci"],
      "cpu.model": { vendor_id: ["Intel", "AMD"] },
    },
    {
      name: "one of available nics",
      any: [
        { "pci.device": { some: { vendor: "0eee", class: "0200" } } },
        { "pci.device": { some: { vendor: "0fff", class: "0200" } } },
      ],
    },
  ],
};

/** The devices of the example's alternatives. */
export const NICS = {
  first: { vendor: "0eee", class: "0200" },
  second: { vendor: "0fff", class: "0200" },
} as const;
