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
 * @throws SnowflakeError for an expression that the table's rows cannot have
 */
export function clusteringKey(
  expressions: readonly Expression[],
  columns: readonly Pick<Column, "name" | "type" | "nullable" | "physical">[],
  context: StatementContext,
): string {
  const binder = new Binder(queryEnvironment(context), context.text);
  const { scope } = binder.relation({ kind: "sql", path: [], sql: "", columns });
  for (const expression of expressions) binder.scalar(expression, scope);
  return `LINEAR(${expressions.map(printExpression).join(", ")})`;
}
