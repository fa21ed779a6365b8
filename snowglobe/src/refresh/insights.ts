import type { DynamicTable } from "../catalog/objects";
import { walkExpression, walkPlan, type BoundExpression, type BoundQuery, type Plan } from "../translate";
import { followsChanges } from "./refreshMode";

/** One of RECOMMENDATIONS. Source: "Dynamic Tables Insights", which publishes the codes, not the form. */
export interface Insight {
  readonly name: string;
  readonly severity: "INFO" | "WARNING";
  readonly message: string;
}

/** Aggregates that are merged into kept groups when they stand on top. */
const MERGED = new Set(["COUNT", "MAX", "MIN", "SUM"]);
const FIRST_RANKS = new Set(["RANK", "ROW_NUMBER"]);
/** Their groups lie scattered over the rows, whatever the rows' order. */
const NON_MONOTONIC = new Set([
  ...["%", "MOD", "HASH", "MD5", "SHA1", "SHA2", "MONTH", "DAY", "DAYOFMONTH", "DAYOFWEEK", "DAYOFYEAR", "WEEK"],
  ...["HOUR", "MINUTE", "SECOND", "REVERSE", "RIGHT", "ABS"],
]);

/**
 * What makes refreshes of a table dearer than they need be, as its definition shows it.
 *
 * @param query as it is bound now; absent where it cannot be
 */
export function insightsOf(table: DynamicTable, query: BoundQuery | undefined): Insight[] {
  if (table.requestedRefreshMode === "AUTO" && table.refreshMode === "FULL") {
    const message = `Refresh mode AUTO was resolved to FULL: ${table.refreshModeReason ?? ""}`;
    return [{ name: "AUTO_RESOLVED_TO_FULL_REFRESH", severity: "INFO", message }];
  }
  if (!query || !followsChanges(table.refreshMode)) return [];
  return structural(query.plan);
}

function warning(name: string, message: string): Insight {
  return { name, severity: "WARNING", message };
}

function structural(plan: Plan): Insight[] {
  const top = topOf(plan);
  const found: Insight[] = [];
  const note = (insight: Insight | undefined): void => {
    if (insight && !found.some((one) => one.name === insight.name)) found.push(insight);
  };
  walkPlan(plan, {
    node: (node) => {
      if (node.kind === "aggregate") {
        note(aggregateInsight(node, node === top.node, top.shown));
        for (const group of node.groups) if (isScattered(group)) note(scattered());
      }
      if (node.kind === "filter" && node.clause === "QUALIFY" && isFirstOfEach(node)) {
        note(rankInsight(node, node === top.filter, top.shown));
      } else if (node.kind === "window") note(windowInsight(node, plan));
    },
  });
  return found;
}

/** The operator on top of a query, below what only picks, names and sorts columns, and the ids of the columns shown. */
function topOf(plan: Plan): {
  readonly node: Plan;
  readonly filter: Plan | undefined;
  readonly shown: ReadonlySet<string>;
} {
  let node = plan;
  let filter: Plan | undefined;
  let shown = new Set(plan.columns.map((column) => column.id));
  for (;;) {
    if (node.kind === "project") {
      const { columns, expressions } = node;
      const passed = new Map(columns.map((column, index) => [column.id, idOf(expressions[index]!)]));
      shown = new Set([...shown].flatMap((id) => passed.get(id) ?? []));
      node = node.input;
    } else if (node.kind === "sort") node = node.input;
    else if (node.kind === "filter" && node.clause !== "WHERE") {
      if (node.clause === "QUALIFY") filter = node;
      node = node.input;
    } else if (node.kind === "window" && filter) {
      node = node.input;
    } else return { node, filter, shown };
  }
}

/** The column that an expression stands for: itself, or a cast of one to the type that it is stored with. */
function idOf(expression: BoundExpression): string[] {
  if (expression.kind === "column") return [expression.id];
  return expression.kind === "call" && expression.args.length === 1 && /^CAST/.test(expression.name)
    ? idOf(expression.args[0]!)
    : [];
}

function aggregateInsight(
  node: Extract<Plan, { kind: "aggregate" }>,
  isTop: boolean,
  shown: ReadonlySet<string>,
): Insight | undefined {
  if (node.groups.length === 0 || !node.aggregates.every((one) => MERGED.has(one.name) && !one.distinct))
    return undefined;
  if (!isTop) {
    return warning(
      "TOP_LEVEL_AGGREGATE_NOT_TOP_LEVEL",
      "GROUP BY with COUNT, SUM, MIN or MAX does not stand in the outermost SELECT.",
    );
  }
  const hidden = node.columns.filter((column) => !shown.has(column.id));
  if (hidden.length === 0) return undefined;
  return warning(
    "TOP_LEVEL_AGGREGATE_EXPRESSIONS_NOT_PERSISTED",
    `Not among the columns of the table: ${hidden.map((column) => column.name).join(", ")}.`,
  );
}

/** QUALIFY that keeps the first row of each partition: RANK() or ROW_NUMBER() = 1. */
function isFirstOfEach({ condition, input }: Extract<Plan, { kind: "filter" }>): boolean {
  if (input.kind !== "window" || condition.kind !== "call" || condition.name !== "=") return false;
  const ranks = new Set(
    input.windows.flatMap(({ name }, i) =>
      FIRST_RANKS.has(name) ? [input.columns.at(i - input.windows.length)!.id] : [],
    ),
  );
  const isRank = (one: BoundExpression): boolean => one.kind === "column" && ranks.has(one.id);
  const isOne = (one: BoundExpression): boolean => one.kind === "literal" && one.value === "1";
  const [left, right] = condition.args;
  return (isRank(left!) && isOne(right!)) || (isOne(left!) && isRank(right!));
}

function rankInsight(
  { input }: Extract<Plan, { kind: "filter" }>,
  isTop: boolean,
  shown: ReadonlySet<string>,
): Insight | undefined {
  if (!isTop) {
    return warning(
      "QUALIFY_RANK_NOT_TOP_LEVEL",
      "QUALIFY with RANK or ROW_NUMBER = 1 does not stand in the outermost SELECT.",
    );
  }
  const keys = (input as Extract<Plan, { kind: "window" }>).windows.flatMap((one) => [
    ...one.partitionBy,
    ...one.orderBy.map((key) => key.expression),
  ]);
  if (keys.every((key) => idOf(key).some((id) => shown.has(id)))) return undefined;
  return warning(
    "QUALIFY_RANK_KEYS_NOT_PERSISTED",
    "The keys of PARTITION BY and ORDER BY are not all among the columns of the table.",
  );
}

/** A window whose rows depend on their neighbours, but for one that only finds the first of each partition. */
function windowInsight(node: Extract<Plan, { kind: "window" }>, plan: Plan): Insight | undefined {
  if (!node.windows.some((one) => one.orderBy.length > 0)) return undefined;
  let ranks = false;
  walkPlan(plan, {
    node: (one) => {
      ranks ||= one.kind === "filter" && one.input === node && one.clause === "QUALIFY" && isFirstOfEach(one);
    },
  });
  if (ranks) return undefined;
  return warning(
    "EXPENSIVE_ORDER_DEPENDENT_WINDOW_FUNCTION",
    "A window function with ORDER BY is computed anew for each partition of which a row changed.",
  );
}

function isScattered(group: BoundExpression): boolean {
  let found = false;
  walkExpression(group, (one) => {
    found ||= one.kind === "call" && NON_MONOTONIC.has(one.name);
  });
  return found;
}

function scattered(): Insight {
  return warning("NON_MONOTONIC_GROUPING_KEY", "GROUP BY has a function that does not keep the order of its argument.");
}
