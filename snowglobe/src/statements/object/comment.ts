import type { CatalogObject } from "../../catalog/objects";
import { invalidIdentifier, isMissing } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { targets } from "../access/grant";
import { findRelation } from "../../execution/lookup";
import { succeeded } from "../../execution/outcome";

/** COMMENT ON <kind> name IS 'text'. Source: "COMMENT". */
export const comment: Handler<StatementOf<"comment">> = async (statement, context) => {
  let changed: CatalogObject;
  try {
    changed = statement.objectKind === "COLUMN" ? onColumn(statement, context) : onObject(statement, context);
  } catch (error) {
    if (statement.ifExists && isMissing(error)) return succeeded();
    throw error;
  }
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function onObject(statement: StatementOf<"comment">, context: StatementContext): CatalogObject {
  const { objectKind, name, argumentTypes } = statement;
  // COMMENT ON TABLE is also taken for views and dynamic tables: dbt sends it so.
  const object =
    objectKind === "TABLE"
      ? findRelation(context, name, "COMMENT")
      : targets({ kind: "object", objectKind, name, ...(argumentTypes && { argumentTypes }) }, context)[0]!;
  requireOwnership(context, object);
  return { ...object, comment: statement.comment };
}

function onColumn(statement: StatementOf<"comment">, context: StatementContext): CatalogObject {
  const relation = findRelation(context, statement.name.slice(0, -1), "COMMENT");
  requireOwnership(context, relation);
  const name = statement.name.at(-1)!.name;
  if (!relation.columns.some((column) => column.name === name)) throw invalidIdentifier(name);
  const commented = <C extends { readonly name: string; readonly comment: string }>(columns: readonly C[]): C[] =>
    columns.map((column) => (column.name === name ? { ...column, comment: statement.comment } : column));
  // The two kinds of columns differ in type, not in what is done to them.
  return relation.kind === "VIEW"
    ? { ...relation, columns: commented(relation.columns) }
    : { ...relation, columns: commented(relation.columns) };
}
