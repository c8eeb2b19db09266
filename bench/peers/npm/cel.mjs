import { parse } from "@marcbachmann/cel-js";

/** Names with dots are fields in CEL, so the facts are nested by their parts first. */
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

const nic = (vendor) => `pci.device.exists(d, d.vendor == "${vendor}" && d["class"] == "0200")`;

const evaluate = parse(
  `"vfio-pci" in kernel.loadedmodule && cpu.model.vendor_id in ["Intel", "AMD"] && (${nic("0eee")} || ${nic("0fff")})`,
);

export function decide(data) {
  return evaluate(data);
}
