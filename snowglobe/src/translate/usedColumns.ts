import type { Plan } from "./plan";
import { walkPlan } from "./planWalk";

/** Ids of the columns that the plan yields, or that some node of it computes with. */
export function usedColumns(plan: Plan): Set<string> {
  const used = new Set<string>();
  const all = (of: Plan): void => of.columns.forEach((column) => used.add(column.id));
  all(plan);
  walkPlan(plan, {
    node: (node) => {
      switch (node.kind) {
        // These take their inputs' columns by place.
        case "setOperation":
          all(node.left);
          all(node.right);
          break;
        case "distinct":
          all(node.input);
          break;
        case "with":
          for (const definition of node.definitions) all(definition.plan);
          break;
        case "unpivot":
          all(node.input);
          break;
      }
    },
    expression: (expression) => {
      if (expression.kind === "column") used.add(expression.id);
      else if (expression.kind === "subquery" || expression.kind === "inQuery") all(expression.plan);
    },
  });
  return used;
}
