import { Ajv2020 } from "ajv/dist/2020.js";
import type { NodeFeatures } from "../generate/node-feature.ts";
import type { Peer } from "./peer.ts";

/** A schema that holds for the features of a host that fits. */
export const EXAMPLE_SCHEMA = {
  type: "object",
  required: ["flags", "attributes", "instances"],
  properties: {
    flags: feature("kernel.loadedmodule", { type: "object", required: ["vfio-pci"] }),
    attributes: feature("cpu.model", {
      type: "object",
      required: ["vendor_id"],
      properties: { vendor_id: { enum: ["Intel", "AMD"] } },
    }),
    instances: { anyOf: [nic("0eee"), nic("0fff")] },
  },
};

function feature(name: string, elements: unknown): unknown {
  return {
    type: "object",
    required: [name],
    properties: { [name]: { type: "object", required: ["elements"], properties: { elements } } },
  };
}

function nic(vendor: string): unknown {
  const attributes = {
    type: "object",
    required: ["vendor", "class"],
    properties: { vendor: { const: vendor }, class: { const: "0200" } },
  };
  return feature("pci.device", {
    type: "array",
    contains: { type: "object", required: ["attributes"], properties: { attributes } },
  });
}

/** JSON Schema 2020-12, compiled by ajv to JavaScript. */
export function jsonSchema(): Peer {
  const validate = new Ajv2020({ strict: false }).compile(EXAMPLE_SCHEMA);
  return {
    name: "JSON Schema, compiled by ajv",
    lacks:
      "versions, sizes, counts over ranges; unknown facts count as false; its errors tell of schemas, not of hosts",
    prepare: (features) => features,
    decide: (features: NodeFeatures): boolean => validate(features),
  };
}
