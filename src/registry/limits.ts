/**
 * The bounds on everything that comes from outside. What passes a bound is an error or a note, never cut off in silence.
 */

/** Bytes of a manifest or an index: what registries must accept (distribution-spec, "Pushing Manifests"). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Bytes of a requirements document in a blob. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** Bytes of an image's config. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Bytes of any blob, whatever limit a caller names: a mistake in a caller must not pull a layer. */
export const MAX_BLOB_BYTES = 16 * 1024 * 1024;
/** UTF-8 bytes of a document that stands inline on one descriptor or index. */
export const MAX_INLINE_BYTES = 16 * 1024;
/** UTF-8 bytes of all documents that stand inline in one index. */
export const MAX_INLINE_BYTES_PER_INDEX = 1024 * 1024;
/** Bytes of distinct documents that are fetched for one image. */
export const MAX_DOCUMENT_BYTES_PER_IMAGE = 64 * 1024 * 1024;
/** Indexes within indexes: the root is at depth 0. */
export const MAX_INDEX_DEPTH = 4;
/** Indexes under one root, the root counted. */
export const MAX_INDEXES = 64;
/** Entries under one root, in all its indexes. */
export const MAX_CANDIDATES = 4096;
/** Pages of a referrers list. */
export const MAX_REFERRER_PAGES = 32;
/** Entries of a referrers list. */
export const MAX_REFERRERS = 4096;
/** Indexes and candidates of one image whose referrers are asked for. */
export const MAX_SUBJECTS_ASKED = 1024;
/** Manifests of an image whose referrers are asked for before they are needed. */
export const MAX_EXPECTED_SUBJECTS = 32;
/** Artifact manifests that are read to find one subject's winner. */
export const MAX_ARTIFACTS_READ = 256;
/** Manifests that are read to find the referrers in a layout. */
export const MAX_LAYOUT_MANIFESTS = 20_000;
/** Bytes of a document that travels in its descriptor as well. */
export const MAX_DATA_BYTES = 4096;
/** Attempts at changing a list of referrers that others change too. */
export const MAX_TAG_UPDATES = 16;
/** Files in an archive of a layout. */
export const MAX_ARCHIVE_ENTRIES = 100_000;
/** Redirects that one request may follow. */
export const MAX_REDIRECTS = 5;
/** Bytes of an error's body that are read for its message. */
export const MAX_ERROR_BYTES = 64 * 1024;
/** Bytes of a token server's answer. */
export const MAX_TOKEN_BYTES = 256 * 1024;
/** Bytes of a file with credentials. */
export const MAX_CREDENTIALS_FILE_BYTES = 1024 * 1024;
/** Attempts at one request, the first counted. */
export const MAX_ATTEMPTS = 4;
/** Milliseconds that a `Retry-After` may ask for; a longer one ends the request at once. */
export const MAX_RETRY_WAIT_MS = 20_000;
/** Milliseconds for one attempt, from its start to the last byte of its body. */
export const DEFAULT_TIMEOUT_MS = 30_000;
/** Requests or file reads under way at once for one image. */
export const CONCURRENCY = 8;
/** Artifacts of one subject that are read at once: where a registry says too little of them, all must be read before one counts. */
export const ARTIFACT_CONCURRENCY = 32;
/** Bytes of verified content that a registry source keeps, so that what many images share is fetched once. */
export const CONTENT_CACHE_BYTES = 16 * 1024 * 1024;
