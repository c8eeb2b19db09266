/** CUDA's driver interface by branch of NVIDIA's driver, as NVIDIA's release notes list it. */

/** First number of the driver's version, and the newest CUDA whose driver interface it has; growing. */
const DRIVER_BRANCHES: readonly (readonly [branch: number, cuda: string])[] = [
  [346, "7.0"],
  [352, "7.5"],
  [367, "8.0"],
  [384, "9.0"],
  [387, "9.1"],
  [396, "9.2"],
  [410, "10.0"],
  [418, "10.1"],
  [440, "10.2"],
  [450, "11.0"],
  [455, "11.1"],
  [460, "11.2"],
  [465, "11.3"],
  [470, "11.4"],
  [495, "11.5"],
  [510, "11.6"],
  [515, "11.7"],
  [520, "11.8"],
  [525, "12.0"],
  [530, "12.1"],
  [535, "12.2"],
  [545, "12.3"],
  [550, "12.4"],
  [555, "12.5"],
  [560, "12.6"],
  [565, "12.7"],
  [570, "12.8"],
  [575, "12.9"],
  [580, "13.0"],
];

/** CUDA's version for a driver; undefined for one that is older or newer than the table, whose level nobody knows here. */
export function cudaOfDriver(driver: string): string | undefined {
  const branch = Number(/^(\d{3,4})\./.exec(driver)?.[1] ?? Number.NaN);
  const newest = DRIVER_BRANCHES.at(-1)?.[0] ?? 0;
  // Branches between two of the table are of the one before; a whole number above the last is a branch of its own.
  if (!(branch <= newest + 4)) return undefined;
  return DRIVER_BRANCHES.findLast(([first]) => first <= branch)?.[1];
}
