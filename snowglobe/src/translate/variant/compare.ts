import { compareKeys } from "./quoteJson";
import { sortKey } from "./sortKey";
import { UNDEFINED_ELEMENT } from "./tags";

/** Order of two stored values as for ORDER BY. */
export function compareStored(a: string, b: string): number {
  return compareKeys(sortKey(a), sortKey(b));
}

/** Elements in order; those that are undefined first or last. Source: "ARRAY_SORT". */
export function sortElements(elements: readonly string[], ascending: boolean, undefinedFirst: boolean): string[] {
  const known = elements.filter((element) => element !== UNDEFINED_ELEMENT).sort(compareStored);
  if (!ascending) known.reverse();
  const unknown = elements.filter((element) => element === UNDEFINED_ELEMENT);
  return undefinedFirst ? [...unknown, ...known] : [...known, ...unknown];
}
