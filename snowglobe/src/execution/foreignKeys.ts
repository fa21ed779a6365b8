import type { Catalog } from "../catalog/catalog";
import type { Column, Constraint, DynamicTable, KeyReference, Table } from "../catalog/objects";

/** A foreign key as clients ask for it: both ends by the names of today. */
export interface ForeignKey {
  readonly constraint: Constraint;
  readonly rules: KeyReference;
  readonly table: Table | DynamicTable;
  readonly target: Table | DynamicTable;
  /** The key of `target` that it refers to. */
  readonly key: Constraint;
  /** Of `target`, in the order of the constraint's columns. */
  readonly targetColumns: readonly string[];
}

/** The primary or unique key over exactly these columns, in whatever order. */
export function keyOn(
  { constraints }: { readonly constraints?: readonly Constraint[] },
  columns: readonly string[],
): Constraint | undefined {
  const sorted = (all: readonly string[]): string => JSON.stringify([...all].sort());
  return constraints?.find((one) => one.kind !== "FOREIGN KEY" && sorted(one.columns) === sorted(columns));
}

/**
 * The table's foreign keys. One whose table, column or key was dropped went with it. Source: "DROP TABLE", CASCADE;
 * "Dropping constraints".
 */
export function foreignKeysOf(table: Table | DynamicTable, catalog: Catalog): ForeignKey[] {
  return (table.constraints ?? []).flatMap((constraint) => {
    const { references } = constraint;
    const target = references && catalog.object(references.tableId);
    if (!references || !target || !("storageId" in target) || target.droppedOn !== undefined) return [];
    const names = references.columns.map((physical) => nameOf(physical, target.columns));
    if (names.includes(undefined)) return [];
    const targetColumns = names as string[];
    const key = keyOn(target, targetColumns);
    return key ? [{ constraint, rules: references, table, target, key, targetColumns }] : [];
  });
}

function nameOf(physical: string, columns: readonly Column[]): string | undefined {
  return columns.find((column) => column.physical === physical)?.name;
}

/** The table's constraints that still hold: see `foreignKeysOf`. */
export function constraintsOf(table: Table | DynamicTable, catalog: Catalog): Constraint[] {
  const live = new Set(foreignKeysOf(table, catalog).map(({ constraint }) => constraint));
  return (table.constraints ?? []).filter((one) => one.kind !== "FOREIGN KEY" || live.has(one));
}
