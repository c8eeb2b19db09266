/** Runs in a page, and again in a module worker that the page starts; both reports are posted to where the page came from. */
import { createMatcher } from "hostfit";
import { misuseOf, type Report, reportOf, type VectorSet } from "./report.ts";

/** What one run of the vectors gave. */
export interface Run {
  readonly reports: readonly Report[];
  readonly misuse: readonly string[];
}

/** What the page posts; `blocked` are violations of the Content-Security-Policy. */
export interface PageResult {
  readonly page?: Run;
  readonly worker?: Run;
  readonly blocked: readonly string[];
  readonly error?: string;
  readonly agent: string;
}

async function run(): Promise<Run> {
  const { files, misuse } = (await (await fetch("/vectors.json")).json()) as VectorSet;
  const core = new Uint8Array(await (await fetch("/hostfit.wasm")).arrayBuffer());
  const report = await reportOf(await createMatcher(), files);
  return { reports: [report], misuse: await misuseOf(createMatcher, core, misuse) };
}

/** The same script as a worker. */
function runInWorker(): Promise<Run> {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Run | string>) =>
      typeof data === "string" ? reject(new Error(data)) : resolve(data);
    worker.onerror = (event) => reject(new Error(`the worker: ${event.message}`));
  });
}

async function runInPage(): Promise<void> {
  const blocked: string[] = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    blocked.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
  let result: PageResult;
  try {
    const page = await run();
    const worker = await runInWorker();
    result = { page, worker, blocked, agent: navigator.userAgent };
  } catch (error) {
    result = { blocked, error: String(error), agent: navigator.userAgent };
  }
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
}

if (typeof document === "undefined") {
  run().then(
    (report) => postMessage(report),
    (error: unknown) => postMessage(String(error)),
  );
} else await runInPage();
