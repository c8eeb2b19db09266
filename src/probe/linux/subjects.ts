/** The builtins that vocabularies can name, in the order in which they look at a host. */
import { cpuid } from "./cpu/cpuid.ts";
import { microarchitecture } from "./cpu/microarchitecture.ts";
import { cpuModels } from "./cpu/model.ts";
import { cpuPower } from "./cpu/power.ts";
import { cpuResourceDirector } from "./cpu/resource-director.ts";
import { cpuSecurity } from "./cpu/security.ts";
import { cpuTopology } from "./cpu/topology.ts";
import { kernelCommandLine } from "./kernel/cmdline.ts";
import { kernelConfig } from "./kernel/config.ts";
import { kernelModules, loadableModules } from "./kernel/modules.ts";
import { kernelState } from "./kernel/state.ts";
import { kernelVersion } from "./kernel/version.ts";
import { libc } from "./libc.ts";
import { local } from "./local.ts";
import { memory } from "./memory.ts";
import { network } from "./network.ts";
import { nvidia } from "./nvidia.ts";
import { pci } from "./pci.ts";
import { storage } from "./storage.ts";
import type { Subject } from "./subject.ts";
import { system } from "./system.ts";
import { usb } from "./usb.ts";

export const SUBJECTS: readonly Subject[] = [
  cpuid,
  microarchitecture,
  ...cpuModels,
  ...cpuPower,
  cpuResourceDirector,
  cpuSecurity,
  ...cpuTopology,
  kernelVersion,
  kernelConfig,
  kernelModules,
  loadableModules,
  ...kernelState,
  kernelCommandLine,
  ...memory,
  network,
  pci,
  storage,
  usb,
  ...system,
  libc,
  local,
  nvidia,
];
