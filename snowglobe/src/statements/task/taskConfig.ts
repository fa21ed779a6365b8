import { taskError } from "../../execution/taskError";

type JsonObject = Readonly<Record<string, unknown>>;

/** @throws SnowflakeError unless a CONFIG is the text of a JSON object */
export function requireConfig(config: string): void {
  parseConfig(config);
}

/**
 * The configuration of a run by EXECUTE TASK ... USING CONFIG: the given one over the task's own, objects merged key by
 * key. Source: "EXECUTE TASK".
 */
export function mergedConfig(own: string | null, given: string): string {
  const over = parseConfig(given);
  return JSON.stringify(own === null ? over : merge(parseConfig(own), over));
}

function parseConfig(config: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(config);
    if (isObject(parsed)) return parsed;
  } catch {
    // Said below.
  }
  throw taskError("Invalid config. Must be a string representation of a valid JSON Object.");
}

function merge(own: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map(Object.entries(own));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
