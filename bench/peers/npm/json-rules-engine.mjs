import { Engine } from "json-rules-engine";

/** The engine's operators compare one value; that an element of a list fits must be added in JavaScript. */
const engine = new Engine([], { allowUndefinedFacts: true });
engine.addOperator("someDevice", (devices, wanted) =>
  (devices ?? []).some(
    ({ attributes }) => attributes.vendor === wanted.vendor && attributes.class === wanted.class,
  ),
);

const nic = (vendor) => ({
  fact: "instances",
  path: "$['pci.device'].elements",
  operator: "someDevice",
  value: { vendor, class: "0200" },
});

engine.addRule({
  conditions: {
    all: [
      {
        fact: "flags",
        path: "$['kernel.loadedmodule'].elements['vfio-pci']",
        operator: "notEqual",
        value: undefined,
      },
      {
        fact: "attributes",
        path: "$['cpu.model'].elements.vendor_id",
        operator: "in",
        value: ["Intel", "AMD"],
      },
      { any: [nic("0eee"), nic("0fff")] },
    ],
  },
  event: { type: "compatible" },
});

export function prepare(features) {
  return features;
}

export async function decide(features) {
  const { events } = await engine.run(features);
  return events.length > 0;
}
