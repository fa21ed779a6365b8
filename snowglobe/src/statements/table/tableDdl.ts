import type { Column, Constraint, Table } from "../../catalog/objects";
import { columnAttachments, relationAttachments } from "../../execution/attachmentDdl";
import { commentClause, parameterClauses, type DdlWriter } from "../../execution/ddl";
import { constraintsOf, foreignKeysOf } from "../../execution/foreignKeys";
import { quoteString } from "../../sql";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementContext } from "../../execution/context";
import { quoteIfNeeded } from "../../quoting";
import { clusterByClause } from "../../execution/clusteringKey";

/** CREATE TABLE. Constraints stand behind the columns. Sources: "GET_DDL"; "Overview of constraints", GET_DDL. */
export const tableDdl: DdlWriter<Table> = (table, name, context) => {
  const persistence = table.sessionId !== undefined ? "TEMPORARY " : table.transient ? "TRANSIENT " : "";
  const lines = [...table.columns.map((column) => columnText(column, context)), ...constraintTexts(table, context)];
  const clauses = [
    clusterByClause(table),
    ...parameterClauses(table),
    table.changeTracking && "CHANGE_TRACKING=TRUE",
    table.schemaEvolution && "ENABLE_SCHEMA_EVOLUTION=TRUE",
    table.rowTimesSince !== undefined && "ROW_TIMESTAMP=TRUE",
    ...relationAttachments(table, context),
    commentClause(table),
  ].filter(Boolean);
  const tail = clauses.length > 0 ? ` ${clauses.join(" ")}\n` : "";
  return `create or replace ${persistence}TABLE ${name} (\n\t${lines.join(",\n\t")}\n)${tail};`;
};

function columnText(column: Column, context: StatementContext): string {
  const { name, type, nullable, defaultText, identity, comment } = column;
  return [
    quoteIfNeeded(name),
    dataTypeText(type),
    !nullable && "NOT NULL",
    identity && `autoincrement start ${identity.start} increment ${identity.increment} ${orderWord(identity.ordered)}`,
    !identity && defaultText !== undefined && `DEFAULT ${defaultText}`,
    ...columnAttachments(column, context),
    comment !== "" && `COMMENT ${quoteString(comment)}`,
  ]
    .filter(Boolean)
    .join(" ");
}

export function orderWord(ordered: boolean): string {
  return ordered ? "order" : "noorder";
}

function constraintTexts(table: Table, { instance: { catalog } }: StatementContext): string[] {
  const foreign = new Map(foreignKeysOf(table, catalog).map((key) => [key.constraint, key]));
  return constraintsOf(table, catalog).map((constraint) => {
    const key = foreign.get(constraint);
    return [
      !constraint.name.startsWith("SYS_CONSTRAINT_") && `constraint ${quoteIfNeeded(constraint.name)}`,
      `${constraint.kind.toLowerCase()} (${names(constraint.columns)})`,
      key && `references ${catalog.fullName(key.target)}(${names(key.targetColumns)})`,
      key && rulesText(key.rules),
      constraint.rely && "rely",
    ]
      .filter(Boolean)
      .join(" ");
  });
}

function rulesText({ match, onUpdate, onDelete }: NonNullable<Constraint["references"]>): string {
  return [
    match !== "FULL" && `match ${match}`,
    onUpdate !== "NO ACTION" && `on update ${onUpdate}`,
    onDelete !== "NO ACTION" && `on delete ${onDelete}`,
  ]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}

function names(columns: readonly string[]): string {
  return columns.map(quoteIfNeeded).join(", ");
}
