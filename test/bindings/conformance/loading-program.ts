/** Runs in a page: loads the core from where the page's own address says, and posts what came of it. */
import { createMatcher, type HostfitError } from "hostfit";

const path = new URL(location.href).searchParams.get("wasm");
createMatcher(path === null ? {} : { wasm: new URL(path, location.href) })
  .then(
    () => "loaded",
    ({ name, code }: HostfitError) => `${name} ${code}`,
  )
  .then((told) => fetch("/result", { method: "POST", body: told }));
