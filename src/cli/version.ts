declare const __HOSTFIT_VERSION__: string | undefined;

/** The package's version, which the build puts in; run from source there is none. */
export const VERSION: string = typeof __HOSTFIT_VERSION__ === "string" ? __HOSTFIT_VERSION__ : "0.0.0-source";
