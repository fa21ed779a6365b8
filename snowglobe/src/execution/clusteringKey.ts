import type { Column } from "../catalog/objects";
import { printExpression } from "../sql";
import type { Expression } from "../sql/ast/expression";
import { Binder } from "../translate";
import type { StatementContext } from "./context";
import { queryEnvironment } from "./queryEnvironment";

/**
 * CLUSTER BY as SHOW TABLES tells it. Here it is told only: rows have no order by which reading them would cost less.
 * Source: "Clustering keys & clustered tables".
 *
 * @returns empty where there is none
 * @throws SnowflakeError for an expression that the table's rows cannot have
 */
export function clusteringKey(
  expressions: readonly Expression[] | undefined,
  columns: readonly Pick<Column, "name" | "type" | "nullable">[],
  context: StatementContext,
): string {
  if (!expressions) return "";
  const binder = new Binder(queryEnvironment(context), context.text);
  const named = columns.map((column) => ({ ...column, physical: column.name }));
  const { scope } = binder.relation({ kind: "sql", path: [], sql: "", columns: named });
  for (const expression of expressions) binder.scalar(expression, scope);
  return `LINEAR(${expressions.map(printExpression).join(", ")})`;
}

/** The clause that made a table's clustering key, for GET_DDL; false where it has none. */
export function clusterByClause({ clusterBy }: { readonly clusterBy: string }): string | false {
  return clusterBy !== "" && `cluster by ${clusterBy.slice("LINEAR".length)}`;
}
