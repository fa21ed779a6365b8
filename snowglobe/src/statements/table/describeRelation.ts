import { defaultShown } from "../../execution/numberSource";
import type { RelationObject, Constraint } from "../../catalog/objects";
import { unsupported } from "../../errors";
import { dataTypeText } from "../../sql/ast/dataType";
import type { ObjectName } from "../../sql/ast/identifier";
import type { StatementOf } from "../../sql/ast/statement";
import type { SqlRelation } from "../../translate";
import type { Handler, StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, flag, shown } from "../../execution/shownColumn";

interface Described {
  readonly column: RelationObject["columns"][number];
  /** Absent for a view of INFORMATION_SCHEMA, which is no object of the catalog. */
  readonly relation?: RelationObject;
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
  return shown(COLUMNS, describedColumns(statement.name, context), context, StatementType.DESCRIBE);
};

function describedColumns(name: ObjectName, context: StatementContext): Described[] {
  if (name.length >= 2 && name.at(-2)!.name === "INFORMATION_SCHEMA") {
    const { columns } = queryEnvironment(context).resolveRelation(name) as SqlRelation;
    return columns.map((column) => ({ column: { ...column, comment: "" } }));
  }
  const relation = findRelation(context, name, "DESCRIBE");
  return relation.columns.map((column) => ({ column, relation }));
}

function policyName({ masking }: Described["column"], { instance: { catalog } }: StatementContext): string | null {
  const policy = masking && catalog.object(masking.policyId);
  return policy ? catalog.fullName(policy) : null;
}

/** Y where a key of the table names the column. */
function inKey(kind: Constraint["kind"], { column, relation }: Described): string {
  const constraints = !relation || relation.kind === "VIEW" ? [] : (relation.constraints ?? []);
  return flag(constraints.some((one) => one.kind === kind && one.columns.includes(column.name)));
}
