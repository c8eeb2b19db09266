/**
 * Finds images and the requirements documents that travel with them. What is exported here needs `fetch` and Web Crypto
 * only, and so runs in browsers and workers; `node.ts` adds what reads files.
 */
export {
  ANONYMOUS,
  type AuthScope,
  type Credentials,
  type CredentialsProvider,
} from "./auth.ts";
export {
  type Candidate,
  type CandidateIndex,
  type CandidateList,
  type CandidateNote,
  candidatesOf,
  configPlatform,
  type SkippedEntry,
  type SkipReason,
} from "./candidates.ts";
export type { ContentStore } from "./content-store.ts";
export { type Descriptor, type Platform, plainDescriptor } from "./descriptor.ts";
export { algorithmOf, type Digest, digestOf, hexOf, isDigest, parseDigest, verifyContent } from "./digest.ts";
export * from "./document-types.ts";
export {
  type DocumentsOptions,
  documentsFor,
  type ImageDocuments,
  type Outcome,
  type SubjectDocuments,
} from "./documents.ts";
export {
  isBadInput,
  isUnreachable,
  printable,
  REGISTRY_ERRORS,
  RegistryError,
  type RegistryErrorCode,
} from "./errors.ts";
export {
  type DocumentIdentity,
  type DocumentNote,
  type DocumentOrigin,
  type DocumentToTrust,
  type FoundDocument,
  type MalformedDocument,
  type OtherDocument,
  TRUST_ALL,
  type TrustDecision,
  type Trusts,
  type WhyNot,
  type Winner,
} from "./found-document.ts";
export type { HttpOptions, Purpose, RequestEvent } from "./http.ts";
export * from "./limits.ts";
export type { ImageManifest, IndexManifest, Manifest } from "./manifest.ts";
export { MirroredSource, type Place } from "./mirrored.ts";
export {
  type DaemonReference,
  formatReference,
  formatWithDigest,
  type LayoutReference,
  nameOf,
  parseReference,
  type Reference,
  type RegistryReference,
} from "./reference.ts";
export type { ReferrersMode } from "./referrers.ts";
export { type Location, type Locations, type RegistryOptions, RegistrySource } from "./registry.ts";
export type {
  BlobRequest,
  CallOptions,
  Memory,
  Referrers,
  Resolved,
  ResolveOptions,
  Source,
  Target,
} from "./source.ts";
