/** Major and minor for comparisons inside the probe: `5.14` is [5, 14]; undefined if it doesn't begin like that. */
export function releaseNumbers(release: string): readonly [number, number] | undefined {
  const parts = /^(\d{1,6})\.(\d{1,6})/.exec(release);
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2])];
}
