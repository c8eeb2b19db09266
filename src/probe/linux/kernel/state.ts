/** What the running kernel has switched on: SELinux, KVM, security modules, BTF, control groups. */
import type { Observations } from "../../observations.ts";
import { isAbsent } from "../../root.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { wordsOf } from "../text.ts";

/** `enabled` is whether SELinux *enforces*: NFD's word for it. */
function observeSelinux(sources: LinuxSources, observations: Observations): void {
  const file = "/sys/fs/selinux/enforce";
  if (sources.isMissing("/sys/fs/selinux", "/sys/module")) {
    observations.attributes("kernel.selinux", { enabled: "false" });
    return;
  }
  const enforce = sources.attribute(file);
  if (enforce.ok && enforce.text !== "") {
    observations.attributes("kernel.selinux", { enabled: String(enforce.text.startsWith("1")) });
  } else if (enforce.ok) observations.note("kernel.selinux", file, "empty", `${file}: is empty`);
  else observations.failure("kernel.selinux", file, enforce);
}

/** A fact that is whether something exists; `base` is what must be visible for its absence to count. */
function observeExistence(feature: string, attribute: string, file: string, base: string) {
  return (sources: LinuxSources, observations: Observations): void => {
    const exists = sources.exists(file);
    if (exists === true) observations.attributes(feature, { [attribute]: "true" });
    else if (exists === false && sources.isMissing(file, base))
      observations.attributes(feature, { [attribute]: "false" });
    else observations.note(feature, file, "not-visible", `${file}: ${base} can't be looked at`);
  };
}

function observeSecurityModules(sources: LinuxSources, observations: Observations): void {
  const feature = "org.hostfit/kernel.lsm";
  const file = "/sys/kernel/security/lsm";
  const list = sources.attribute(file);
  if (list.ok)
    observations.flags(
      feature,
      list.text
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    );
  else observations.failure(feature, file, list);
}

/** `version` 2 is the unified hierarchy alone; 1 the older ones, `hybrid` where the unified one stands beside them. */
function observeControlGroups(sources: LinuxSources, observations: Observations): void {
  const feature = "org.hostfit/kernel.cgroup";
  const directory = "/sys/fs/cgroup";
  const controllers = sources.attribute(`${directory}/cgroup.controllers`);
  if (controllers.ok) {
    const elements = {
      version: "2",
      mode: "unified",
      controllers: wordsOf(controllers.text).sort().join(" "),
    };
    observations.attributes(feature, elements);
    return;
  }
  if (!isAbsent(controllers)) {
    observations.failure(feature, `${directory}/cgroup.controllers`, controllers);
    return;
  }
  const names = sources.files.list(directory, 256);
  if (!names.ok || names.names.length === 0) {
    observations.note(feature, directory, "not-mounted", `${directory}: no control groups are mounted there`);
    return;
  }
  const hybrid = names.names.includes("unified");
  const controllerNames = names.names.filter(
    (name) => name !== "unified" && name !== "systemd" && !name.includes(","),
  );
  const elements = {
    version: "1",
    mode: hybrid ? "hybrid" : "legacy",
    controllers: controllerNames.join(" "),
  };
  observations.attributes(feature, elements);
}

export const kernelState: readonly Subject[] = [
  { builtin: "selinux", observe: observeSelinux },
  {
    builtin: "kvm",
    observe: observeExistence(
      "kernel.kvm",
      "enabled",
      "/sys/devices/virtual/misc/kvm",
      "/sys/devices/virtual/misc",
    ),
  },
  {
    builtin: "btf",
    observe: observeExistence(
      "org.hostfit/kernel.btf",
      "available",
      "/sys/kernel/btf/vmlinux",
      "/sys/kernel",
    ),
  },
  { builtin: "security-modules", observe: observeSecurityModules },
  { builtin: "control-groups", observe: observeControlGroups },
];
