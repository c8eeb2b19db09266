/** Did you mean: the known word that is closest to one that isn't. */

/** Longer words are not compared: nobody mistypes a name of that length, and the cost is quadratic. */
const LONGEST = 64;

/**
 * The candidate with the fewest edits (insertions, deletions, substitutions, swaps of neighbours; case counts half), if
 * these are few for the word's length; null otherwise. Ties go to the earlier candidate.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length === 0 || word.length > LONGEST) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST) continue;
    const cost = edits(word, candidate);
    if (cost < least) {
      best = candidate;
      least = cost;
    }
  }
  return best;
}

function edits(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const left = a[row - 1] ?? "";
      const right = b[column - 1] ?? "";
      const same = left === right ? 0 : left.toLowerCase() === right.toLowerCase() ? 0.5 : 1;
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + same,
      );
      if (row > 1 && column > 1 && left === b[column - 2] && a[row - 2] === right) {
        cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
