import type { BoundExpression } from "./boundExpression";
import { traitsOf } from "./functions/registry";
import type { Plan, WindowCall } from "./plan";
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
            if (traitsOf(name).notIncremental === "nowhere") reasons.add(`Unsupported aggregate function: ${name}`);
            if (traitsOf(name).notInDynamicTables) unsupported.add(`Unsupported aggregate function: ${name}`);
          }
          break;
        case "window":
          for (const window of node.windows) {
            const { notIncremental, notInDynamicTables } = traitsOf(window.name);
            if (notIncremental === "nowhere" || (notIncremental === "sliding" && slides(window.frame))) {
              reasons.add(`Unsupported window function: ${window.name}`);
            }
            if (notInDynamicTables) unsupported.add(`Unsupported window function: ${window.name}`);
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
          if (node.type === "SEMI") operator("SetOperation[INTERSECT]");
          if (node.type === "ANTI") operator("SetOperation[EXCEPT]");
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
  const deciding = decidingApproximation(plan);
  if (deciding !== undefined) reasons.add(`Unsupported use outside of the SELECT list: ${deciding}`);
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

/** A frame that leaves rows behind; one from the start on only grows. */
function slides(frame: WindowCall["frame"]): boolean {
  return frame !== undefined && frame.start.kind !== "UNBOUNDED PRECEDING";
}

/** The approximate aggregate whose value decides which rows or groups there are, if one does. */
function decidingApproximation(plan: Plan): string | undefined {
  const approximate = new Map<string, string>();
  const nameIn = (expression: BoundExpression): string | undefined => {
    let found: string | undefined;
    walkExpression(expression, (one) => {
      if (one.kind === "column") found ??= approximate.get(one.id);
    });
    return found;
  };
  const learn = (id: string, name: string | undefined): void => {
    if (name !== undefined) approximate.set(id, name);
  };
  // Columns stand for those of nodes below them: once more as long as that makes new ones known.
  for (let known = -1; approximate.size > known;) {
    known = approximate.size;
    walkPlan(plan, {
      node: (node) => {
        if (node.kind === "aggregate") {
          node.aggregates.forEach(({ name }, i) => {
            if (traitsOf(name).notIncremental === "deciding") learn(node.columns[node.groups.length + i]!.id, name);
          });
        } else if (node.kind === "window") {
          node.windows.forEach(({ name }, i) => {
            if (traitsOf(name).notIncremental === "deciding") learn(node.columns.at(i - node.windows.length)!.id, name);
          });
        } else if (node.kind === "project") {
          node.expressions.forEach((expression, i) => learn(node.columns[i]!.id, nameIn(expression)));
        }
      },
    });
  }
  if (approximate.size === 0) return undefined;
  let found: string | undefined;
  const decides = (expression: BoundExpression | undefined): void => {
    if (expression) found ??= nameIn(expression);
  };
  walkPlan(plan, {
    node: (node) => {
      if (node.kind === "filter" || node.kind === "join") decides(node.condition);
      else if (node.kind === "aggregate") node.groups.forEach(decides);
    },
  });
  return found;
}

/** Whether a join condition has an equality among its ANDed terms and nothing else. */
function isEquality(condition: BoundExpression | undefined): boolean {
  if (condition?.kind !== "call") return false;
  if (condition.name === "AND") return condition.args.every(isEquality);
  return condition.name === "=" || condition.name === "IS DISTINCT FROM" ? condition.args.length === 2 : false;
}
