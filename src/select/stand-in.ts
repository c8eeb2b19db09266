/**
 * A document that counts but can't be read leaves its candidate undetermined: neither is it taken for absent, nor does
 * another one take its place. This is said to the core as a condition over a feature that no probe gives; whoever writes it
 * into facts by hand lies about a host that is their own.
 */
import type { IdentifiedDocument } from "../../bindings/js/types.ts";
import type { HostfitError } from "../errors.ts";

/** The feature that stands for a document which can't be read, in reasons. */
export const UNREADABLE = "org.hostfit/document.content";

/** What stands for a document that can't be read. */
export function unreadableDocument(id: string, why: HostfitError): IdentifiedDocument {
  return {
    id,
    document: {
      apiVersion: "hostfit/v1.0",
      kind: "Requirements",
      requires: {
        name: "document",
        description: `${why.code}: ${why.message}`,
        [UNREADABLE]: { readable: true },
      },
    },
  };
}
