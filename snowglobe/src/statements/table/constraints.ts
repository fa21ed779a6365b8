import { randomUUID } from "node:crypto";
import type { Constraint, DynamicTable, Table } from "../../catalog/objects";
import { compilationError, invalidIdentifier } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { AlterTableAction, ConstraintReference, TableConstraint } from "../../sql/ast/statements/table";

/** Constraints are kept and shown but, as in Snowflake, not enforced. Source: "Overview of constraints". */

const KINDS = { primaryKey: "PRIMARY KEY", unique: "UNIQUE", foreignKey: "FOREIGN KEY" } as const;

type Stored = Table | DynamicTable;

/** Those of CREATE TABLE, in its columns and beside them. @throws SnowflakeError for a column that is not there */
export function constraintsOf(statement: StatementOf<"createTable">, columns: readonly string[]): Constraint[] {
  const inline = statement.columns.flatMap((column) =>
    column.constraints.map((one) => made(one.kind, one.name?.name, [column.name.name], one.options)),
  );
  const all = [...inline, ...statement.constraints.map(constraintOf)];
  for (const one of all) requireColumns(one, columns);
  if (all.filter((one) => one.kind === "PRIMARY KEY").length > 1) throw secondPrimaryKey();
  return all;
}

function constraintOf(constraint: TableConstraint): Constraint {
  const columns = constraint.columns.map((column) => column.name);
  return made(constraint.kind, constraint.name?.name, columns, constraint.options);
}

function made(
  kind: TableConstraint["kind"],
  name: string | undefined,
  columns: readonly string[],
  options: readonly string[],
): Constraint {
  return {
    kind: KINDS[kind],
    name: name ?? `SYS_CONSTRAINT_${randomUUID()}`,
    columns,
    ...(options.includes("RELY") && { rely: true }),
  };
}

/** ADD | ALTER | DROP | RENAME of a constraint. Source: "ALTER TABLE". @throws SnowflakeError for one that is not there */
export function alteredConstraints(
  action: Extract<
    AlterTableAction,
    { action: "addConstraint" | "alterConstraint" | "dropConstraint" | "renameConstraint" }
  >,
  table: Stored,
): readonly Constraint[] {
  const constraints = table.constraints ?? [];
  switch (action.action) {
    case "addConstraint": {
      const added = constraintOf(action.constraint);
      requireColumns(
        added,
        table.columns.map((column) => column.name),
      );
      if (added.kind === "PRIMARY KEY" && constraints.some((one) => one.kind === "PRIMARY KEY")) {
        throw secondPrimaryKey();
      }
      return [...constraints, added];
    }
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

function referred(reference: ConstraintReference, table: Stored): Constraint {
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

function requireColumns(constraint: Constraint, columns: readonly string[]): void {
  for (const name of constraint.columns) if (!columns.includes(name)) throw invalidIdentifier(name);
}

function secondPrimaryKey(): Error {
  return compilationError("A table can have one primary key only.", "002204", "42601");
}
