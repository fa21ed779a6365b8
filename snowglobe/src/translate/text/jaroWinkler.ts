import { unsupported } from "../../errors";

/** Pairs of characters that may be looked at: beyond that it takes minutes. */
const MOST_PAIRS = 1_000_000_000;
/** What a common beginning adds for each of its characters, and how many of them count. */
const SCALING = 0.1;
const MOST_PREFIX = 10;

/** Characters of `a` and `b` that are equal and near each other, each in its order. */
function matching(a: readonly string[], b: readonly string[]): readonly [string[], string[]] {
  const reach = Math.max(Math.floor(Math.max(a.length, b.length) / 2) - 1, 0);
  const taken = new Uint8Array(b.length);
  const left = a.filter((letter, i) => {
    const end = Math.min(i + reach + 1, b.length);
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (taken[j] === 1 || b[j] !== letter) continue;
      taken[j] = 1;
      return true;
    }
    return false;
  });
  return [left, b.filter((_, j) => taken[j] === 1)];
}

/** From 0 to 100, whatever the case of the letters. Source: "JAROWINKLER_SIMILARITY". */
export function jaroWinkler(left: string, right: string): number {
  const a = [...left.toLowerCase()];
  const b = [...right.toLowerCase()];
  if (a.length * b.length > MOST_PAIRS) throw unsupported("JAROWINKLER_SIMILARITY of texts as long as these");
  const [x, y] = matching(a, b);
  if (x.length === 0) return 0;
  const transpositions = Math.floor(x.filter((letter, i) => letter !== y[i]).length / 2);
  const count = x.length;
  const jaro = (count / a.length + count / b.length + (count - transpositions) / count) / 3;
  let prefix = 0;
  while (prefix < Math.min(MOST_PREFIX, a.length, b.length) && a[prefix] === b[prefix]) prefix += 1;
  // Rounded down; a little more, since binary fractions may lie below the exact one.
  return Math.floor((jaro + prefix * SCALING * (1 - jaro)) * 100 + 1e-9);
}
