import { SnowflakeError } from "../../errors";
import { arrayOf, entries, members } from "./elements";
import { compareKeys, quoteJson } from "./quoteJson";
import { plainText } from "./variantText";
import { UNDEFINED_ELEMENT } from "./tags";

type Entry = readonly [key: string, value: string];

function duplicate(key: string): SnowflakeError {
  return new SnowflakeError("100104", "22000", `Duplicate field key '${key}'`);
}

/** @throws SnowflakeError 100104 for a key that comes twice */
function objectOf(list: readonly Entry[]): string {
  const sorted = [...list].sort(([a], [b]) => compareKeys(a, b));
  sorted.forEach(([key], i) => {
    if (i > 0 && sorted[i - 1]![0] === key) throw duplicate(key);
  });
  return `{${sorted.map(([key, value]) => `${quoteJson(key)}:${value}`).join(",")}}`;
}

/** @param list members as they stand in an object, in any order. Source: "OBJECT_CONSTRUCT", "OBJECT_AGG" */
export function ofMembers(list: string): string {
  return objectOf(entries(`{${list}}`));
}

/** Source: "ARRAYS_TO_OBJECT": a pair with a NULL is left out, the last of one key counts. */
export function ofArrays(keys: string, values: string): string {
  const names = members(keys);
  const contents = members(values);
  if (names.length !== contents.length) {
    throw new SnowflakeError("100219", "22000", "Array lengths must match in function ARRAYS_TO_OBJECT");
  }
  const pairs = new Map<string, string>();
  names.forEach((name, i) => {
    if (name === UNDEFINED_ELEMENT || name === "null" || contents[i] === UNDEFINED_ELEMENT) return;
    pairs.set(name.startsWith('"') ? (JSON.parse(name) as string) : plainText(name), contents[i]!);
  });
  return objectOf([...pairs]);
}

/** Objects of the n-th elements under the keys $1, $2 ... @param arrays an array of arrays. Source: "ARRAYS_ZIP" */
export function zipped(arrays: string): string {
  const columns = members(arrays).map(members);
  const rows = Math.max(...columns.map((column) => column.length));
  const defined = (element = UNDEFINED_ELEMENT): string => (element === UNDEFINED_ELEMENT ? "null" : element);
  if (rows === 0) return "[{}]";
  const row = (at: number): string => objectOf(columns.map((column, i) => [`$${i + 1}`, defined(column[at])]));
  return arrayOf(Array.from({ length: rows }, (_, at) => row(at)));
}

/** Members of some keys, or of all others. @param keys an array of texts. Source: "OBJECT_PICK", "OBJECT_DELETE" */
export function picked(object: string, keys: string, keep: boolean): string {
  const wanted = new Set(members(keys).map((key) => (key.startsWith('"') ? (JSON.parse(key) as string) : key)));
  return objectOf(entries(object).filter(([key]) => wanted.has(key) === keep));
}

/** @param value stored, or nothing to leave the key out. Source: "OBJECT_INSERT" */
export function inserted(object: string, key: string, value: string, replaces: boolean): string {
  const list = entries(object);
  const others = list.filter(([name]) => name !== key);
  if (others.length < list.length && !replaces) throw duplicate(key);
  return objectOf(value === "" ? others : [...others, [key, value]]);
}
