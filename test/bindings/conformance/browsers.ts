/** Real browsers, as Debian packages them. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUNTIMES } from "../../tools.ts";

/** The part of playwright-core that is used; it is installed beside the runtimes, where the compiler doesn't look. */
export interface Browser {
  newPage(options?: Readonly<Record<string, unknown>>): Promise<Page>;
  close(): Promise<void>;
}

export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  screenshot(options: { path: string; fullPage?: boolean }): Promise<unknown>;
  setInputFiles(selector: string, files: readonly string[]): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  waitForSelector(selector: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  press(selector: string, key: string): Promise<void>;
  emulateMedia(options: { colorScheme: "light" | "dark" }): Promise<void>;
  on(event: "console" | "pageerror", listener: (event: { text?(): string; message?: string }) => void): void;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser>;
  };
}

/** Starts Chromium without a window. In a container it has no sandbox of its own. */
export function startChromium(flags: readonly string[] = []): Promise<Browser> {
  const { chromium } = createRequire(RUNTIMES)("playwright-core") as Playwright;
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...flags],
  });
}

/** Opens a page in Firefox, with a new profile and no window; gives what ends it. */
export function openInFirefox(url: string): () => Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "hostfit-firefox-"));
  const preferences = [
    ["browser.shell.checkDefaultBrowser", false],
    ["datareporting.policy.dataSubmissionEnabled", false],
    ["toolkit.telemetry.reportingpolicy.firstRun", false],
    ["app.update.enabled", false],
  ];
  writeFileSync(
    join(profile, "user.js"),
    preferences.map(([name, value]) => `user_pref("${name}", ${value});\n`).join(""),
  );
  const browser = spawn("firefox-esr", ["--headless", "--no-remote", "--profile", profile, url], {
    stdio: "ignore",
    env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: "1", HOME: profile },
    // Its own group, so that its content processes end with it.
    detached: true,
  });
  return async () => {
    const ended = new Promise<void>((resolve) => browser.once("exit", () => resolve()));
    if (browser.pid !== undefined && browser.exitCode === null) {
      process.kill(-browser.pid, "SIGKILL");
      await ended;
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}
