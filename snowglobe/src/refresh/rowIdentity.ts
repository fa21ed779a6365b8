import { NUMBER } from "../sql/ast/dataType";
import { emitPlan, type EmitOptions, type Plan, type PlanColumn } from "../translate";

/** Id of the row identity's column in the SQL made. */
const KEY = "dt_key";
const KEY_COLUMN: PlanColumn = { id: KEY, name: KEY, type: NUMBER, nullable: false };

/**
 * A query's rows with an identity for each: a SELECT whose columns are the plan's and then `dt_key`, a BIGINT.
 *
 * - `row`: each result row stems from one row of one table and has its identity, so that a change there is a change of
 *   the same row here;
 * - `value`: the identity is a hash of all values and of how often they came before, so that equal results have equal
 *   identities whatever order they are computed in.
 */
export interface IdentifiedQuery {
  readonly identity: "row" | "value";
  sql(options: EmitOptions): string;
}

export function identify(plan: Plan): IdentifiedQuery {
  const carried = carryRowId(plan);
  if (carried) return { identity: "row", sql: (options) => emitPlan(carried, options) };
  const columns = plan.columns.map((column) => column.id);
  const list = columns.join(", ");
  const hashed = `hash(${[...columns, `row_number() OVER (PARTITION BY ${list})`].join(", ")})`;
  return {
    identity: "value",
    // Halved: DuckDB's hash has 64 bits, a row id is a positive BIGINT.
    sql: (options) => `SELECT ${list}, CAST(${hashed} >> 1 AS BIGINT) AS ${KEY} FROM (${emitPlan(plan, options)})`,
  };
}

/** The plan with the scanned row's id passed through; undefined where rows are joined, grouped or multiplied. */
function carryRowId(plan: Plan): Plan | undefined {
  switch (plan.kind) {
    case "scan":
      return plan.changes
        ? undefined
        : { ...plan, columns: [...plan.columns, KEY_COLUMN], physical: [...plan.physical, "_rid"] };
    case "filter": {
      if (plan.clause !== "WHERE") return undefined;
      const input = carryRowId(plan.input);
      return input && { ...plan, input, columns: [...plan.columns, KEY_COLUMN] };
    }
    case "project": {
      const input = carryRowId(plan.input);
      if (!input) return undefined;
      const key = { kind: "column", id: KEY, name: KEY, type: NUMBER, nullable: false } as const;
      const column: PlanColumn = KEY_COLUMN;
      return { ...plan, input, columns: [...plan.columns, column], expressions: [...plan.expressions, key] };
    }
    // An ORDER BY without LIMIT orders nothing that a table keeps.
    case "sort":
      return carryRowId(plan.input);
    default:
      return undefined;
  }
}
