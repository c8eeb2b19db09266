/** `cpu.topology` and `cpu.coprocessor`. */
import type { Observations } from "../../observations.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";

const DEVICES = "/sys/bus/cpu/devices";
const MAX_CPUS = 8_192;

/** Threads that share a core, and sockets. As in NFD one processor that can't be read, an offline one say, empties it. */
function observeTopology(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.topology";
  const devices = sources.files.list(DEVICES, MAX_CPUS);
  if (!devices.ok) {
    observations.failure(feature, DEVICES, devices);
    return;
  }
  if (devices.truncated) {
    observations.note(feature, DEVICES, "too-many-entries", `${DEVICES}: more than ${MAX_CPUS} entries`);
    return;
  }
  let threads = false;
  const sockets = new Set<string>();
  for (const device of devices.names) {
    const directory = `${DEVICES}/${device}/topology`;
    const siblings = sources.attribute(`${directory}/thread_siblings_list`);
    const socket = siblings.ok ? sources.attribute(`${directory}/physical_package_id`) : siblings;
    if (!siblings.ok || !socket.ok) {
      const failure = siblings.ok ? socket : siblings;
      if (!failure.ok) observations.failure(feature, directory, failure);
      return;
    }
    threads = threads || /[,-]/.test(siblings.text);
    sockets.add(socket.text);
  }
  observations.attributes(feature, {
    hardware_multithreading: String(threads),
    socket_count: String(sockets.size),
  });
}

/** POWER's compression accelerator; on other architectures the set is empty. */
function observeCoprocessor(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.coprocessor";
  const file = "/sys/devices/vio/ibm,compression-v1/nx_gzip_caps";
  if (sources.architecture.origin === "assumed") {
    observations.note(
      feature,
      file,
      "architecture-unknown",
      "nothing under the host's root says its architecture",
    );
    return;
  }
  if (sources.architecture.architecture !== "ppc64le" || sources.isMissing(file, "/sys/devices")) {
    observations.attributes(feature, {});
  } else if (sources.exists(file) === true) observations.attributes(feature, { nx_gzip: "true" });
  else observations.note(feature, file, "not-visible", `${file}: can't be looked at`);
}

export const cpuTopology: readonly Subject[] = [
  { builtin: "cpu-topology", observe: observeTopology },
  { builtin: "coprocessor", observe: observeCoprocessor },
];
