/**
 * Maps `items` with at most `width` calls under way; results keep the items' order. The first rejection is the result's,
 * and no further call is started after it.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  width: number,
  call: (item: Item, position: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed && next < items.length) {
      const position = next++;
      try {
        results[position] = await call(items[position] as Item, position);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
