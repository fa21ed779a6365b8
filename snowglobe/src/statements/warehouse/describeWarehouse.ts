import { StatementType } from "../../account/statementType";
import { requirePrivilege } from "../../execution/authorize";
import type { Handler } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { CREATED_ON, NAME, shown } from "../../execution/shownColumn";
import type { StatementOf } from "../../sql/ast/statement";

/** Source: "DESCRIBE WAREHOUSE". */
export const describeWarehouse: Handler<StatementOf<"describe">> = async (statement, context) => {
  const warehouse = findOnAccount(context, "WAREHOUSE", statement.name);
  requirePrivilege(context, warehouse, "MONITOR");
  return shown([CREATED_ON, NAME, ["kind", TEXT, ({ kind }) => kind]], [warehouse], context, StatementType.DESCRIBE);
};
