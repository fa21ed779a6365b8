import type { DynamicTable } from "../catalog/objects";
import { compilationError, SnowflakeError } from "../errors";
import type { StatementContext } from "../execution/context";
import { frozenCondition } from "../execution/frozenCondition";
import { queryEnvironment } from "../execution/queryEnvironment";
import { BOOLEAN } from "../sql/ast/dataType";
import type { StatementReader } from "../storage";
import { emitExpression, walkExpression, type BoundExpression, type BoundQuery, type Plan } from "../translate";
import { relyKeys } from "../execution/relyKey";

/**
 * Rows of a dynamic table that meet its FROZEN WHERE stay as they are from the first refresh on; all others are what the
 * query gives. Source: "Frozen regions and backfill".
 */

/** Whether refreshes leave a part of the rows alone: the first one fills it, where nothing else has. */
export function hasFrozenRows(table: DynamicTable): boolean {
  return table.frozenWhere !== undefined && (table.content !== null || table.backfill !== undefined);
}

/** The condition over columns that have the table's physical names as their ids. */
export function frozenOverStored(table: DynamicTable, context: StatementContext): BoundExpression {
  const columns = table.columns.map(({ physical }) => ({ id: physical }));
  return frozenCondition(table, columns, queryEnvironment({ ...context, text: table.frozenWhere! }));
}

/** That a row is not frozen: NULL is not. */
export function notFrozen(condition: BoundExpression): BoundExpression {
  return {
    kind: "call",
    name: "NOT",
    args: [condition],
    template: ["(NOT coalesce(", 0, ", false))"],
    type: BOOLEAN,
    nullable: false,
    volatility: "deterministic",
  };
}

/** As SQL over the stored table. */
export function frozenSql(table: DynamicTable, context: StatementContext): string {
  return `coalesce(${emitted(frozenOverStored(table, context))}, false)`;
}

function emitted(expression: BoundExpression): string {
  return emitExpression(expression, {
    scan: () => {
      throw new Error("a frozen region reads no table");
    },
  });
}

/** A FROM item: the rows that refreshes change, all of them where none is frozen. Needs an alias. */
export function activeRows(table: DynamicTable, reader: StatementReader, context: StatementContext): string {
  const rows = reader.current(table.storageId);
  return hasFrozenRows(table) ? `(SELECT * FROM ${rows} AS a WHERE NOT ${frozenSql(table, context)})` : rows;
}

/**
 * Why a changed frozen region asks for all rows anew: a row that was frozen is not so any more. Sources: "Frozen regions
 * and backfill", add or remove a frozen region; the text: "Predict refresh behavior"
 */
export async function whyThawed(
  existing: DynamicTable,
  next: DynamicTable,
  reader: StatementReader,
  context: StatementContext,
): Promise<string | undefined> {
  if (existing.frozenWhere === next.frozenWhere || !hasFrozenRows(existing)) return undefined;
  if (next.frozenWhere !== undefined) {
    const thawed = `${frozenSql(existing, context)} AND NOT ${frozenSql(next, context)}`;
    const rows = reader.current(existing.storageId);
    if (!(await reader.value(`SELECT EXISTS (SELECT 1 FROM ${rows} AS t WHERE ${thawed})`))) return undefined;
  }
  return "Frozen region changed or removed.";
}

/**
 * Checks a predicate. Sources: "CREATE DYNAMIC TABLE", FROZEN WHERE; "Frozen regions and backfill", limitations
 *
 * @param query the table's own, whose columns are the table's in order; absent for REFRESH USING
 * @throws SnowflakeError for what a predicate may not contain, or one whose region shrinks as time goes by
 */
export function requireFrozenRegion(
  table: DynamicTable,
  query: BoundQuery | undefined,
  context: StatementContext,
): void {
  const condition = frozenOverStored(table, context);
  const columns = new Set<string>();
  walkExpression(condition, (one) => {
    if (one.kind === "subquery" || one.kind === "exists" || one.kind === "inQuery") throw invalid("a subquery");
    if (one.kind === "call" && one.routine !== undefined) throw invalid("a user-defined function");
    if (one.kind === "call" && (one.volatility === "volatile" || one.volatility === "session")) throw invalid(one.name);
    if (one.kind === "column") columns.add(one.id);
  });
  requireGrowing(condition, true);
  const places = table.columns.flatMap((column, place) => (columns.has(column.physical) ? [place] : []));
  for (const place of places) {
    const id = query?.plan.columns[place]?.id;
    if (id !== undefined && isComputedOverRows(query!.plan, id)) {
      throw invalid(`column ${table.columns[place]!.name}, which an aggregate or window function computes`);
    }
  }
  requireWithinKeys(
    table,
    places.map((place) => table.columns[place]!.name),
  );
}

/** Source: "Frozen regions and backfill", RELY constraints. */
function requireWithinKeys(table: DynamicTable, columns: readonly string[]): void {
  for (const key of relyKeys(table)) {
    if (columns.every((name) => key.includes(name))) continue;
    throw new SnowflakeError(
      "002857",
      "55000",
      "If a FROZEN WHERE clause is used with a PRIMARY KEY RELY constraint or a UNIQUE RELY constraint, the column(s) used in the FROZEN WHERE clause must be a subset of the intersection of the columns used in the RELY constraints. If no such column exists, the specified FROZEN WHERE clause or RELY constraint cannot be used together.",
    );
  }
}

const FLIPPED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/**
 * Once frozen, a row stays so: where the time decides, it must stand on the greater side.
 *
 * @param grows false inside of NOT
 */
function requireGrowing(condition: BoundExpression, grows: boolean): void {
  if (!dependsOnTime(condition)) return;
  if (condition.kind === "call") {
    if (condition.name === "AND" || condition.name === "OR") {
      for (const arg of condition.args) requireGrowing(arg, grows);
      return;
    }
    if (condition.name === "NOT") return requireGrowing(condition.args[0]!, !grows);
    const [left, right] = condition.args;
    if (condition.name in FLIPPED && left && right && dependsOnTime(left) !== dependsOnTime(right)) {
      const operator = dependsOnTime(right) ? condition.name : FLIPPED[condition.name]!;
      if (operator.startsWith("<") === grows) return;
    }
  }
  throw invalid("a condition whose region may shrink as time goes by");
}

function dependsOnTime(expression: BoundExpression): boolean {
  let found = false;
  walkExpression(expression, (one) => {
    found ||= one.kind === "call" && one.volatility === "stable";
  });
  return found;
}

/** Whether a column's value is made of several rows, or passes a window without being a partition key of it. */
function isComputedOverRows(plan: Plan, id: string): boolean {
  switch (plan.kind) {
    case "project": {
      const place = plan.columns.findIndex((column) => column.id === id);
      let found = false;
      walkExpression(plan.expressions[place]!, (one) => {
        found ||= one.kind === "column" && isComputedOverRows(plan.input, one.id);
      });
      return found;
    }
    case "aggregate":
      return plan.columns.findIndex((column) => column.id === id) >= plan.groups.length;
    case "window":
      return !plan.windows.every((window) => window.partitionBy.some((one) => one.kind === "column" && one.id === id));
    case "filter":
    case "sort":
    case "limit":
    case "distinct":
    case "sample":
      return plan.kind !== "distinct" && isComputedOverRows(plan.input, id);
    case "with":
      return isComputedOverRows(plan.input, id);
    case "join": {
      const side = [plan.left, plan.right].find((one) => one.columns.some((column) => column.id === id));
      return side !== undefined && isComputedOverRows(side, id);
    }
    case "setOperation": {
      const place = plan.columns.findIndex((column) => column.id === id);
      return [plan.left, plan.right].some((one) => isComputedOverRows(one, one.columns[place]!.id));
    }
    default:
      return false;
  }
}

function invalid(what: string): SnowflakeError {
  return compilationError(`Invalid FROZEN WHERE clause: it must not contain ${what}.`, "002856", "42601");
}
