/** Runs in a page, and again in a module worker that the page starts; both reports are posted to where the page came from. */
import { createMatcher } from "hostfit";
import { type Report, reportOf, type VectorFiles } from "./report.ts";

/** What the page posts; `blocked` are violations of the Content-Security-Policy. */
export interface PageResult {
  readonly page?: Report;
  readonly worker?: Report;
  readonly blocked: readonly string[];
  readonly error?: string;
  readonly agent: string;
}

async function run(): Promise<Report> {
  const files = (await (await fetch("/vectors.json")).json()) as VectorFiles;
  return reportOf(await createMatcher(), files);
}

/** The same script as a worker. */
function runInWorker(): Promise<Report> {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Report | string>) =>
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
