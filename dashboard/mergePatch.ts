/** What changed between two documents, as a merge patch (RFC 7396): so little goes to the page where little changes. */

type Json = string | number | boolean | null | readonly Json[] | JsonObject;

interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A document; its properties must not be null, which a patch takes for "gone". */
export type Document = object;

/**
 * The patch that makes one document of another. Arrays are replaced as a whole.
 *
 * @returns undefined where nothing changed
 */
export function mergePatch(before: Document, after: Document): Document | undefined {
  return objectPatch(before as JsonObject, after as JsonObject);
}

function objectPatch(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const patch: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (now === undefined) {
      if (old !== undefined) patch[key] = null;
      continue;
    }
    const inner = isObject(old) && isObject(now) ? objectPatch(old, now) : isSame(old, now) ? undefined : now;
    if (inner !== undefined) patch[key] = inner;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The document that a patch makes; the one given stays as it is. */
export function applyPatch<T extends Document>(document: T, patch: Document): T {
  return patched(document as JsonObject, patch as JsonObject) as T;
}

function patched(document: JsonObject, patch: JsonObject): JsonObject {
  const entries = Object.entries(patch).flatMap(([key, value]): [string, Json | undefined][] => {
    if (value === null) return [];
    const old = document[key];
    return [[key, isObject(value) ? patched(isObject(old) ? old : {}, value) : value]];
  });
  const kept = Object.entries(document).filter(([key]) => !(key in patch));
  return Object.fromEntries([...kept, ...entries]);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: Json | undefined, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
