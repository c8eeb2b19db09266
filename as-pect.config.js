/** as-pect: the core's own specs, one a subject, beside the core. */
export default {
  entries: ["assembly/spec/**/*.spec.ts"],
  include: ["assembly/spec/**/*.include.ts"],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    let result;
    const imports = createImports({ env: { memory } });
    result = await instantiate(binary, imports);
    return result;
  },
  outputBinary: false,
};
