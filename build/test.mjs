// Runs every test: the core's own (as-pect) and all others (vitest). Ends with "N passed, N failed".
// What a test needs beyond Node and doesn't find is skipped by name and counted; with CI=true that is a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
mkdirSync(".cache", { recursive: true });
const skips = ".cache/skipped-tests.txt";
const report = ".cache/vitest.json";
rmSync(skips, { force: true });
rmSync(report, { force: true });

/** Arguments after -- go to vitest. */
const chosen = process.argv.includes("--") ? process.argv.slice(process.argv.indexOf("--") + 1) : [];

const core = runAsPect();
const rest = runVitest();
const skipped = existsSync(skips) ? readFileSync(skips, "utf8").trim().split("\n") : [];
for (const name of skipped) console.log(`skipped: ${name}`);
if (skipped.length > 0) console.log(`${skipped.length} groups of tests were skipped`);
const passed = core.passed + rest.passed;
let failed = core.failed + rest.failed;
if (process.env.CI === "true" && skipped.length > 0) failed += skipped.length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** as-pect exits 0 when no test ran, so its summary is counted. */
function runAsPect() {
  const run = spawnSync(
    process.execPath,
    ["node_modules/@as-pect/cli/bin/asp.js", "--verbose", "--no-logo"],
    { encoding: "utf8" },
  );
  const output = `${run.stdout}${run.stderr}`.replaceAll(/\u001b\[[0-9;]*m/g, "");
  process.stdout.write(output);
  const counts = /\[Tests\]:\s*(\d+)\s*\/\s*(\d+)/.exec(output);
  const ran = counts === null ? 0 : Number(counts[2]);
  const passed = counts === null ? 0 : Number(counts[1]);
  if (ran === 0) console.log("as-pect ran no test: that is a failure");
  const failed = ran - passed;
  return { passed, failed: run.status === 0 && ran > 0 ? failed : Math.max(1, failed) };
}

function runVitest() {
  const run = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...chosen,
    ],
    { stdio: "inherit", env: { ...process.env, HOSTFIT_SKIPS: skips } },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
  const failed = Math.max(
    numFailedTests,
    run.status === 0 ? 0 : 1,
    numFailedTests === 0 ? numFailedTestSuites : 0,
  );
  return { passed: numPassedTests, failed };
}
