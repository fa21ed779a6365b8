import type { Alert } from "../../catalog/objects";
import { clauseLines, commentClause, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";
import { quoteIfNeeded } from "../../quoting";

/** CREATE ALERT; one that is made again is suspended. Source: "GET_DDL". */
export const alertDdl: DdlWriter<Alert> = (alert, name) =>
  `create or replace alert ${name}${clauseLines(
    alert.warehouse !== null && `warehouse=${quoteIfNeeded(alert.warehouse)}`,
    alert.schedule !== null && `schedule=${quoteString(alert.schedule)}`,
    commentClause(alert),
    `if (exists(${alert.condition}))`,
    `then ${alert.action}`,
  )};`;
