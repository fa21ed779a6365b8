import type { DataType } from "../sql/ast/dataType";
import { NULL_TYPE } from "../sql/ast/dataType";
import type { BoundCall, BoundColumn, BoundExpression, BoundLiteral, Template, Volatility } from "./boundExpression";
import { physicalType } from "./types/physicalType";
import type { PlanColumn } from "./plan";
import { literal } from "../quoting";

const templates = new Map<string, Template>();

/** Splits `upper($0)` into text pieces and argument indexes. `$` before anything but a digit is text. */
export function template(text: string): Template {
  const known = templates.get(text);
  if (known) return known;
  const made: Template = text
    .split(/\$(\d+)/)
    .map((piece, i) => (i % 2 === 1 ? Number(piece) : piece))
    .filter((piece) => piece !== "");
  templates.set(text, made);
  return made;
}

/**
 * A template with a variable number of arguments: `open`, the arguments parted by `separator`, `close`.
 *
 * @param first the number of the first argument
 */
export function listTemplate(open: string, count: number, separator: string, close: string, first = 0): Template {
  const parts: (string | number)[] = [open];
  for (let i = 0; i < count; i++) {
    if (i > 0) parts.push(separator);
    parts.push(first + i);
  }
  parts.push(close);
  return parts;
}

/** @param nullable absent: when any argument is. */
export function call(
  name: string,
  text: string | Template,
  args: readonly BoundExpression[],
  type: DataType,
  nullable = args.some((arg) => arg.nullable),
  volatility: Volatility = "deterministic",
): BoundCall {
  const parts = typeof text === "string" ? template(text) : text;
  return { kind: "call", name, args, template: parts, type, nullable, volatility };
}

export function columnRef(column: PlanColumn, name = column.name): BoundColumn {
  return { kind: "column", id: column.id, name, type: column.type, nullable: column.nullable };
}

export function textLiteral(value: string): BoundLiteral {
  // Snowflake gives a text constant its own length; '' counts as one character.
  const length = Math.max([...value].length, 1);
  return { kind: "literal", sql: literal(value), value, type: { kind: "VARCHAR", length }, nullable: false };
}

export function nullLiteral(type: DataType = NULL_TYPE): BoundLiteral {
  const sql = type.kind === "NULL" ? "NULL" : `CAST(NULL AS ${physicalType(type)})`;
  return { kind: "literal", sql, value: null, type, nullable: true };
}

export function booleanLiteral(value: boolean): BoundLiteral {
  return {
    kind: "literal",
    sql: value ? "true" : "false",
    value: String(value),
    type: { kind: "BOOLEAN" },
    nullable: false,
  };
}

export function integerLiteral(value: number | bigint): BoundLiteral {
  const digits = String(value).replace("-", "").length;
  return {
    kind: "literal",
    sql: `CAST(${value} AS DECIMAL(${digits},0))`,
    value: String(value),
    type: { kind: "NUMBER", precision: digits, scale: 0 },
    nullable: false,
  };
}

/** The plain value of a constant, undefined where the expression is none. */
export function constantValue(expression: BoundExpression): string | null | undefined {
  return expression.kind === "literal" ? expression.value : undefined;
}

/** `branches` has one more than `whens`: the ELSE. */
export function caseCall(
  whens: readonly BoundExpression[],
  branches: readonly BoundExpression[],
  type: DataType,
): BoundExpression {
  const args: BoundExpression[] = [];
  const parts: (string | number)[] = ["(CASE"];
  whens.forEach((when, i) => {
    parts.push(" WHEN ", args.length, " THEN ", args.length + 1);
    args.push(when, branches[i]!);
  });
  parts.push(" ELSE ", args.length, " END)");
  args.push(branches[branches.length - 1]!);
  return call(
    "CASE",
    parts,
    args,
    type,
    branches.some((branch) => branch.nullable),
  );
}
