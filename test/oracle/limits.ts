/** What the core bounds beyond what it must compute with: docs/abi.md, "Limits". */

/** Nesting of objects and arrays. */
export const MAX_DEPTH = 128;
/** Terms of one range, over all its groups. */
export const MAX_RANGE_TERMS = 64;
/** Platforms of one host. */
export const MAX_PLATFORMS = 64;
/** `os.features` of one platform of a host. */
export const MAX_OS_FEATURES = 256;
/** Bytes of one pattern. */
export const MAX_PATTERN_BYTES = 4096;
/** Reasons of one answer; past them they are counted only. */
export const MAX_REASONS = 64;
