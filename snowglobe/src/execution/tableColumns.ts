import type { Column } from "../catalog/objects";
import { compilationError } from "../errors";
import type { DataType } from "../sql/ast/dataType";
import { physicalType } from "../translate";

/** A column as storage makes it. */
export function physicalColumn(column: Column): { readonly name: string; readonly type: string } {
  return { name: column.physical, type: physicalType(column.type) };
}

/** Whether every value of a type is one of another: a wider VARCHAR, or a wider NUMBER of the same scale. */
export function isWidening(from: DataType, to: DataType): boolean {
  if (from.kind === "VARCHAR" && to.kind === "VARCHAR") return to.length >= from.length;
  return from.kind === "NUMBER" && to.kind === "NUMBER" && to.scale === from.scale && to.precision >= from.precision;
}

export function requireDistinct(columns: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw compilationError(`duplicate column name '${name}'`, "002025", "42S21");
    seen.add(name);
  }
}
