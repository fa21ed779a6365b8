import type { BoundExpression } from "./boundExpression";
import type { Plan } from "./plan";
import { walkExpression, walkPlan } from "./planWalk";

/** What a dynamic table must know of its query. Source: "Supported queries for dynamic tables". */
export interface QueryProperties {
  /** Why the query cannot be refreshed incrementally; empty where it can. The first is the one that users see. */
  readonly fullRefreshReasons: readonly string[];
  /** What neither refresh mode supports. */
  readonly unsupportedReasons: readonly string[];
  /** CURRENT_ROLE and the like, which a dynamic table may not use incrementally. */
  readonly sessionFunctions: readonly string[];
  /** CURRENT_TIMESTAMP and the like. */
  readonly stableFunctions: readonly string[];
  /** RANDOM, UUID_STRING, sequences. */
  readonly volatileFunctions: readonly string[];
  readonly readsStream: boolean;
}

/** Aggregates whose result may differ between two runs over the same rows, or which need all rows. */
const EXACT_PERCENTILES = new Set(["PERCENTILE_CONT", "PERCENTILE_DISC", "MEDIAN"]);

export function planProperties(plan: Plan): QueryProperties {
  const reasons = new Set<string>();
  const unsupported = new Set<string>();
  const byVolatility = { session: new Set<string>(), stable: new Set<string>(), volatile: new Set<string>() };
  let readsStream = false;
  const operator = (name: string): unknown => reasons.add(`Unsupported query operator type: ${name}`);
  walkPlan(plan, {
    node: (node) => {
      switch (node.kind) {
        case "limit":
          operator("Limit");
          break;
        case "setOperation":
          if (node.operator !== "UNION") operator(`SetOperation[${node.operator}]`);
          break;
        case "with":
          if (node.definitions.some((definition) => definition.recursive)) operator("RecursiveUnion");
          break;
        case "aggregate":
          if (node.groupingSets) operator("GroupingSets");
          for (const { name } of node.aggregates) {
            if (EXACT_PERCENTILES.has(name)) reasons.add(`Unsupported aggregate function: ${name}`);
            if (name === "ANY_VALUE") unsupported.add("Unsupported aggregate function: ANY_VALUE");
          }
          break;
        case "window":
          for (const window of node.windows) {
            if (EXACT_PERCENTILES.has(window.name)) reasons.add(`Unsupported window function: ${window.name}`);
          }
          break;
        case "project":
          // The time may decide which rows there are (WHERE, HAVING, QUALIFY), but not what stands in them.
          for (const expression of node.expressions) {
            walkExpression(expression, (one) => {
              if (one.kind === "call" && one.volatility === "stable") reasons.add(`Unsupported function: ${one.name}`);
            });
          }
          break;
        case "unpivot":
          operator("Unpivot");
          break;
        case "sample":
          unsupported.add("Unsupported query operator type: Sample");
          break;
        case "tableFunction":
          if (node.name !== "FLATTEN") operator(`TableFunction[${node.name}]`);
          break;
        case "sql":
          operator(`TableFunction[${node.name}]`);
          break;
        case "join":
          if (node.lateral && node.right.kind !== "tableFunction") operator("LateralJoin");
          if (node.type === "ASOF" || node.type === "ASOF LEFT") operator("AsofJoin");
          if ((node.type === "LEFT" || node.type === "RIGHT" || node.type === "FULL") && !isEquality(node.condition)) {
            operator("OuterJoin with non-equality predicate");
          }
          break;
        case "scan":
          if (node.relation.kind === "stream") readsStream = true;
          break;
      }
    },
    expression: (expression) => {
      if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "inQuery") {
        operator("Subquery");
      }
      if (expression.kind === "call" && expression.volatility !== "deterministic") {
        byVolatility[expression.volatility].add(expression.name);
      }
    },
  });
  for (const name of byVolatility.session) reasons.add(`Unsupported function: ${name}`);
  for (const name of byVolatility.volatile) reasons.add(`Unsupported function: ${name}`);
  if (readsStream) unsupported.add("Streams cannot be read by a dynamic table");
  return {
    fullRefreshReasons: [...reasons],
    unsupportedReasons: [...unsupported],
    sessionFunctions: [...byVolatility.session],
    stableFunctions: [...byVolatility.stable],
    volatileFunctions: [...byVolatility.volatile],
    readsStream,
  };
}

/** Whether a join condition has an equality among its ANDed terms and nothing else. */
function isEquality(condition: BoundExpression | undefined): boolean {
  if (condition?.kind !== "call") return false;
  if (condition.name === "AND") return condition.args.every(isEquality);
  return condition.name === "=" || condition.name === "IS DISTINCT FROM" ? condition.args.length === 2 : false;
}
