import type { BoundCall, BoundExpression, BoundLet } from "../boundExpression";
import type { Plan, SortKey } from "../plan";
import { factsOf, isRepeatable, profileOf } from "../repetition";

/** Turns a subquery's plan into a SELECT statement; given by the plan's emitter. */
export type PlanEmitter = (plan: Plan) => string;

/** Where text is made: what surrounds an expression. */
interface Place {
  readonly emitPlan: PlanEmitter;
  /** Text of the columns that are parameters of lambdas around. */
  readonly names: ReadonlyMap<string, string>;
  /** Lambdas around: their parameters are named by it, so that equal expressions have equal texts. */
  readonly depth: number;
  /** Moves a subquery's text out of all lambdas, where DuckDB takes none, and answers what stands for it. */
  readonly hoist?: (sql: string) => string;
  /**
   * Columns come from the left of a lateral join: there DuckDB's binder loses the names of structs, which lambdas need
   * for what they take from around them, so that nothing can be computed once.
   */
  readonly lateral: boolean;
}

/**
 * DuckDB text of an expression: atomic, so that it may stand anywhere without parentheses.
 *
 * @param lateral whether it is an argument of a table function, whose columns come from the left of a lateral join
 */
export function expressionSql(expression: BoundExpression, emitPlan: PlanEmitter, lateral = false): string {
  return emit(expression, { emitPlan, names: new Map(), depth: 0, lateral });
}

function emit(expression: BoundExpression, place: Place): string {
  switch (expression.kind) {
    case "column":
      return place.names.get(expression.id) ?? expression.id;
    case "literal":
      return expression.sql;
    case "call":
      return callSql(expression, place);
    case "let":
      return letSql(expression, place);
    case "subquery":
      return hoisted(`(${place.emitPlan(expression.plan)})`, place);
    case "exists":
      return hoisted(`EXISTS (${place.emitPlan(expression.plan)})`, place);
    case "inQuery": {
      const operands = expression.operands.map((operand) => emit(operand, place));
      const left = operands.length === 1 ? operands[0]! : `(${operands.join(", ")})`;
      const plan = place.emitPlan(expression.plan);
      if (expression.operator === "=" && expression.quantifier === "ANY")
        return hoisted(`(${left} IN (${plan}))`, place);
      if (expression.operator === "<>" && expression.quantifier === "ALL") {
        return hoisted(`(${left} NOT IN (${plan}))`, place);
      }
      return hoisted(`(${left} ${expression.operator} ${expression.quantifier} (${plan}))`, place);
    }
    case "lambda": {
      const names = new Map(place.names);
      expression.parameters.forEach((parameter, i) => names.set(parameter.id, `l${place.depth}_${i}`));
      const list = expression.parameters.map((parameter) => names.get(parameter.id)!).join(", ");
      return `lambda ${list}: ${emit(expression.body, { ...place, names, depth: place.depth + 1 })}`;
    }
  }
}

function hoisted(sql: string, place: Place): string {
  return place.hoist ? place.hoist(sql) : sql;
}

/** Puts the arguments in place; those that the template, its macros included, uses more than once are computed once. */
function callSql(call: BoundCall, place: Place): string {
  const { uses } = profileOf(call.template);
  const shared = [...uses.keys()].filter((i) => uses.get(i)! > 1 && call.args[i] && !isRepeatable(call.args[i]));
  if (shared.length === 0)
    return fill(
      call,
      call.args.map((arg) => emit(arg, place)),
    );
  const others = call.args.filter((_, i) => !shared.includes(i));
  return onceSql(
    shared.map((i) => call.args[i]!),
    others,
    place,
    (inner, names) =>
      fill(
        call,
        call.args.map((arg, i) => (shared.includes(i) ? names[shared.indexOf(i)]! : emit(arg, inner))),
      ),
  );
}

function fill(call: BoundCall, texts: readonly string[]): string {
  return call.template.map((part) => (typeof part === "number" ? (texts[part] ?? "") : part)).join("");
}

function letSql(expression: BoundLet, place: Place): string {
  return onceSql(expression.values, [expression.body], place, (inner, texts) => {
    const names = new Map(inner.names);
    expression.columns.forEach((column, i) => names.set(column.id, texts[i]!));
    return emit(expression.body, { ...inner, names });
  });
}

/**
 * `list_transform([value], lambda l0: body)[1]`: the values are computed once for each row, where the whole stands (in a
 * branch of CASE that is not taken they are not), and the text grows by each value once.
 *
 * @param inside what else the body is made of
 */
function onceSql(
  values: readonly BoundExpression[],
  inside: readonly BoundExpression[],
  place: Place,
  body: (inner: Place, names: readonly string[]) => string,
): string {
  const parameter = `l${place.depth}`;
  const fields = values.map((value) => emit(value, place));
  if (place.lateral) return body(place, fields);
  const hoists = place.hoist === undefined && inside.some((expression) => factsOf(expression).subquery);
  const inner: Place = {
    ...place,
    depth: place.depth + 1,
    ...(hoists && { hoist: (sql: string): string => `${parameter}.v${fields.push(sql) - 1}` }),
  };
  if (fields.length === 1 && !hoists) {
    return `list_transform([${fields[0]!}], lambda ${parameter}: ${body(inner, [parameter])})[1]`;
  }
  const text = body(
    inner,
    values.map((_, i) => `${parameter}.v${i}`),
  );
  const struct = fields.map((field, i) => `v${i}: ${field}`).join(", ");
  return `list_transform([{${struct}}], lambda ${parameter}: ${text})[1]`;
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
