import type { Cpu } from "./cpus.ts";
import type { SeededRandom } from "./random.ts";

/** A device as NFD's `pci.device` shows it. */
export type PciDevice = Readonly<
  Record<"class" | "vendor" | "device" | "subsystem_vendor" | "subsystem_device", string>
>;

type Kind = readonly [pciClass: string, vendor: string, device: string];

/** What is soldered on: bridges, controllers, performance units. */
const INTEL_BOARD: readonly Kind[] = [
  ["0600", "8086", "09a2"],
  ["0880", "8086", "09a4"],
  ["0880", "8086", "09a3"],
  ["0604", "8086", "352a"],
  ["0604", "8086", "347a"],
  ["0880", "8086", "0b00"],
  ["0880", "8086", "3441"],
  ["0880", "8086", "3442"],
  ["1101", "8086", "3450"],
  ["0601", "8086", "1b81"],
  ["0c05", "8086", "1bc9"],
  ["0106", "8086", "1bd2"],
  ["0c03", "8086", "1bcd"],
  ["0780", "8086", "1be0"],
  ["0880", "8086", "0b25"],
];
const AMD_BOARD: readonly Kind[] = [
  ["0600", "1022", "14a4"],
  ["0806", "1022", "149e"],
  ["0600", "1022", "149f"],
  ["0604", "1022", "14ab"],
  ["0604", "1022", "14a7"],
  ["1300", "1022", "14ac"],
  ["1080", "1022", "14ca"],
  ["0c03", "1022", "14c9"],
  ["0c05", "1022", "790b"],
  ["0601", "1022", "790e"],
  ["0600", "1022", "14b0"],
  ["0600", "1022", "14b1"],
  ["0106", "1022", "7901"],
];
const ARM_BOARD: readonly Kind[] = [
  ["0600", "1def", "e100"],
  ["0604", "1def", "e101"],
  ["0604", "1def", "e102"],
  ["0c03", "1912", "0014"],
  ["0604", "1d0f", "0200"],
];

const NETWORK: readonly Kind[] = [
  ["0200", "15b3", "1017"],
  ["0200", "15b3", "101d"],
  ["0200", "15b3", "1021"],
  ["0200", "8086", "1592"],
  ["0200", "8086", "158b"],
  ["0200", "14e4", "16d7"],
  ["0200", "14e4", "1750"],
  ["0200", "1d0f", "ec20"],
  ["0207", "15b3", "101b"],
  ["0207", "15b3", "1021"],
];
const STORAGE: readonly Kind[] = [
  ["0108", "144d", "a80a"],
  ["0108", "8086", "0a54"],
  ["0108", "1344", "51c3"],
  ["0108", "1c5c", "2839"],
  ["0104", "1000", "10e2"],
];
const ACCELERATORS: readonly Kind[] = [
  ["0302", "10de", "20b5"],
  ["0302", "10de", "2330"],
  ["0302", "10de", "1eb8"],
  ["0302", "10de", "26b9"],
  ["0380", "1002", "740f"],
  ["1200", "8086", "0b60"],
  ["0b40", "8086", "4940"],
];
const MANAGEMENT: Kind = ["0300", "1a03", "2000"];
const MAKERS = ["1028", "15d9", "103c", "1590", "1014", "0000"];

/** `count` devices of one machine: the same board throughout, a few kinds of cards. */
export function pciDevices(random: SeededRandom, cpu: Cpu, count: number): PciDevice[] {
  const maker = random.pick(MAKERS);
  const subsystem = random.hex(4);
  const cards: Kind[] = [MANAGEMENT];
  const port = random.pick(NETWORK);
  for (let i = 0; i < 2 + random.below(3); i++) cards.push(port);
  if (random.chance(0.02)) cards.push(["0200", "0eee", "0001"]);
  const disk = random.pick(STORAGE);
  for (let i = 0; i < 2 + random.below(9); i++) cards.push(disk);
  if (random.chance(0.3)) {
    const accelerator = random.pick(ACCELERATORS);
    for (let i = 0; i < 1 << random.below(4); i++) cards.push(accelerator);
  }
  const board = cpu.vendor === "Intel" ? INTEL_BOARD : cpu.vendor === "AMD" ? AMD_BOARD : ARM_BOARD;
  const devices: Kind[] = [];
  while (devices.length + cards.length < count) devices.push(board[devices.length % board.length]!);
  devices.push(...cards);
  return devices.slice(-count).map(([pciClass, vendor, device]) => ({
    class: pciClass,
    device,
    subsystem_device: vendor === "8086" && device !== "1592" ? "0000" : subsystem,
    subsystem_vendor: vendor === "8086" && device !== "1592" ? "8086" : maker,
    vendor,
  }));
}
