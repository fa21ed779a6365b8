/**
 * The word of a list that a misspelt one is nearest to.
 *
 * @returns undefined where none is near: more than a third of its letters differ
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const distances = words.map((known) => ({ known, edits: editsBetween(word.toLowerCase(), known.toLowerCase()) }));
  const [best] = distances.sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(2, Math.floor(best.known.length / 3)) ? best.known : undefined;
}

/** Letters to change, add or leave out, and neighbours to swap (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  const rows = [...Array(a.length + 1).keys()].map((i) => [i, ...Array<number>(b.length).fill(0)]);
  rows[0] = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same, swapped);
    }
  return rows[a.length]![b.length]!;
}
