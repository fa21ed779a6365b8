import { compilationError } from "../errors";
import { NULL_TYPE } from "../sql/ast/dataType";
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
 * The binds of a statement that is only described: where none was given, NULL of no type stands in its place. Drivers ask
 * for the columns of a prepared statement before they know its values.
 *
 * @param count places in the statement
 */
export function describedBinds(bindings: Bindings, count: number): Binds {
  const { positional, named } = bindsOf(single(bindings));
  const places = Array.from({ length: count }, (_, index) => positional[index] ?? { type: NULL_TYPE, value: null });
  return { positional: places, named };
}

/** Of an array bind its first row. */
function single(bindings: Bindings): Bindings {
  return Object.fromEntries(
    Object.entries(bindings).map(([key, bind]) => [
      key,
      Array.isArray(bind.value) ? { ...bind, value: (bind.value as readonly (string | null)[])[0] ?? null } : bind,
    ]),
  );
}

/**
 * An array bind by rows; undefined where all binds are single values.
 * @throws SnowflakeError when the arrays differ in length, or single values stand among them
 */
export function arrayBindRows(bindings: Bindings): TypedValue[][] | undefined {
  const arrays = Object.values(bindings).filter((bind) => Array.isArray(bind.value));
  if (arrays.length === 0) return undefined;
  const keys = Object.keys(bindings).map(Number);
  const lengths = new Set(arrays.map((bind) => (bind.value as readonly unknown[]).length));
  if (lengths.size > 1 || arrays.length !== keys.length || keys.some(Number.isNaN)) {
    throw compilationError("Array binds must all have the same number of values", "002049", "42601");
  }
  const rows: TypedValue[][] = Array.from({ length: [...lengths][0]! }, () => []);
  for (const key of keys) {
    const { type, value } = bindings[String(key)]!;
    (value as readonly (string | null)[]).forEach((one, row) => (rows[row]![key - 1] = literalFromBind(type, one)));
  }
  return rows;
}
