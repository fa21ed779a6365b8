import { compilationError } from "../../errors";
import type { BoundExpression } from "../boundExpression";
import { columnRef } from "../construct";
import { expressionSql } from "../emit/expression";
import type { AggregateCall, Plan, PlanColumn, WindowCall } from "../plan";
import { mapChildren, walkPlan } from "../planWalk";
import type { BindState } from "./context";

/** What a SELECT collects while its expressions are bound: its aggregates and its window functions. */
export class SelectBlock {
  readonly aggregates: { readonly call: AggregateCall; readonly column: PlanColumn }[] = [];
  /** Those by their key. */
  private readonly known = new Map<string, PlanColumn>();
  readonly windows: { readonly call: WindowCall; readonly column: PlanColumn }[] = [];

  constructor(private readonly state: BindState) {}

  /** Registers an aggregate (equal ones once) and answers the column that it becomes. */
  addAggregate(aggregate: AggregateCall): BoundExpression {
    const key = aggregateKey(aggregate);
    let column = this.known.get(key);
    if (!column) {
      column = this.column(aggregate.name, aggregate);
      this.known.set(key, column);
      this.aggregates.push({ call: aggregate, column });
    }
    return columnRef(column);
  }

  addWindow(window: WindowCall): BoundExpression {
    const entry = { call: window, column: this.column(window.name, window) };
    this.windows.push(entry);
    return columnRef(entry.column);
  }

  private column(name: string, typed: Pick<AggregateCall, "type" | "nullable">): PlanColumn {
    return { id: this.state.newId(), name, type: typed.type, nullable: typed.nullable };
  }
}

/** Equal texts mean equal expressions: ids are unique, subqueries by identity. */
export function expressionKey(expression: BoundExpression): string {
  return expressionSql(expression, planKey);
}

const planNumbers = new WeakMap<Plan, number>();
let lastPlanNumber = 0;

function planKey(plan: Plan): string {
  let known = planNumbers.get(plan);
  if (known === undefined) {
    known = ++lastPlanNumber;
    planNumbers.set(plan, known);
  }
  return `plan ${known}`;
}

function aggregateKey(aggregate: AggregateCall): string {
  const args = aggregate.args.map(expressionKey);
  const order = aggregate.orderBy.map((key) => `${expressionKey(key.expression)} ${key.descending} ${key.nulls}`);
  return JSON.stringify([aggregate.template, args, order, aggregate.distinct]);
}

/**
 * Rewrites an expression of a grouped SELECT in terms of the groups' columns.
 *
 * @param groups the group keys and the columns that they become
 * @param inputIds columns of the FROM clause, which may not be used outside of aggregates and group keys
 * @throws SnowflakeError 000979 for a column that is neither grouped nor aggregated
 */
export function overGroups(
  expression: BoundExpression,
  groups: readonly { readonly key: string; readonly column: PlanColumn }[],
  inputIds: ReadonlySet<string>,
): BoundExpression {
  const own = groups.length === 0 ? undefined : expressionKey(expression);
  const group = own === undefined ? undefined : groups.find(({ key }) => key === own);
  if (group && expression.kind !== "literal") {
    return {
      ...columnRef(group.column, expression.kind === "column" ? expression.name : group.column.name),
      type: expression.type,
    };
  }
  if (expression.kind === "column" && inputIds.has(expression.id)) {
    throw compilationError(`[${expression.name}] is not a valid group by expression`, "000979", "42601");
  }
  if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "inQuery") {
    walkPlan(expression.plan, {
      expression: (at) => {
        if (at.kind === "column" && inputIds.has(at.id)) {
          throw compilationError(`[${at.name}] is not a valid group by expression`, "000979", "42601");
        }
      },
    });
  }
  return mapChildren(expression, (child) => overGroups(child, groups, inputIds));
}
