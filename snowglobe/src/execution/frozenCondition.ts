import type { DynamicTable } from "../catalog/objects";
import { parseExpression } from "../sql";
import { BOOLEAN } from "../sql/ast/dataType";
import {
  Binder,
  columnRef,
  mapChildren,
  type BindEnvironment,
  type BoundExpression,
  type PlanColumn,
} from "../translate";

/**
 * The condition of a dynamic table's FROZEN WHERE over given columns.
 *
 * @param columns one for each of the table's, in their order
 * @throws SnowflakeError for one that cannot be bound
 */
export function frozenCondition(
  table: DynamicTable,
  columns: readonly Pick<PlanColumn, "id">[],
  environment: BindEnvironment,
): BoundExpression {
  const text = table.frozenWhere!;
  const binder = new Binder(environment, text);
  const { scan, scope } = binder.target({
    kind: "stored",
    id: table.storageId,
    path: [table.name],
    columns: table.columns.map(({ name, type, nullable, physical }) => ({ name, type, nullable, physical })),
  });
  const own = new Map(
    scan.columns.map((column, place) => [column.id, columnRef({ ...column, id: columns[place]!.id })]),
  );
  const replaced = (expression: BoundExpression): BoundExpression =>
    (expression.kind === "column" ? own.get(expression.id) : undefined) ?? mapChildren(expression, replaced);
  return replaced(binder.condition(parseExpression(text), scope, "FROZEN WHERE"));
}

/** That a condition is met: NULL is not. */
export function isTrue(condition: BoundExpression): BoundExpression {
  return {
    kind: "call",
    name: "COALESCE",
    args: [condition],
    template: ["coalesce(", 0, ", false)"],
    type: BOOLEAN,
    nullable: false,
    volatility: "deterministic",
  };
}
