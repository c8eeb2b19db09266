/** Comparing a part of an answer with the whole. */

/**
 * Where `actual` isn't what `expected` says: of objects the members that are given are compared, of lists every element,
 * everything else must be equal. Empty if it is.
 */
export function differences(expected: unknown, actual: unknown, place = ""): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [said(place, expected, actual)];
    const lengths =
      expected.length === actual.length
        ? []
        : [`${place}: ${expected.length} elements, but ${actual.length}: ${show(actual)}`];
    return [
      ...lengths,
      ...expected.flatMap((element, i) =>
        i < actual.length ? differences(element, actual[i], `${place}/${i}`) : [],
      ),
    ];
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return [said(place, expected, actual)];
    return Object.entries(expected).flatMap(([key, value]) =>
      key in actual ? differences(value, actual[key], `${place}/${key}`) : [`${place}/${key}: is not there`],
    );
  }
  return expected === actual ? [] : [said(place, expected, actual)];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function said(place: string, expected: unknown, actual: unknown): string {
  return `${place}: ${show(expected)} is said, but it is ${show(actual)}`;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
