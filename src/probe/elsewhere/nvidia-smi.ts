/**
 * The GPUs of `nvidia-smi -q -x`. Only a few elements with plain text are looked at, so no reader of XML is needed: nothing in it is
 * expanded, included or followed.
 */
import { instance, type Observations } from "../observations.ts";
import type { Described } from "./described.ts";

const MAX_GPUS = 1_024;

/** Element, and the attribute that it becomes. */
const ELEMENTS: readonly (readonly [string, string])[] = [
  ["product_name", "model"],
  ["uuid", "uuid"],
  ["vbios_version", "video_bios"],
  ["minor_number", "minor"],
  ["gsp_firmware_version", "firmware"],
];

/** Whether a text is its output. */
export function isNvidiaSmi(text: string): boolean {
  return /<nvidia_smi_log[\s>]/.test(text.slice(0, 4_096));
}

function textOf(xml: string, element: string): string | undefined {
  const start = xml.indexOf(`<${element}>`);
  const end = start < 0 ? -1 : xml.indexOf(`</${element}>`, start);
  if (end < 0) return undefined;
  const text = xml.slice(start + element.length + 2, end).trim();
  const isPlain = text !== "" && text.length <= 256 && !/[<&]/.test(text);
  return isPlain && !/^\[?(?:N\/A|Unknown|Not Supported)/i.test(text) ? text : undefined;
}

/** All GPUs that the driver serves. */
export function observeNvidiaSmi(text: string, observations: Observations): Described {
  const driver = textOf(text, "driver_version");
  const cuda = textOf(text, "cuda_version");
  const common = {
    ...(driver === undefined ? {} : { driver }),
    ...(cuda === undefined ? {} : { cuda }),
  };
  const gpus: ReturnType<typeof instance>[] = [];
  let whole = text.includes("</nvidia_smi_log>");
  for (const part of text.split(/<gpu id="/).slice(1)) {
    if (gpus.length >= MAX_GPUS) {
      whole = false;
      break;
    }
    const location = /^(?:[0-9a-f]{4})?([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])"/i.exec(part)?.[1];
    const found: Record<string, string> = { ...common };
    if (location !== undefined) found.bus_location = location.toLowerCase();
    for (const [element, name] of ELEMENTS) {
      const value = textOf(part, element);
      if (value !== undefined) found[name] = value;
    }
    const names = ["driver", "cuda", "bus_location", "bus_type", "module", "numa_node"];
    const all = [...names, ...ELEMENTS.map(([, name]) => name)];
    gpus.push(
      instance(
        found,
        all.filter((name) => !(name in found)),
      ),
    );
  }
  observations.instances("org.hostfit/gpu.nvidia", gpus, whole ? "complete" : "partial");
  return {};
}
