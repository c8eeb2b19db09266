/** as-pect: the core's own specs, one a subject, beside the core. */
export default {
  entries: ["assembly/spec/**/*.spec.ts"],
  include: ["assembly/spec/**/*.include.ts"],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory } }));
  },
  outputBinary: false,
};
