import { columnRef } from "../construct";
import type { Plan, PlanColumn, TableFunctionNode } from "../plan";
import { rewritePlan } from "../planRewrite";
import { walkPlan } from "../planWalk";
import { usedColumns } from "../usedColumns";

/**
 * SEQ of FLATTEN and its like is a number of its own for each input row: where something reads it, the rows before a
 * lateral one are numbered. Elsewhere the numbering would only be in the way of an incremental refresh.
 * Source: "FLATTEN".
 *
 * @param newId makes column ids
 */
export function numberInputRows(plan: Plan, newId: () => string): Plan {
  let any = false;
  walkPlan(plan, { node: (node) => (any ||= node.kind === "tableFunction" && node.sequence !== undefined) });
  if (!any) return plan;
  const used = usedColumns(plan);
  return rewritePlan(plan, {
    node: (node) => {
      if (node.kind !== "join" || !node.lateral) return node;
      const { right } = node;
      if (right.kind !== "tableFunction" || right.sequence === undefined || !used.has(right.columns[0]!.id))
        return node;
      const row: PlanColumn = { id: newId(), name: "", type: right.columns[0]!.type, nullable: false };
      return { ...node, left: withRowNumber(node.left, row), right: numberedBy(right, row) };
    },
  });
}

function withRowNumber(input: Plan, row: PlanColumn): Plan {
  return {
    kind: "window",
    input,
    windows: [
      {
        name: "SEQ",
        args: [],
        template: ["row_number()"],
        wrapper: ["CAST(", 0, " AS DECIMAL(38,0))"],
        distinct: false,
        partitionBy: [],
        orderBy: [],
        type: row.type,
        nullable: false,
      },
    ],
    columns: [...input.columns, row],
  };
}

function numberedBy(node: TableFunctionNode, row: PlanColumn): TableFunctionNode {
  return { ...node, args: node.args.map((arg, i) => (i === node.sequence ? columnRef(row) : arg)) };
}
