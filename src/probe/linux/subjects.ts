/** The builtins that vocabularies can name, in the order in which they look at a host. */
import { cpuid } from "./cpu/cpuid.ts";
import { microarchitecture } from "./cpu/microarchitecture.ts";
import { modelOfCpu } from "./cpu/model.ts";
import { kernelCommandLine } from "./kernel/cmdline.ts";
import { kernelConfig } from "./kernel/config.ts";
import { libc } from "./libc.ts";
import { local } from "./local.ts";
import { nodeName } from "./node-name.ts";
import type { Subject } from "./subject.ts";

export const SUBJECTS: readonly Subject[] = [
  cpuid,
  microarchitecture,
  modelOfCpu,
  kernelConfig,
  kernelCommandLine,
  nodeName,
  libc,
  local,
];
