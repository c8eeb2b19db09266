/** Windows versions: which containers a host runs with process isolation (containerd's `platforms`, Microsoft's rule). */

/** Windows Server 2022 and 2025: from the first on, builds between the newest LTSC below the host and the host run. */
const LTSC2022: u32 = 20348;
const LTSC2025: u32 = 26100;

let major: u32 = 0;
let minor: u32 = 0;
/** The build that was read last. */
export let windowsBuild: u32 = 0;

/** Reads major.minor.build[.revision]; all 0 if the text is not that. */
export function readWindowsVersion(p: usize, length: u32): bool {
  const end = p + length;
  let part: u32 = 0;
  while (part < 3) {
    let value: u32 = 0;
    const start = p;
    while (p < end && <u32>load<u8>(p) - 0x30 < 10 && value < 100_000_000)
      value = value * 10 + (<u32>load<u8>(p++) - 0x30);
    const ended = p == end;
    const most: u32 = part == 2 ? 65535 : 255;
    if (p == start || value > most || (!ended && load<u8>(p) != 0x2e) || (ended && part < 2)) break;
    if (part == 0) major = value;
    else if (part == 1) minor = value;
    else windowsBuild = value;
    part++;
    p++;
  }
  if (part == 3) return true;
  major = 0;
  minor = 0;
  windowsBuild = 0;
  return false;
}

/** Whether a text is a version that says something. */
export function isWindowsVersion(p: usize, length: u32): bool {
  return readWindowsVersion(p, length) && (major | minor | windowsBuild) != 0;
}

/** Whether a container's version runs on a host's, which isWindowsVersion. */
export function windowsRuns(host: usize, hostLength: u32, image: usize, imageLength: u32): bool {
  readWindowsVersion(host, hostLength);
  const hostMajor = major;
  const hostMinor = minor;
  const hostBuild = windowsBuild;
  readWindowsVersion(image, imageLength);
  if (major != hostMajor || minor != hostMinor) return false;
  if (hostBuild < LTSC2022) return windowsBuild == hostBuild;
  const lowest = hostBuild > LTSC2025 ? LTSC2025 : LTSC2022;
  return windowsBuild >= lowest && windowsBuild <= hostBuild;
}
