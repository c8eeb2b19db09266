/** What finding images needs Node for: layouts in folders, logins in files, and the choice between the sources. */
export { CredentialFiles, defaultCredentialFiles } from "./credentials.ts";
export { cacheFolder, DISK_CACHE_BYTES, DiskStore } from "./disk-store.ts";
export { LayoutSource } from "./layout.ts";
export { openSource, openWriter } from "./open.ts";
