/** `cpu.cstate` and `cpu.pstate`: Intel's drivers, as NFD reads them. Under another driver both are empty. */
import type { Observations } from "../../observations.ts";
import { isAbsent } from "../../root.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";

const CPU = "/sys/devices/system/cpu";
const MAX_POLICIES = 8_192;

function observeIdleStates(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.cstate";
  if (sources.isMissing(`${CPU}/cpuidle`, `${CPU}/cpu0`)) {
    observations.attributes(feature, {});
    return;
  }
  const driver = sources.attribute(`${CPU}/cpuidle/current_driver`);
  if (!driver.ok) {
    observations.failure(feature, `${CPU}/cpuidle/current_driver`, driver);
    return;
  }
  if (driver.text !== "intel_idle") {
    observations.attributes(feature, {});
    return;
  }
  const file = "/sys/module/intel_idle/parameters/max_cstate";
  const deepest = sources.attribute(file);
  if (!deepest.ok) observations.failure(feature, file, deepest);
  else if (!/^[+-]?\d+$/.test(deepest.text))
    observations.note(feature, file, "no-number", `${file}: is no number`);
  else observations.attributes(feature, { enabled: String(Number(deepest.text) > 0) });
}

function observeFrequency(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.pstate";
  if (sources.isMissing(`${CPU}/intel_pstate`, `${CPU}/cpu0`)) {
    observations.attributes(feature, {});
    return;
  }
  const status = sources.attribute(`${CPU}/intel_pstate/status`);
  if (!status.ok) {
    observations.failure(feature, `${CPU}/intel_pstate/status`, status);
    return;
  }
  if (status.text === "off") {
    observations.attributes(feature, {});
    return;
  }
  const elements: Record<string, string> = { status: status.text };
  const unknown: string[] = [];
  const noTurbo = sources.attribute(`${CPU}/intel_pstate/no_turbo`);
  if (noTurbo.ok && noTurbo.text !== "") elements.turbo = String(noTurbo.text.startsWith("0"));
  else {
    unknown.push("turbo");
    if (!noTurbo.ok) observations.failure(feature, `${CPU}/intel_pstate/no_turbo`, noTurbo);
  }
  if (status.text === "active") addGovernor(sources, observations, elements, unknown);
  observations.attributes(feature, elements, unknown);
}

/** The governor, if all policies that have processors have the same. */
function addGovernor(
  sources: LinuxSources,
  observations: Observations,
  elements: Record<string, string>,
  unknown: string[],
): void {
  const feature = "cpu.pstate";
  const policies = sources.files.list(`${CPU}/cpufreq`, MAX_POLICIES);
  if (!policies.ok) {
    observations.failure(feature, `${CPU}/cpufreq`, policies);
    unknown.push("scaling_governor");
    return;
  }
  const governors = new Set<string>();
  for (const policy of policies.names) {
    const cpus = sources.attribute(`${CPU}/cpufreq/${policy}/affected_cpus`);
    if (cpus.ok && cpus.text === "") continue;
    const file = `${CPU}/cpufreq/${policy}/scaling_governor`;
    const governor = cpus.ok ? sources.attribute(file) : cpus;
    if (governor.ok) governors.add(governor.text);
    else if (!isAbsent(governor)) {
      observations.failure(feature, file, governor);
      unknown.push("scaling_governor");
      return;
    }
  }
  const [governor] = governors;
  if (governors.size === 1 && governor !== undefined && governor !== "") elements.scaling_governor = governor;
}

export const cpuPower: readonly Subject[] = [
  { builtin: "cpu-idle", observe: observeIdleStates },
  { builtin: "cpu-frequency", observe: observeFrequency },
];
