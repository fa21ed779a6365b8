import type { Alert } from "../../catalog/objects";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler } from "../../execution/context";
import { find } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  shown,
} from "../../execution/shownColumn";

const COLUMNS: readonly ShownColumn<Alert>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  ["warehouse", TEXT, (alert) => alert.warehouse],
  ["schedule", TEXT, (alert) => alert.schedule],
  ["state", TEXT, (alert) => (alert.started ? "started" : "suspended")],
  ["condition", TEXT, (alert) => alert.condition],
  ["action", TEXT, (alert) => alert.action],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW ALERTS". */
export const showAlerts = listing("ALERT", COLUMNS);

/** Source: "DESCRIBE ALERT": the columns of SHOW ALERTS. */
export const describeAlert: Handler<StatementOf<"describe">> = async (statement, context) => {
  const alert = find(context, "ALERT", statement.name, "DESCRIBE ALERT");
  return shown(COLUMNS, [alert], context, StatementType.DESCRIBE);
};
