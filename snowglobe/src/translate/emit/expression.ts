import type { BoundCall, BoundExpression } from "../boundExpression";
import type { Plan, SortKey } from "../plan";

/** Turns a subquery's plan into a SELECT statement; given by the plan's emitter. */
export type PlanEmitter = (plan: Plan) => string;

/** Longest argument text, in characters, that a template may repeat. */
const MAX_REPEATED_TEXT = 300;

/** DuckDB text of an expression: atomic, so that it may stand anywhere without parentheses. */
export function expressionSql(expression: BoundExpression, emitPlan: PlanEmitter): string {
  switch (expression.kind) {
    case "column":
      return expression.id;
    case "literal":
      return expression.sql;
    case "call":
      return callSql(expression, emitPlan);
    case "subquery":
      return `(${emitPlan(expression.plan)})`;
    case "exists":
      return `EXISTS (${emitPlan(expression.plan)})`;
    case "inQuery": {
      const operands = expression.operands.map((operand) => expressionSql(operand, emitPlan));
      const left = operands.length === 1 ? operands[0]! : `(${operands.join(", ")})`;
      const plan = emitPlan(expression.plan);
      if (expression.operator === "=" && expression.quantifier === "ANY") return `(${left} IN (${plan}))`;
      if (expression.operator === "<>" && expression.quantifier === "ALL") return `(${left} NOT IN (${plan}))`;
      return `(${left} ${expression.operator} ${expression.quantifier} (${plan}))`;
    }
    case "lambda": {
      const names = expression.parameters.map((parameter) => parameter.id).join(", ");
      return `lambda ${names}: ${expressionSql(expression.body, emitPlan)}`;
    }
  }
}

function callSql(expression: BoundCall, emitPlan: PlanEmitter): string {
  const texts = expression.args.map((arg) => expressionSql(arg, emitPlan));
  return fillTemplate(expression, texts);
}

/**
 * Puts the arguments in place. An argument that stands in the template more than once is evaluated once where that
 * matters (a new value at each call, or a text so long that nesting would multiply it): as the element of a
 * one-element list that a lambda takes.
 */
function fillTemplate(expression: BoundCall, texts: string[]): string {
  const uses = new Map<number, number>();
  for (const part of expression.template) if (typeof part === "number") uses.set(part, (uses.get(part) ?? 0) + 1);
  const shared: { readonly name: string; readonly text: string }[] = [];
  for (const [index, count] of uses) {
    const arg = expression.args[index];
    if (count < 2 || !arg || arg.kind === "lambda") continue;
    if (texts[index]!.length > MAX_REPEATED_TEXT || isVolatile(arg)) {
      const name = `l${lambdaDepth(texts)}_${index}`;
      shared.push({ name, text: texts[index]! });
      texts[index] = name;
    }
  }
  let sql = expression.template.map((part) => (typeof part === "number" ? (texts[part] ?? "") : part)).join("");
  for (const { name, text } of shared) sql = `list_transform([${text}], lambda ${name}: ${sql})[1]`;
  return sql;
}

/** A number that no lambda inside the texts has: one more than the largest there. */
function lambdaDepth(texts: readonly string[]): number {
  let depth = 0;
  for (const text of texts) {
    for (const match of text.matchAll(/\bl(\d+)_\d+\b/g)) depth = Math.max(depth, Number(match[1]) + 1);
  }
  return depth;
}

export function isVolatile(expression: BoundExpression): boolean {
  if (expression.kind === "call") return expression.volatility === "volatile" || expression.args.some(isVolatile);
  if (expression.kind === "lambda") return isVolatile(expression.body);
  return expression.kind === "subquery";
}

export function sortSql(keys: readonly SortKey[], emitPlan: PlanEmitter): string {
  return keys
    .map((key) => {
      const direction = key.descending ? "DESC" : "ASC";
      return `${sortableSql(expressionSql(key.expression, emitPlan), key)} ${direction} NULLS ${key.nulls}`;
    })
    .join(", ");
}

/** A bare constant would be read as the position of a column. */
function sortableSql(sql: string, key: SortKey): string {
  return key.expression.kind === "literal" ? `(${sql} || '')` : sql;
}
