import { compilationError } from "../../errors";
import { parseStatement } from "../../sql";
import type { ObjectName } from "../../sql/ast/identifier";
import type { TableReference } from "../../sql/ast/query";
import type { Statement } from "../../sql/ast/statement";
import { nodesOf } from "../../sql/syntaxNodes";

/**
 * The table or view that the condition of an alert on new data reads.
 *
 * @param text of the condition
 * @throws SnowflakeError as `newDataSource`
 */
export function newDataSourceOf(text: string): ObjectName {
  return newDataSource(parseStatement(text));
}

/**
 * The one table or view that a condition reads. Source: "Setting up alerts based on data in Snowflake", alerts on new
 * data: one table or view in FROM, no CTE, no join, no DML, no procedure.
 *
 * @throws SnowflakeError for a condition that an alert on new data cannot have
 */
export function newDataSource(condition: Statement): ObjectName {
  if (condition.kind !== "queryStatement") throw refused("must be a SELECT");
  const tables: TableReference[] = [];
  for (const node of nodesOf(condition.query)) {
    if (Array.isArray(node.ctes) && node.ctes.length > 0) throw refused("cannot have a common table expression (WITH)");
    if (Array.isArray(node.from) && node.from.length > 1) throw refused("cannot join tables");
    switch (node.kind) {
      case "join":
        throw refused("cannot join tables");
      case "setOperation":
        throw refused("cannot have a set operator");
      case "tableFunction":
      case "stage":
      case "valuesSource":
        throw refused("must read a table or view");
      case "table": {
        const table = node as unknown as TableReference;
        if (table.timeTravel || table.changes) throw refused("cannot have AT, BEFORE or CHANGES");
        tables.push(table);
      }
    }
  }
  if (tables.length !== 1) throw refused("must read exactly one table or view");
  return tables[0]!.name;
}

function refused(what: string): Error {
  return compilationError(`The condition of an alert on new data (one without SCHEDULE) ${what}.`, "002141", "0A000");
}
