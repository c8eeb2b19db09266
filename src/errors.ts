/** hostfit's one base class of errors, as the layers above the bindings import it. */
export { HostfitError } from "../bindings/js/errors.ts";
