import type { DynamicTable } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import { columnEvolution, type ColumnEvolution } from "./columnEvolution";
import { inputsOf, type BoundContent, type Input } from "./dynamicTableContent";
import { decideAction, type ActionDecision } from "./refreshAction";
import { refreshWarehouse, requireWarehouse } from "./refreshConditions";
import { requireExecutingUser, type RefreshUser } from "./refreshUser";

/** What a refresh is going to do. */
export interface RefreshPlan extends ActionDecision {
  readonly inputs: readonly Input[];
  readonly evolution: ColumnEvolution | undefined;
  /** Name of the warehouse that it runs on. */
  readonly warehouse: string;
}

/**
 * Decides what the refresh of a table does: the refresh itself asks this, and EXPLAIN CHANGES for what will be asked then.
 *
 * @param version of the base tables that it reads
 * @param pending ids of inputs that will have changed by then, whatever they have now
 * @param as the user of REFRESH COPY SESSION
 * @throws SnowflakeError why it cannot be refreshed
 */
export async function planRefresh(
  table: DynamicTable,
  bound: BoundContent,
  version: number,
  context: StatementContext,
  pending: ReadonlySet<number> = new Set(),
  as?: RefreshUser,
): Promise<RefreshPlan> {
  requireExecutingUser(table, context.instance);
  requireWarehouse(as?.warehouse ?? table.warehouse, context);
  const inputs = inputsOf(bound.query, version, context);
  const evolution = columnEvolution(table, bound.query);
  const shaped = evolution ? { ...table, columns: evolution.columns, nextColumn: evolution.nextColumn } : table;
  const decision = await decideAction(shaped, bound, inputs, evolution !== undefined, context, pending);
  const warehouse = refreshWarehouse(table, decision.action, as);
  requireWarehouse(warehouse, context);
  return { ...decision, inputs, evolution, warehouse };
}
