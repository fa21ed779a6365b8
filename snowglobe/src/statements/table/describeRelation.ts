import { defaultShown } from "../../execution/numberSource";
import type { Column, RelationObject } from "../../catalog/objects";
import { unsupported } from "../../errors";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { rows, TEXT, type Cell, type ColumnSpec } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";

const COLUMNS: readonly ColumnSpec[] = [
  ["name", TEXT],
  ["type", TEXT],
  ["kind", TEXT],
  ["null?", TEXT],
  ["default", TEXT],
  ["primary key", TEXT],
  ["unique key", TEXT],
  ["check", TEXT],
  ["expression", TEXT],
  ["comment", TEXT],
  ["policy name", TEXT],
  ["privacy domain", TEXT],
];

/** DESCRIBE TABLE | VIEW | DYNAMIC TABLE. Source: "DESCRIBE TABLE". TABLE is taken for views too. */
export const describeRelation: Handler<StatementOf<"describe">> = async (statement, context) => {
  if (statement.type === "STAGE") throw unsupported("DESCRIBE TABLE ... TYPE = STAGE");
  const relation = findRelation(context, statement.name, "DESCRIBE");
  return rows(
    COLUMNS,
    relation.columns.map((column) => row(column, relation)),
    StatementType.DESCRIBE,
  );
};

function row(column: Omit<Column, "physical">, relation: RelationObject): Cell[] {
  const constraints = relation.kind === "VIEW" ? [] : (relation.constraints ?? []);
  const within = (kind: string): string =>
    constraints.some((one) => one.kind === kind && one.columns.includes(column.name)) ? "Y" : "N";
  return [
    column.name,
    dataTypeText(column.type),
    "COLUMN",
    column.nullable ? "Y" : "N",
    defaultShown(column) ?? null,
    within("PRIMARY KEY"),
    within("UNIQUE"),
    null,
    null,
    column.comment === "" ? null : column.comment,
    null,
    null,
  ];
}
