import type { HostFunction } from "../../storage";
import * as arrays from "../variant/arrays";
import { entries } from "../variant/elements";
import * as objects from "../variant/objects";
import { atPath } from "../variant/path";
import { sortKey } from "../variant/sortKey";
import { readJson } from "../variant/readJson";
import { plainText, variantText } from "../variant/variantText";

/** What reading a text as JSON says is wrong with it; null where nothing is. Source: "CHECK_JSON". */
function checkJson(text: string): string | null {
  try {
    readJson(text);
    return null;
  } catch (error) {
    return (error as Error).message.replace("Error parsing JSON: ", "");
  }
}

function tryReadJson(text: string, mode: string): string | null {
  try {
    return readJson(text, mode === "d") ?? null;
  } catch {
    return null;
  }
}

/** The exact key before others. Source: "GET_IGNORE_CASE". */
function keyIgnoringCase(stored: string, key: string): string | null {
  if (!stored.startsWith("{")) return null;
  const found = entries(stored);
  const folded = key.toLowerCase();
  return (found.find(([name]) => name === key) ?? found.find(([name]) => name.toLowerCase() === folded))?.[1] ?? null;
}

/** Readers and printers of VARIANTs, and functions of arrays and objects that look at all elements. */
export const variantFunctions: readonly HostFunction[] = [
  { name: "host_read_json", parameters: 2, call: (text, mode) => readJson(text, mode === "d") ?? null },
  { name: "host_try_read_json", parameters: 2, call: tryReadJson },
  { name: "host_check_json", parameters: 1, call: checkJson },
  { name: "host_variant_text", parameters: 1, call: (stored) => variantText(stored) },
  { name: "host_variant_lines", parameters: 2, call: (stored, indent) => variantText(stored, Number(indent)) },
  { name: "host_variant_plain", parameters: 1, call: plainText },
  { name: "host_variant_key", parameters: 1, call: sortKey },
  { name: "host_at_path", parameters: 2, call: atPath },
  { name: "host_key_ignoring_case", parameters: 2, call: keyIgnoringCase },
  {
    name: "host_array_insert",
    parameters: 3,
    call: (array, at, element) => arrays.insertAt(array, Number(at), element),
  },
  { name: "host_array_remove_at", parameters: 2, call: (array, at) => arrays.removeAt(array, Number(at)) },
  { name: "host_array_slice", parameters: 3, call: (array, from, to) => arrays.slice(array, Number(from), Number(to)) },
  { name: "host_array_distinct", parameters: 1, call: arrays.distinct },
  {
    name: "host_array_sort",
    parameters: 3,
    call: (array, ascending, nullsFirst) => arrays.sorted(array, ascending === "true", nullsFirst === "true"),
  },
  { name: "host_array_except", parameters: 2, call: (left, right) => arrays.matched(left, right, false) },
  { name: "host_array_intersection", parameters: 2, call: (left, right) => arrays.matched(left, right, true) },
  { name: "host_array_min", parameters: 1, call: (array) => arrays.extreme(array, -1) },
  { name: "host_array_max", parameters: 1, call: (array) => arrays.extreme(array, 1) },
  { name: "host_array_flatten", parameters: 1, call: arrays.flattened },
  { name: "host_array_union", parameters: 1, call: arrays.union },
  { name: "host_arrays_zip", parameters: 1, call: objects.zipped },
  { name: "host_arrays_to_object", parameters: 2, call: objects.ofArrays },
  { name: "host_object", parameters: 1, call: objects.ofMembers },
  {
    name: "host_object_pick",
    parameters: 3,
    call: (object, keys, keep) => objects.picked(object, keys, keep === "true"),
  },
  {
    name: "host_object_insert",
    parameters: 4,
    call: (object, key, value, replaces) => objects.inserted(object, key, value, replaces === "true"),
  },
];
