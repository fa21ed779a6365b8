import type { BoundExpression, Plan, PlanColumn, SortKey } from "../../translate";
import { inputsOf } from "../../translate";

/** One operation of a plan, as EXPLAIN lists it. */
export interface Operation {
  readonly id: number;
  readonly parent: number | null;
  readonly operation: string;
  /** The full name of what a scan reads. */
  readonly object?: string;
  /** Storage's id of a scanned table. */
  readonly storageId?: number;
  readonly expressions: readonly string[];
}

/** The operations of a bound query, parents before their children. Source: "EXPLAIN", output. */
export function operationsOf(plan: Plan): Operation[] {
  const names = new Map<string, string>();
  collectNames(plan, names);
  const found: Operation[] = [];
  const add = (one: Omit<Operation, "id" | "parent">, parent: number | null): number => {
    found.push({ id: found.length, parent, ...one });
    return found.length - 1;
  };
  const visit = (node: Plan, parent: number): void => {
    const own = describe(node, names);
    const at = own ? add(own, parent) : parent;
    for (const input of inputsOf(node)) visit(input, at);
  };
  const expressions =
    plan.kind === "project"
      ? plan.expressions.map((one) => textOf(one, names))
      : plan.columns.map(({ id, name }) => names.get(id) ?? name);
  const top = add({ operation: "Result", expressions }, null);
  for (const input of plan.kind === "project" ? inputsOf(plan) : [plan]) visit(input, top);
  return found;
}

/** Columns by where they come from: `T.A` of a table, else by what they are computed from. */
function collectNames(plan: Plan, names: Map<string, string>): void {
  for (const input of inputsOf(plan)) collectNames(input, names);
  if (plan.kind === "scan") {
    const table = plan.relation.path.at(-1);
    for (const { id, name } of plan.columns) names.set(id, `${table}.${name}`);
  } else if (plan.kind === "project") {
    plan.columns.forEach(({ id }, at) => {
      if (!names.has(id)) names.set(id, textOf(plan.expressions[at]!, names));
    });
  } else if (plan.kind === "aggregate") {
    const texts = [
      ...plan.groups.map((one) => textOf(one, names)),
      ...plan.aggregates.map((one) => callText(one, names)),
    ];
    plan.columns.forEach(({ id }, at) => {
      if (!names.has(id) && texts[at] !== undefined) names.set(id, texts[at]);
    });
  }
}

const JOINS = {
  INNER: "InnerJoin",
  LEFT: "LeftOuterJoin",
  RIGHT: "RightOuterJoin",
  FULL: "FullOuterJoin",
  CROSS: "CartesianJoin",
  ASOF: "AsOfJoin",
  "ASOF LEFT": "AsOfJoin",
  SEMI: "SemiJoin",
  ANTI: "AntiJoin",
} as const;

const SETS = { UNION: "Union", EXCEPT: "Except", INTERSECT: "Intersect" } as const;

type Described = Pick<Operation, "operation" | "object" | "storageId" | "expressions">;

/** What one node does; undefined of those that only hold others together. */
function describe(node: Plan, names: ReadonlyMap<string, string>): Described | undefined {
  const text = (expression: BoundExpression): string => textOf(expression, names);
  const columns = (all: readonly PlanColumn[]): string[] => all.map(({ name }) => name);
  switch (node.kind) {
    case "scan":
      return {
        operation: node.relation.kind === "stream" ? "StreamScan" : "TableScan",
        object: node.relation.path.join("."),
        ...(node.relation.kind === "stored" && { storageId: node.relation.id }),
        expressions: columns(node.columns),
      };
    case "sql":
      return { operation: "ExternalScan", object: node.name, expressions: columns(node.columns) };
    case "values":
      return {
        operation: node.columns.length === 0 ? "Generator" : "ValuesClause",
        expressions: [`${node.rows.length}`],
      };
    case "tableFunction":
      return {
        operation: node.name === "FLATTEN" ? "Flatten" : "TableFunction",
        expressions: [`${node.name}(${node.args.map(text).join(", ")})`],
      };
    case "project":
      return { operation: "Projection", expressions: node.expressions.map(text) };
    case "filter":
      return { operation: "Filter", expressions: [text(node.condition)] };
    case "join":
      return {
        operation: node.lateral ? "LateralJoin" : JOINS[node.type],
        expressions: node.condition ? [`joinKey: ${text(node.condition)}`] : [],
      };
    case "aggregate":
      return {
        operation: node.groupingSets ? "GroupingSets" : "Aggregate",
        expressions: [
          `aggExprs: [${node.aggregates.map((one) => callText(one, names)).join(", ")}]`,
          `groupKeys: [${node.groups.map(text).join(", ")}]`,
        ],
      };
    case "window":
      return { operation: "WindowFunction", expressions: node.windows.map((one) => callText(one, names)) };
    case "distinct":
      return {
        operation: "Aggregate",
        expressions: [`groupKeys: [${node.columns.map(({ id, name }) => names.get(id) ?? name).join(", ")}]`],
      };
    case "sort":
      return {
        operation: "Sort",
        expressions: [`sortKey: [${node.keys.map((key) => keyText(key, names)).join(", ")}]`],
      };
    case "limit":
      return {
        operation: "Limit",
        expressions: [
          ...(node.limit ? [`rowCount: ${text(node.limit)}`] : []),
          ...(node.offset ? [`offset: ${text(node.offset)}`] : []),
        ],
      };
    case "setOperation":
      return { operation: `${SETS[node.operator]}${node.all ? "All" : ""}`, expressions: [] };
    case "with":
      return { operation: "WithClause", expressions: node.definitions.map(({ name }) => name) };
    case "cteReference":
      return { operation: "WithReference", expressions: columns(node.columns) };
    case "unpivot":
      return { operation: "Unpivot", expressions: node.sources.map(({ label }) => label) };
    case "sample":
      return { operation: "Sample", expressions: [`${node.method} (${node.size}${node.rows ? " ROWS" : ""})`] };
  }
}

const INFIX = /^([^A-Za-z]+|AND|OR|LIKE|ILIKE|IS|IN)$/;

function textOf(expression: BoundExpression, names: ReadonlyMap<string, string>): string {
  const text = (one: BoundExpression): string => textOf(one, names);
  switch (expression.kind) {
    case "column":
      return names.get(expression.id) ?? expression.name;
    case "literal":
      return expression.value === null
        ? "NULL"
        : expression.type.kind === "VARCHAR"
          ? `'${expression.value.replaceAll("'", "''")}'`
          : expression.value;
    case "call": {
      const { name, args } = expression;
      if (args.length === 2 && INFIX.test(name)) return `(${text(args[0]!)} ${name} ${text(args[1]!)})`;
      if (name === "CAST" && args.length === 1) return `CAST(${text(args[0]!)} AS ${expression.type.kind})`;
      return `${name}(${args.map(text).join(", ")})`;
    }
    case "let":
      return text(expression.body);
    case "lambda":
      return `${expression.parameters.map(({ name }) => name).join(", ")} -> ${text(expression.body)}`;
    case "subquery":
      return "(subquery)";
    case "exists":
      return "EXISTS(subquery)";
    case "inQuery":
      return `(${expression.operands.map(text).join(", ")}) IN (subquery)`;
  }
}

function callText(
  call: { readonly name: string; readonly args: readonly BoundExpression[]; readonly distinct: boolean },
  names: ReadonlyMap<string, string>,
): string {
  const args = call.args.map((one) => textOf(one, names)).join(", ");
  return `${call.name}(${call.distinct ? "DISTINCT " : ""}${args === "" && call.name === "COUNT" ? "*" : args})`;
}

function keyText({ expression, descending, nulls }: SortKey, names: ReadonlyMap<string, string>): string {
  return `${textOf(expression, names)} ${descending ? "DESC" : "ASC"} NULLS ${nulls}`;
}
