import jsonLogic from "json-logic-js";

/** Names with dots are paths in json-logic, so the facts are nested by their parts first. */
export function prepare(features) {
  const data = {};
  for (const kind of [features.flags, features.attributes, features.instances]) {
    for (const [name, { elements }] of Object.entries(kind)) {
      const [source, feature] = name.split(".");
      data[source] ??= {};
      data[source][feature] = Array.isArray(elements)
        ? elements.map(({ attributes }) => attributes)
        : elements;
    }
  }
  return data;
}

const nic = (vendor) => ({
  some: [
    { var: "pci.device" },
    { and: [{ "===": [{ var: "vendor" }, vendor] }, { "===": [{ var: "class" }, "0200"] }] },
  ],
});

const RULE = {
  and: [
    { "!": { missing: ["kernel.loadedmodule.vfio-pci"] } },
    { in: [{ var: "cpu.model.vendor_id" }, ["Intel", "AMD"]] },
    { or: [nic("0eee"), nic("0fff")] },
  ],
};

export function decide(data) {
  return jsonLogic.apply(RULE, data);
}
