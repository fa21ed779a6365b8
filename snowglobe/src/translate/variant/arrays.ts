import { SnowflakeError } from "../../errors";
import { compareStored, sortElements } from "./compare";
import { arrayOf, members } from "./elements";
import { sortKey } from "./sortKey";
import { UNDEFINED_ELEMENT } from "./tags";

/** Elements that an array may have: beyond that it passes what a VARIANT holds. */
export const MAX_ELEMENTS = 16_777_216;

/**
 * A new element at a position, from the back where it is negative; what lies between it and the others is undefined.
 * Source: "ARRAY_INSERT".
 */
export function insertAt(array: string, position: number, element: string): string {
  const elements = members(array);
  const at = position < 0 ? position + elements.length : position;
  const between = Math.max(at - elements.length, -at, 0);
  if (elements.length + between >= MAX_ELEMENTS) {
    throw new SnowflakeError("100082", "22000", `The array of ${between + elements.length + 1} elements is too large`);
  }
  const gap = Array.from({ length: between }, () => UNDEFINED_ELEMENT);
  if (at < 0) return arrayOf([element, ...gap, ...elements]);
  return arrayOf([...elements.slice(0, at), ...gap, element, ...elements.slice(at)]);
}

/** Source: "ARRAY_REMOVE_AT". */
export function removeAt(array: string, position: number): string {
  const elements = members(array);
  const at = position < 0 ? position + elements.length : position;
  return arrayOf(elements.filter((_, i) => i !== at));
}

/** From a position up to another, which is not taken; negative ones count from the back. Source: "ARRAY_SLICE". */
export function slice(array: string, from: number, to: number): string {
  return arrayOf(members(array).slice(from, to));
}

/** Source: "ARRAY_DISTINCT". */
export function distinct(array: string): string {
  const found = new Map<string, string>();
  for (const element of members(array)) {
    const key = sortKey(element);
    if (!found.has(key)) found.set(key, element);
  }
  return arrayOf([...found.values()]);
}

export function sorted(array: string, ascending: boolean, undefinedFirst: boolean): string {
  return arrayOf(sortElements(members(array), ascending, undefinedFirst));
}

/**
 * Elements that are left over, or taken, when each element of `right` takes an equal one away.
 * Source: "ARRAY_EXCEPT", "ARRAY_INTERSECTION".
 */
export function matched(left: string, right: string, keepMatches: boolean): string {
  const counts = new Map<string, number>();
  for (const element of members(right)) counts.set(sortKey(element), (counts.get(sortKey(element)) ?? 0) + 1);
  return arrayOf(
    members(left).filter((element) => {
      const key = sortKey(element);
      const count = counts.get(key) ?? 0;
      if (count > 0) counts.set(key, count - 1);
      return count > 0 === keepMatches;
    }),
  );
}

/** NULL for an array without elements, or of nothing but NULLs. Source: "ARRAY_MIN", "ARRAY_MAX". */
export function extreme(array: string, sign: 1 | -1): string | null {
  let best: string | null = null;
  for (const element of members(array)) {
    if (element === UNDEFINED_ELEMENT || element === "null") continue;
    if (best === null || sign * compareStored(element, best) > 0) best = element;
  }
  return best;
}

/** One level less; NULL where an element is NULL. Source: "ARRAY_FLATTEN". */
export function flattened(array: string): string | null {
  const parts = members(array);
  if (parts.some((part) => part === UNDEFINED_ELEMENT || part === "null")) return null;
  if (parts.some((part) => !part.startsWith("["))) {
    const what = "Input argument to ARRAY_FLATTEN is not an array of arrays";
    throw new SnowflakeError("100107", "22000", `Not an array: '${what}'`);
  }
  return arrayOf(parts.flatMap(members));
}

/**
 * The elements of several arrays, each as often as in the array that has it most often; NULLs are left out.
 * @param arrays an array of arrays. Source: "ARRAY_UNION_AGG"
 */
export function union(arrays: string): string {
  const most = new Map<string, number>();
  for (const array of members(arrays)) {
    const counts = new Map<string, number>();
    for (const element of members(array)) {
      if (element !== UNDEFINED_ELEMENT && element !== "null") counts.set(element, (counts.get(element) ?? 0) + 1);
    }
    for (const [element, count] of counts) most.set(element, Math.max(most.get(element) ?? 0, count));
  }
  return arrayOf([...most].flatMap(([element, count]) => Array.from({ length: count }, () => element)));
}
