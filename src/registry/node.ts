/** What finding images needs Node for: folders, files of logins and mirrors, Docker's daemon, TLS, and the choice between the sources. */
export { CredentialFiles, defaultCredentialFiles } from "./credentials.ts";
export { DaemonSource } from "./daemon.ts";
export { askSocket, type DaemonAsk, daemonSocket } from "./daemon-socket.ts";
export { cacheFolder, DISK_CACHE_BYTES, DiskStore } from "./disk-store.ts";
export { certificateFolders, type HostCertificates, hostCertificates } from "./host-certificates.ts";
export { LayoutSource } from "./layout.ts";
export { nodeFetch, type Transport, withPlainFallback } from "./node-fetch.ts";
export { openSource, openWriter } from "./open.ts";
export { RegistriesConf, readRegistriesConf } from "./registries-conf.ts";
