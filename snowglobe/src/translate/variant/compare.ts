import { compareKeys } from "./quoteJson";
import { readTag, TAGS, UNDEFINED_ELEMENT } from "./tags";

/** Where values of different types stand among each other: JSON null is last. */
function rank(stored: string): number {
  const tag = readTag(stored);
  if (tag) return tag.letter === TAGS.DOUBLE || tag.letter === TAGS.DECIMAL ? 0 : 1;
  switch (stored[0]) {
    case '"':
      return 1;
    case "t":
    case "f":
      return 2;
    case "[":
      return 3;
    case "{":
      return 4;
    case "n":
      return 5;
    default:
      return 0;
  }
}

function numberOf(stored: string): number {
  const text = readTag(stored)?.text ?? stored;
  return text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);
}

/** Order of two stored values as ORDER BY has it. Whole numbers of any length compare exactly. */
export function compareStored(a: string, b: string): number {
  if (a === b) return 0;
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (rank(a) !== 0) return compareKeys(a, b);
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return BigInt(a) < BigInt(b) ? -1 : 1;
  return numberOf(a) - numberOf(b);
}

/** Elements in order; those that are undefined first or last. Source: "ARRAY_SORT". */
export function sortElements(elements: readonly string[], ascending: boolean, undefinedFirst: boolean): string[] {
  const known = elements.filter((element) => element !== UNDEFINED_ELEMENT).sort(compareStored);
  if (!ascending) known.reverse();
  const unknown = elements.filter((element) => element === UNDEFINED_ELEMENT);
  return undefinedFirst ? [...unknown, ...known] : [...known, ...unknown];
}
