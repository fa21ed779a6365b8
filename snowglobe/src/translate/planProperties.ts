import type { BoundExpression } from "./boundExpression";
import { isRowSequence } from "./bind/rowSequence";
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

/** What is found while a plan is walked. */
class Findings {
  readonly reasons = new Set<string>();
  readonly unsupported = new Set<string>();
  readonly byVolatility = {
    session: new Set<string>(),
    stable: new Set<string>(),
    declared: new Set<string>(),
    volatile: new Set<string>(),
  };
  readsStream = false;

  operator(name: string): void {
    this.reasons.add(`Unsupported query operator type: ${name}`);
  }
}

type Rules = {
  readonly [K in Plan["kind"]]: (node: Extract<Plan, { readonly kind: K }>, found: Findings) => void;
};

const harmless = (): void => undefined;

/**
 * What each node means for a dynamic table. A kind that is missing here does not compile. Source: "Supported queries for
 * dynamic tables".
 */
const RULES: Rules = {
  scan: (node, found) => {
    if (node.relation.kind === "stream") found.readsStream = true;
  },
  sql: (node, found) => found.operator(`TableFunction[${node.name}]`),
  values: harmless,
  tableFunction: (node, found) => {
    if (node.name !== "FLATTEN") found.operator(`TableFunction[${node.name}]`);
  },
  project: (node, { reasons }) => {
    // The time may decide which rows there are (WHERE, HAVING, QUALIFY), but not what stands in them.
    for (const expression of node.expressions) {
      walkExpression(expression, (one) => {
        if (one.kind === "call" && one.volatility === "stable") reasons.add(`Unsupported function: ${one.name}`);
      });
    }
  },
  filter: harmless,
  join: (node, found) => {
    if (node.lateral && node.right.kind !== "tableFunction") found.operator("LateralJoin");
    if (node.type === "SEMI") found.operator("SetOperation[INTERSECT]");
    if (node.type === "ANTI") found.operator("SetOperation[EXCEPT]");
    if (node.type === "ASOF" || node.type === "ASOF LEFT") found.operator("AsofJoin");
    if ((node.type === "LEFT" || node.type === "RIGHT" || node.type === "FULL") && !isEquality(node.condition)) {
      found.operator("OuterJoin with non-equality predicate");
    }
  },
  aggregate: (node, found) => {
    if (node.groupingSets) found.operator("GroupingSets");
    for (const { name } of node.aggregates) {
      const { notIncremental, notInDynamicTables } = traitsOf(name);
      if (notIncremental === "nowhere") found.reasons.add(`Unsupported aggregate function: ${name}`);
      if (notInDynamicTables) found.unsupported.add(`Unsupported aggregate function: ${name}`);
    }
  },
  window: (node, found) => {
    for (const { name, frame } of node.windows) {
      if (isRowSequence(name)) found.reasons.add(`Unsupported function: ${name}`);
      const { notIncremental, notInDynamicTables } = traitsOf(name);
      if (notIncremental === "nowhere" || (notIncremental === "sliding" && slides(frame))) {
        found.reasons.add(`Unsupported window function: ${name}`);
      }
      if (notInDynamicTables) found.unsupported.add(`Unsupported window function: ${name}`);
    }
  },
  distinct: harmless,
  sort: harmless,
  limit: (_, found) => found.operator("Limit"),
  setOperation: (node, found) => {
    if (node.operator !== "UNION") found.operator(`SetOperation[${node.operator}]`);
  },
  with: (node, found) => {
    if (node.definitions.some((definition) => definition.recursive)) found.operator("RecursiveUnion");
  },
  cteReference: harmless,
  unpivot: (_, found) => found.operator("Unpivot"),
  sample: (_, { unsupported }) => {
    unsupported.add("Unsupported query operator type: Sample");
  },
};

export function planProperties(plan: Plan): QueryProperties {
  const found = new Findings();
  const { reasons, unsupported, byVolatility } = found;
  walkPlan(plan, {
    node: (node) => {
      const rule = RULES[node.kind] as (node: Plan, found: Findings) => void;
      rule(node, found);
    },
    expression: (expression) => {
      if (expression.kind === "subquery" || expression.kind === "exists" || expression.kind === "inQuery") {
        found.operator("Subquery");
      }
      if (expression.kind === "call" && expression.volatility !== "deterministic") {
        byVolatility[expression.volatility].add(expression.name);
      }
    },
  });
  const deciding = decidingFunction(plan);
  if (deciding !== undefined) reasons.add(`Unsupported use outside of the SELECT list: ${deciding}`);
  for (const name of byVolatility.session) reasons.add(`Unsupported function: ${name}`);
  for (const name of byVolatility.volatile) reasons.add(`Unsupported function: ${name}`);
  if (found.readsStream) unsupported.add("Streams cannot be read by a dynamic table");
  return {
    fullRefreshReasons: [...reasons],
    unsupportedReasons: [...unsupported],
    sessionFunctions: [...byVolatility.session],
    stableFunctions: [...byVolatility.stable],
    volatileFunctions: [...byVolatility.volatile],
    readsStream: found.readsStream,
  };
}

/** A frame that leaves rows behind; one from the start on only grows. */
function slides(frame: WindowCall["frame"]): boolean {
  return frame !== undefined && frame.start.kind !== "UNBOUNDED PRECEDING";
}

/** What may stand in the SELECT list alone and decides which rows or groups there are, if something does. */
function decidingFunction(plan: Plan): string | undefined {
  const known = new Map<string, string>();
  const nameIn = (expression: BoundExpression): string | undefined => {
    let found: string | undefined;
    walkExpression(expression, (one) => {
      if (one.kind === "column") found ??= known.get(one.id);
      else if (one.kind === "call" && one.volatility === "declared") found ??= "VOLATILE FUNCTION";
    });
    return found;
  };
  const learn = (id: string, name: string | undefined): void => {
    if (name !== undefined) known.set(id, name);
  };
  const firstIn = (expressions: readonly BoundExpression[]): string | undefined =>
    expressions.map(nameIn).find((one) => one !== undefined);
  const nameOf = ({ name, args }: { readonly name: string; readonly args: readonly BoundExpression[] }) =>
    traitsOf(name).notIncremental === "deciding" ? name : firstIn(args);
  // Columns stand for those of nodes below them: once more as long as that makes new ones known.
  for (let before = -1; known.size > before;) {
    before = known.size;
    walkPlan(plan, {
      node: (node) => {
        if (node.kind === "aggregate") {
          node.aggregates.forEach((one, i) => learn(node.columns[node.groups.length + i]!.id, nameOf(one)));
        } else if (node.kind === "window") {
          node.windows.forEach((one, i) => {
            const keys = [...one.partitionBy, ...one.orderBy.map((key) => key.expression)];
            learn(node.columns.at(i - node.windows.length)!.id, nameOf(one) ?? firstIn(keys));
          });
        } else if (node.kind === "project") {
          node.expressions.forEach((expression, i) => learn(node.columns[i]!.id, nameIn(expression)));
        }
      },
    });
  }
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
