import { NUMBER } from "../sql/ast/dataType";
import { columnRef, type Plan, type PlanColumn } from "../translate";

/** Id of the row identity's column. */
export const ROW_ID = "dt_key";
const COLUMN: PlanColumn = { id: ROW_ID, name: ROW_ID, type: NUMBER, nullable: false };

/**
 * The plan with a last column more: the id of the one stored row that a result row stems from, so that a change there is
 * a change of the same row here. Undefined where rows are joined, grouped, united or multiplied: their results are known
 * by their values.
 */
export function carryRowId(plan: Plan): Plan | undefined {
  switch (plan.kind) {
    case "scan":
      return plan.changes
        ? undefined
        : { ...plan, columns: [...plan.columns, COLUMN], physical: [...plan.physical, "_rid"] };
    case "filter": {
      const input = carryRowId(plan.input);
      return input && { ...plan, input, columns: [...plan.columns, COLUMN] };
    }
    case "project": {
      const input = carryRowId(plan.input);
      if (!input) return undefined;
      return {
        ...plan,
        input,
        columns: [...plan.columns, COLUMN],
        expressions: [...plan.expressions, columnRef(COLUMN)],
      };
    }
    case "window": {
      const input = carryRowId(plan.input);
      // Their own columns come last.
      const own = plan.columns.slice(-plan.windows.length);
      return input && { ...plan, input, columns: [...input.columns, ...own] };
    }
    // An ORDER BY without LIMIT orders nothing that a table keeps.
    case "sort":
      return carryRowId(plan.input);
    default:
      return undefined;
  }
}
