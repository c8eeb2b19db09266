/** What workerd gives for an import of a module: it is compiled already. */
declare module "hostfit/hostfit.wasm" {
  const module: object;
  export default module;
}
