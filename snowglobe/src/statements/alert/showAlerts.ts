import type { Alert } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler, StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { listing, roleType } from "../../execution/listing";
import { StatementType } from "../../account/statementType";

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["warehouse", TEXT],
  ["schedule", TEXT],
  ["state", TEXT],
  ["condition", TEXT],
  ["action", TEXT],
  ["owner_role_type", TEXT],
];

/** Source: "SHOW ALERTS". */
export const showAlerts = listing("ALERT", COLUMNS, row);

/** Source: "DESCRIBE ALERT": the columns of SHOW ALERTS. */
export const describeAlert: Handler<StatementOf<"describe">> = async (statement, context) => {
  const alert = find(context, "ALERT", statement.name, "DESCRIBE ALERT");
  return rows(COLUMNS, [row(alert, context)], StatementType.DESCRIBE);
};

function row(alert: Alert, context: StatementContext): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(alert);
  return [
    alert.createdOn,
    alert.name,
    database,
    schema,
    alert.owner,
    alert.comment,
    alert.warehouse,
    alert.schedule,
    alert.started ? "started" : "suspended",
    alert.condition,
    alert.action,
    roleType(alert),
  ];
}
