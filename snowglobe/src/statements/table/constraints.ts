import { randomUUID } from "node:crypto";
import type { Constraint, DynamicTable, Table } from "../../catalog/objects";
import { compilationError, invalidIdentifier } from "../../errors";
import type { StatementContext } from "../../execution/context";
import type {
  AlterTableAction,
  ColumnDefinition,
  ConstraintReference,
  TableConstraint,
} from "../../sql/ast/statements/table";
import { referenceOf, type Constrained } from "./foreignKeys";

/** Constraints are kept and shown but, as in Snowflake, not enforced. Source: "Overview of constraints". */

const KINDS = { primaryKey: "PRIMARY KEY", unique: "UNIQUE", foreignKey: "FOREIGN KEY" } as const;

/** Constraints of columns, each as if it stood beside its column. */
export function columnConstraints(columns: readonly ColumnDefinition[]): TableConstraint[] {
  return columns.flatMap((column) =>
    column.constraints.map(({ references, ...one }) => ({
      ...one,
      columns: [column.name],
      ...(references && {
        references: { table: references.table, columns: references.column ? [references.column] : [] },
      }),
    })),
  );
}

/**
 * The table's constraints and those that are declared with them. Foreign keys come last: they may refer to the table's
 * own keys, wherever these stand.
 *
 * @throws SnowflakeError for a column or key that is not there, and for a second primary key
 */
export function withConstraints(
  table: Constrained,
  declared: readonly TableConstraint[],
  context: StatementContext,
): Constraint[] {
  const constraints = [...(table.constraints ?? [])];
  const names = new Set(table.columns.map((column) => column.name));
  const ordered = [
    ...declared.filter((one) => one.kind !== "foreignKey"),
    ...declared.filter((one) => one.kind === "foreignKey"),
  ];
  for (const one of ordered) {
    const missing = one.columns.find((column) => !names.has(column.name));
    if (missing) throw invalidIdentifier(missing.name);
    constraints.push({
      kind: KINDS[one.kind],
      name: one.name?.name ?? `SYS_CONSTRAINT_${randomUUID()}`,
      columns: one.columns.map((column) => column.name),
      ...(one.options.includes("RELY") && { rely: true }),
      ...(one.references && { references: referenceOf(one, { ...table, constraints }, context) }),
    });
  }
  if (constraints.filter((one) => one.kind === "PRIMARY KEY").length > 1) {
    throw compilationError("A table can have one primary key only.", "002204", "42601");
  }
  return constraints;
}

/** ADD | ALTER | DROP | RENAME of a constraint. Source: "ALTER TABLE". @throws SnowflakeError for one that is not there */
export function alteredConstraints(
  action: Extract<
    AlterTableAction,
    { action: "addConstraint" | "alterConstraint" | "dropConstraint" | "renameConstraint" }
  >,
  table: Table | DynamicTable,
  context: StatementContext,
): readonly Constraint[] {
  const constraints = table.constraints ?? [];
  switch (action.action) {
    case "addConstraint":
      return withConstraints(table, [action.constraint], context);
    case "alterConstraint": {
      const found = referred(action.constraint, table);
      const rely = action.options.includes("NORELY") ? false : action.options.includes("RELY") || found.rely;
      return constraints.map((one) => (one === found ? { ...one, rely } : one));
    }
    case "dropConstraint": {
      const found = referred(action.constraint, table);
      return constraints.filter((one) => one !== found);
    }
    case "renameConstraint": {
      const found = referred({ kind: "name", name: action.from }, table);
      return constraints.map((one) => (one === found ? { ...one, name: action.to.name } : one));
    }
  }
}

function referred(reference: ConstraintReference, table: Table | DynamicTable): Constraint {
  const found = (table.constraints ?? []).find((one) => {
    if (reference.kind === "name") return one.name === reference.name.name;
    if (one.kind !== KINDS[reference.kind]) return false;
    return (
      reference.kind === "primaryKey" || reference.columns.map((column) => column.name).join() === one.columns.join()
    );
  });
  if (found) return found;
  const what = reference.kind === "name" ? `Constraint '${reference.name.name}'` : KINDS[reference.kind];
  throw compilationError(`${what} does not exist on table '${table.name}'.`, "002003", "02000");
}
