/** What columns of the simulation hold. Small domains, so that rows meet in joins and groups. */

/** A column's type; the first letter of the column's name in a base table says it, see typeOfColumn. */
export type ValueType = "int" | "text" | "dec" | "float" | "bool" | "date" | "list";

/** Columns that a base table may have, besides `i0`, which each has. */
export const COLUMN_NAMES = ["i1", "s0", "s1", "d0", "f0", "b0", "t0", "l0"] as const;

const TYPES: Readonly<Record<string, ValueType>> = {
  I: "int",
  S: "text",
  D: "dec",
  F: "float",
  B: "bool",
  T: "date",
  L: "list",
};

const DECLARED: Readonly<Record<ValueType, string>> = {
  int: "int",
  text: "varchar",
  dec: "number(10,2)",
  float: "float",
  bool: "boolean",
  date: "date",
  list: "variant",
};

/** How many values a type has; each is a number below it. */
export const VALUES = 16;

export function typeOfColumn(name: string): ValueType {
  return TYPES[name[0]!.toUpperCase()]!;
}

export function declaredType(type: ValueType): string {
  return DECLARED[type];
}

/**
 * The value number `index` of a type as an SQL expression; the last one is NULL.
 *
 * Floats are multiples of a quarter, so that sums do not depend on the order of addition, and NaN.
 */
export function valueText(type: ValueType, index: number): string {
  if (index === VALUES - 1) return `cast(null as ${DECLARED[type]})`;
  switch (type) {
    case "int":
      return String(index % 6);
    case "text":
      return `'${["a", "b", "A", "", "a,b", "ß"][index % 6]!}'`;
    case "dec":
      return `${(index % 7) - 2}.${["00", "50", "25"][index % 3]!}::number(10,2)`;
    case "float":
      return index === VALUES - 2 ? "'NaN'::float" : `${((index % 9) - 3) / 4}::float`;
    case "bool":
      return index % 2 === 0 ? "true" : "false";
    case "date":
      return `'2026-01-0${(index % 5) + 1}'::date`;
    case "list":
      return `parse_json('${["[1,2]", "[]", "[2,null,3]", "[1]", "null", '["1",2]'][index % 6]!}')`;
  }
}
