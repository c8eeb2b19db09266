import { createRequire } from "node:module";

// The package's build for Node is CommonJS.
const cedar = createRequire(import.meta.url)("@cedar-policy/cedar-wasm/nodejs");

/** Cedar has no conditions over the members of a set: of each device what is asked about is put together as one text. */
export function prepare(features) {
  return {
    modules: Object.keys(features.flags["kernel.loadedmodule"].elements),
    vendor: features.attributes["cpu.model"].elements.vendor_id,
    devices: features.instances["pci.device"].elements.map(
      ({ attributes }) => `${attributes.class} ${attributes.vendor}`,
    ),
  };
}

const POLICY = `permit(principal, action, resource) when {
  context.modules.contains("vfio-pci") &&
  ["Intel", "AMD"].contains(context.vendor) &&
  context.devices.containsAny(["0200 0eee", "0200 0fff"])
};`;

const parsed = cedar.preparsePolicySet("nfd", { staticPolicies: POLICY });
if (parsed.type !== "success") throw new Error(JSON.stringify(parsed));

const request = {
  principal: { type: "Image", id: "image" },
  action: { type: "Action", id: "run" },
  resource: { type: "Host", id: "host" },
  preparsedPolicySetId: "nfd",
  entities: [],
};

export function decide(context) {
  const answer = cedar.statefulIsAuthorized({ ...request, context });
  if (answer.type !== "success") throw new Error(JSON.stringify(answer));
  return answer.response.decision === "allow";
}
