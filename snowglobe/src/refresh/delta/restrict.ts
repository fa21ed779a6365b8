import {
  columnRef,
  expressionKey,
  mapChildren,
  type BoundExpression,
  type Plan,
  type SetOperationNode,
  type WindowNode,
} from "../../translate";
import { byKeys, idsOf, refersOnlyTo, type Keys } from "./planNodes";

/**
 * The rows of a plan whose values of `on` are among the keys, as a plan that reads no more than it must: the restriction
 * is put as far down as it means the same there, because DuckDB does not do that with semi joins by itself.
 *
 * @param on expressions over the plan's columns, one for each column of the keys
 */
export function restrict(plan: Plan, on: readonly BoundExpression[], keys: Keys): Plan {
  const here = (): Plan => byKeys("SEMI", plan, on, keys);
  if (plan.kind === "project") {
    const below = new Map(plan.columns.map((column, i) => [column.id, plan.expressions[i]!]));
    return {
      ...plan,
      input: restrict(
        plan.input,
        on.map((one) => substitute(one, below)),
        keys,
      ),
    };
  }
  // Below filters and joins there are rows that the query never computes anything of: an expression might fail there.
  if (!on.every((one) => one.kind === "column")) return here();
  switch (plan.kind) {
    case "sort":
      return restrict(plan.input, on, keys);
    case "filter":
    case "distinct":
      return { ...plan, input: restrict(plan.input, on, keys) };
    case "aggregate": {
      const groups = new Map(plan.groups.map((group, i) => [plan.columns[i]!.id, group]));
      if (plan.groupingSets || !on.every((one) => groups.has(one.id))) return here();
      return {
        ...plan,
        input: restrict(
          plan.input,
          on.map((one) => groups.get(one.id)!),
          keys,
        ),
      };
    }
    case "window": {
      const partitions = new Set(partitionOf(plan).map((one) => expressionKey(one)));
      if (!on.every((one) => partitions.has(expressionKey(one)))) return here();
      return { ...plan, input: restrict(plan.input, on, keys) };
    }
    case "join": {
      const within = (side: Plan): boolean => on.every((one) => refersOnlyTo(one, idsOf(side)));
      const inner = plan.type === "INNER" || plan.type === "CROSS";
      if ((inner || plan.type === "LEFT") && within(plan.left)) return { ...plan, left: restrict(plan.left, on, keys) };
      if (plan.lateral) return here();
      if ((inner || plan.type === "RIGHT") && within(plan.right)) {
        return { ...plan, right: restrict(plan.right, on, keys) };
      }
      return here();
    }
    case "setOperation":
      if (plan.operator !== "UNION") return here();
      return {
        ...plan,
        left: restrict(plan.left, inArm(on, plan, plan.left), keys),
        right: restrict(plan.right, inArm(on, plan, plan.right), keys),
      };
    default:
      return here();
  }
}

/** The expressions that all windows of a node are partitioned by: the rows of one value change together. */
export function partitionOf(plan: WindowNode): readonly BoundExpression[] {
  const [first, ...others] = plan.windows.map((window) => window.partitionBy);
  return (first ?? []).filter((one) => {
    const text = expressionKey(one);
    return others.every((list) => list.some((other) => expressionKey(other) === text));
  });
}

function inArm(on: readonly BoundExpression[], plan: SetOperationNode, arm: Plan): readonly BoundExpression[] {
  return on.map((one) => {
    const at = plan.columns.findIndex((column) => one.kind === "column" && column.id === one.id);
    return columnRef(arm.columns[at]!);
  });
}

/** An expression with columns replaced by what they stand for. */
function substitute(expression: BoundExpression, by: ReadonlyMap<string, BoundExpression>): BoundExpression {
  if (expression.kind === "column") return by.get(expression.id) ?? expression;
  return mapChildren(expression, (child) => substitute(child, by));
}
