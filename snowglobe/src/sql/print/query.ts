import type { Expression } from "../ast/expression";
import type {
  GroupBy,
  GroupItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  ValuesClause,
} from "../ast/query";
import { ExpressionPrinter } from "./expression";
import { printColumns, printIdentifier, words } from "./name";
import { TableSourcePrinter } from "./tableSource";
import { quoteIfNeeded } from "../../quoting";

/** A query as canonical Snowflake text: one line, keywords upper-cased, no comments. */
export function printQuery(query: Query): string {
  const ctes = query.ctes.map((cte) =>
    words(
      printIdentifier(cte.name),
      cte.columns.length > 0 && printColumns(cte.columns),
      `AS (${printQuery(cte.query)})`,
    ),
  );
  return words(
    ctes.length > 0 && `WITH ${query.recursive ? "RECURSIVE " : ""}${ctes.join(", ")}`,
    printBody(query.body),
    query.orderBy.length > 0 && `ORDER BY ${expressions.orderBy(query.orderBy)}`,
    printLimit(query),
  );
}

export const expressions = new ExpressionPrinter(printQuery);

export const tableSources = new TableSourcePrinter(expressions, {
  query: printQuery,
  values: printValues,
  selectItem: printSelectItem,
});

/** An expression as canonical Snowflake text. */
export function printExpression(expression: Expression): string {
  return expressions.print(expression);
}

function printLimit({ limit, offset }: Query): string | undefined {
  if (limit) return words(`LIMIT ${printExpression(limit)}`, offset && `OFFSET ${printExpression(offset)}`);
  return offset && `OFFSET ${printExpression(offset)}`;
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case "select":
      return printSelect(body);
    case "values":
      return printValues(body);
    case "query":
      return `(${printQuery(body)})`;
    case "setOperation":
      return printSetOperation(body);
  }
}

/** Chains lean to the left and may be thousands long: they are walked, not recursed into. */
function printSetOperation(operation: SetOperation): string {
  const parts: string[] = [];
  let body: QueryBody = operation;
  while (body.kind === "setOperation") {
    const operator = words(body.operator, body.all && "ALL", body.byName && "BY NAME");
    parts.push(printBody(body.right), operator);
    body = body.left;
  }
  parts.push(printBody(body));
  return parts.reverse().join(" ");
}

function printValues(values: ValuesClause): string {
  return `VALUES ${values.rows.map((row) => `(${expressions.list(row)})`).join(", ")}`;
}

function printSelectItem(item: SelectItem): string {
  return words(printExpression(item.expression), item.alias && `AS ${printIdentifier(item.alias)}`);
}

function printSelect(select: Select): string {
  const { connectBy } = select;
  return words(
    "SELECT",
    select.distinct && "DISTINCT",
    select.top && `TOP ${printExpression(select.top)}`,
    select.items.map(printSelectItem).join(", "),
    select.into && `INTO ${select.into.map((name) => `:${quoteIfNeeded(name)}`).join(", ")}`,
    select.from.length > 0 && `FROM ${select.from.map((source) => tableSources.print(source)).join(", ")}`,
    connectBy?.startWith && `START WITH ${printExpression(connectBy.startWith)}`,
    connectBy && `CONNECT BY ${printExpression(connectBy.condition)}`,
    select.where && `WHERE ${printExpression(select.where)}`,
    select.groupBy && `GROUP BY ${printGroupBy(select.groupBy)}`,
    select.having && `HAVING ${printExpression(select.having)}`,
    select.qualify && `QUALIFY ${printExpression(select.qualify)}`,
  );
}

function printGroupBy(groupBy: GroupBy): string {
  return groupBy.kind === "all" ? "ALL" : groupBy.items.map(printGroupItem).join(", ");
}

function printGroupItem(item: GroupItem): string {
  switch (item.kind) {
    case "rollup":
    case "cube":
      return `${item.kind.toUpperCase()} (${expressions.list(item.items)})`;
    case "groupingSets":
      return `GROUPING SETS (${item.sets.map((set) => `(${expressions.list(set)})`).join(", ")})`;
    default:
      return expressions.print(item);
  }
}
