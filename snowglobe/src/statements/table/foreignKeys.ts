import type { Constraint } from "../../catalog/objects";
import { compilationError, invalidIdentifier, wrongKind } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import type { Identifier, ObjectName } from "../../sql/ast/identifier";
import type { StatementOf } from "../../sql/ast/statement";
import type { TableConstraint } from "../../sql/ast/statements/table";

/** What a foreign key refers to; without columns the primary key of the table. */
interface Reference {
  readonly table: ObjectName;
  readonly columns: readonly Identifier[];
}

/** The table that the statement itself makes or changes: foreign keys may refer to it. */
interface Own {
  readonly name: string;
  readonly columns: readonly string[];
  readonly constraints: readonly Constraint[];
}

/**
 * Checks that each foreign key of CREATE TABLE refers to a primary or unique key that is there. Source: "Overview of
 * constraints", foreign keys.
 *
 * @throws SnowflakeError for a table, key or column that is not
 */
export function requireReferences(statement: StatementOf<"createTable">, own: Own, context: StatementContext): void {
  for (const column of statement.columns) {
    for (const { references } of column.constraints) {
      if (!references) continue;
      requireKey({ table: references.table, columns: references.column ? [references.column] : [] }, 1, own, context);
    }
  }
  for (const constraint of statement.constraints) requireReference(constraint, own, context);
}

/** As {@link requireReferences}, for the constraint of ALTER TABLE ... ADD. */
export function requireReference(constraint: TableConstraint, own: Own, context: StatementContext): void {
  if (constraint.references) requireKey(constraint.references, constraint.columns.length, own, context);
}

function requireKey({ table, columns }: Reference, count: number, own: Own, context: StatementContext): void {
  const target = table.length === 1 && table[0]!.name === own.name ? own : storedTable(table, context);
  const names = columns.map((column) => column.name);
  const gone = names.find((name) => !target.columns.includes(name));
  if (gone !== undefined) throw invalidIdentifier(gone);
  const keys = target.constraints.filter((one) => one.kind !== "FOREIGN KEY");
  const sorted = (all: readonly string[]): string => JSON.stringify([...all].sort());
  const found =
    names.length === 0
      ? keys.find((one) => one.kind === "PRIMARY KEY")
      : keys.find((one) => sorted(one.columns) === sorted(names));
  if (found?.columns.length === count) return;
  throw compilationError(
    `A foreign key must refer to a primary or unique key: table '${target.name}' has none on (${names.join(", ")}).`,
  );
}

function storedTable(name: ObjectName, context: StatementContext): Own {
  const found = findRelation(context, name, "REFERENCES");
  if (found.kind === "VIEW") throw wrongKind("VIEW", "TABLE");
  return {
    name: found.name,
    columns: found.columns.map((column) => column.name),
    constraints: found.constraints ?? [],
  };
}
