import { defaultShown } from "../../execution/numberSource";
import type { RelationObject, Constraint } from "../../catalog/objects";
import { unsupported } from "../../errors";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler, StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, flag, shown } from "../../execution/shownColumn";

interface Described {
  readonly column: RelationObject["columns"][number];
  readonly relation: RelationObject;
}

const COLUMNS: readonly ShownColumn<Described>[] = [
  ["name", TEXT, ({ column }) => column.name],
  ["type", TEXT, ({ column }) => dataTypeText(column.type)],
  ["kind", TEXT, () => "COLUMN"],
  ["null?", TEXT, ({ column }) => flag(column.nullable)],
  ["default", TEXT, ({ column }) => defaultShown(column) ?? null],
  ["primary key", TEXT, (row) => inKey("PRIMARY KEY", row)],
  ["unique key", TEXT, (row) => inKey("UNIQUE", row)],
  ["check", TEXT],
  ["expression", TEXT],
  ["comment", TEXT, ({ column }) => (column.comment === "" ? null : column.comment)],
  ["policy name", TEXT, ({ column }, context) => policyName(column, context)],
  ["privacy domain", TEXT],
];

/** DESCRIBE TABLE | VIEW | DYNAMIC TABLE. Source: "DESCRIBE TABLE". TABLE is taken for views too. */
export const describeRelation: Handler<StatementOf<"describe">> = async (statement, context) => {
  if (statement.type === "STAGE") throw unsupported("DESCRIBE TABLE ... TYPE = STAGE");
  const relation = findRelation(context, statement.name, "DESCRIBE");
  const found = relation.columns.map((column) => ({ column, relation }));
  return shown(COLUMNS, found, context, StatementType.DESCRIBE);
};

function policyName({ masking }: Described["column"], { instance: { catalog } }: StatementContext): string | null {
  const policy = masking && catalog.object(masking.policyId);
  return policy ? catalog.fullName(policy) : null;
}

/** Y where a key of the table names the column. */
function inKey(kind: Constraint["kind"], { column, relation }: Described): string {
  const constraints = relation.kind === "VIEW" ? [] : (relation.constraints ?? []);
  return flag(constraints.some((one) => one.kind === kind && one.columns.includes(column.name)));
}
