import type { Column, Constraint, DynamicTable, KeyReference, ReferentialAction, Table } from "../../catalog/objects";
import { compilationError, invalidIdentifier, wrongKind } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { keyOn } from "../../execution/foreignKeys";
import { findRelation } from "../../execution/lookup";
import type { ObjectName } from "../../sql/ast/identifier";
import type { TableConstraint } from "../../sql/ast/statements/table";

/** A table that gets constraints; it may not be in the catalog yet. */
export interface Constrained {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly Pick<Column, "name" | "physical">[];
  readonly constraints?: readonly Constraint[];
}

/**
 * What a foreign key refers to: a primary or unique key that is there; without columns the table's primary key.
 * Source: "Overview of constraints", foreign keys.
 *
 * @param own the table that gets the foreign key, which may refer to itself
 * @throws SnowflakeError for a table, key or column that is not there
 */
export function referenceOf(
  { columns: from, references, options }: TableConstraint,
  own: Constrained,
  context: StatementContext,
): KeyReference {
  const { table, columns } = references!;
  const target = referredTable(table, own, context);
  const names = columns.map((column) => column.name);
  const gone = names.find((name) => !target.columns.some((column) => column.name === name));
  if (gone !== undefined) throw invalidIdentifier(gone);
  const key = names.length === 0 ? target.constraints?.find((one) => one.kind === "PRIMARY KEY") : keyOn(target, names);
  if (key?.columns.length !== from.length) {
    throw compilationError(
      `A foreign key must refer to a primary or unique key: table '${target.name}' has none on (${names.join(", ")}).`,
    );
  }
  const referred = names.length === 0 ? key.columns : names;
  return {
    tableId: target.id,
    columns: referred.map((name) => target.columns.find((column) => column.name === name)!.physical),
    match: wordAfter("MATCH", options, "FULL"),
    onUpdate: wordAfter("ON UPDATE", options, "NO ACTION") as ReferentialAction,
    onDelete: wordAfter("ON DELETE", options, "NO ACTION") as ReferentialAction,
  };
}

/** What stands behind the option's words, as `CASCADE` behind ON DELETE. */
function wordAfter<T extends string>(words: string, options: readonly string[], otherwise: T): T {
  const found = options.find((option) => option.startsWith(`${words} `));
  return found === undefined ? otherwise : (found.slice(words.length + 1) as T);
}

/** The table that a foreign key of `own` names, which may be `own`. */
export function referredTable<T extends Pick<Constrained, "id" | "name">>(
  name: ObjectName,
  own: T,
  context: StatementContext,
): T | Table | DynamicTable {
  if (name.length === 1 && name[0]!.name === own.name) return own;
  const found = findRelation(context, name, "REFERENCES");
  if (found.kind === "VIEW") throw wrongKind("VIEW", "TABLE");
  return found;
}
