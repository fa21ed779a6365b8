import { compilationError } from "../errors";
import { literalFromBind, type Binds, type TypedValue } from "../translate";
import type { BindValue } from "./contract";

type Bindings = Readonly<Record<string, BindValue>>;

/** The binds of one execution as typed values; keys that are numbers are positions, others names. */
export function bindsOf(bindings: Bindings): Binds {
  const positional: TypedValue[] = [];
  const named = new Map<string, TypedValue>();
  for (const [key, bind] of Object.entries(bindings)) {
    const typed = literalFromBind(bind.type, bind.value as string | null);
    if (/^\d+$/.test(key)) positional[Number(key) - 1] = typed;
    else named.set(key.toUpperCase(), typed);
  }
  return { positional, named };
}

/**
 * An array bind as one set of binds for each row; undefined where all binds are single values.
 * @throws SnowflakeError when the arrays differ in length
 */
export function arrayBindRows(bindings: Bindings): Bindings[] | undefined {
  const arrays = Object.values(bindings).filter((bind) => Array.isArray(bind.value));
  if (arrays.length === 0) return undefined;
  const lengths = new Set(arrays.map((bind) => (bind.value as readonly unknown[]).length));
  if (lengths.size > 1 || arrays.length !== Object.keys(bindings).length) {
    throw compilationError("Array binds must all have the same number of values", "002049", "42601");
  }
  const [count] = lengths;
  return Array.from({ length: count! }, (_, row) =>
    Object.fromEntries(
      Object.entries(bindings).map(([key, bind]) => [
        key,
        { ...bind, value: (bind.value as readonly (string | null)[])[row]! },
      ]),
    ),
  );
}
