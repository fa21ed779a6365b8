import { compilationError } from "../../errors";
import { castTo } from "../cast";
import { call, columnRef } from "../construct";
import type { BoundExpression } from "../boundExpression";
import type { RoutineCall, ScalarFunction, TableRoutine } from "../environment";
import type { Plan, PlanColumn } from "../plan";
import type { BindContext } from "./context";
import type { ExpressionBinder } from "./expression";
import { EMPTY_SCOPE, type Scope } from "./scope";

type ScalarRoutine = Extract<ScalarFunction, { kind: "body" }>;

/** The arguments in the order of the parameters and in their types. @param args those by name after the others */
export function argumentsInOrder(
  binder: ExpressionBinder,
  routine: Pick<RoutineCall, "parameters" | "environment" | "text">,
  args: readonly BoundExpression[],
): readonly BoundExpression[] {
  return routine.parameters.map(({ given, type }) => {
    const value = typeof given === "number" ? args[given]! : inner(binder, routine, EMPTY_SCOPE).bind(given);
    return castTo(value, type, binder.session);
  });
}

function contextOf(
  binder: ExpressionBinder,
  { environment, text }: Pick<RoutineCall, "environment" | "text">,
): BindContext {
  return { ...binder.context, environment, text };
}

function inner(
  binder: ExpressionBinder,
  routine: Pick<RoutineCall, "environment" | "text">,
  scope: Scope,
  parameters?: ReadonlyMap<string, BoundExpression>,
): ExpressionBinder {
  return new (binder.constructor as typeof ExpressionBinder)(
    contextOf(binder, routine),
    { scope, clause: "function", ...(parameters && { parameters }) },
    binder.bindQuery,
  );
}

/** The arguments as one row, whose columns a query can name. */
function argumentRow(
  binder: ExpressionBinder,
  routine: RoutineCall,
  values: readonly BoundExpression[],
): { readonly plan: Plan; readonly scope: Scope } {
  const columns = routine.parameters.map(({ name, type }): PlanColumn => ({
    id: binder.context.state.newId(),
    name,
    type,
    nullable: true,
  }));
  const plan: Plan = {
    kind: "project",
    input: { kind: "values", rows: [[]], columns: [] },
    expressions: values,
    columns,
  };
  return { plan, scope: { ...EMPTY_SCOPE, sources: [{ columns }] } };
}

/** A call of a user's function, by its body. */
export function bindScalarRoutine(
  binder: ExpressionBinder,
  routine: ScalarRoutine,
  args: readonly BoundExpression[],
): BoundExpression {
  const values = argumentsInOrder(binder, routine, args);
  const { returnType } = routine;
  if (routine.body.kind === "subquery") {
    const row = argumentRow(binder, routine, values);
    const body = castTo(inner(binder, routine, row.scope).bind(routine.body), returnType, binder.session);
    const result: PlanColumn = { id: binder.context.state.newId(), name: "", type: returnType, nullable: true };
    const parameters = row.plan.columns.map((column) => columnRef(column));
    const expression = strictly(routine, parameters, body);
    const plan: Plan = { kind: "project", input: row.plan, expressions: [expression], columns: [result] };
    return named(routine, { kind: "subquery", plan, type: returnType, nullable: true });
  }
  return binder.once(values, (once) => {
    const parameters = new Map(routine.parameters.map((parameter, index) => [parameter.name, once[index]!]));
    const body = inner(binder, routine, EMPTY_SCOPE, parameters).bind(routine.body);
    return named(routine, strictly(routine, once, castTo(body, returnType, binder.session)));
  });
}

/** The body, marked as the function's: dynamic tables ask whose it is, and how far it may differ from call to call. */
function named({ id, immutable }: ScalarRoutine, body: BoundExpression): BoundExpression {
  const made = call("FUNCTION", [0], [body], body.type, body.nullable, immutable ? "deterministic" : "declared");
  return { ...made, routine: id };
}

/** RETURNS NULL ON NULL INPUT. */
export function strictly(
  { strict }: Pick<RoutineCall, "strict">,
  values: readonly BoundExpression[],
  result: BoundExpression,
): BoundExpression {
  if (!strict || values.length === 0) return result;
  const isNull = values.flatMap((_, index): (string | number)[] => [index > 0 ? " OR " : "", index, " IS NULL"]);
  const template = ["CASE WHEN ", ...isNull, " THEN NULL ELSE ", values.length, " END"];
  return call("CASE", template, [...values, result], result.type, true);
}

/** A call of a user's table function, by its query. */
export function bindTableRoutine(
  binder: ExpressionBinder,
  routine: TableRoutine,
  args: readonly BoundExpression[],
): Plan {
  const row = argumentRow(binder, routine, argumentsInOrder(binder, routine, args));
  const body = binder.bindQuery(contextOf(binder, routine), routine.query, row.scope);
  if (body.columns.length !== routine.columns.length) {
    throw compilationError(
      `Declared return type has ${routine.columns.length} column(s), but the function's query has ${body.columns.length}`,
      "002020",
    );
  }
  const columns = routine.columns.map(({ name, type }): PlanColumn => ({
    id: binder.context.state.newId(),
    name,
    type,
    nullable: true,
  }));
  return {
    kind: "project",
    input: {
      kind: "join",
      type: "CROSS",
      lateral: true,
      left: row.plan,
      right: body,
      columns: [...row.plan.columns, ...body.columns],
    },
    expressions: columns.map((column, index) => castTo(columnRef(body.columns[index]!), column.type, binder.session)),
    columns,
  };
}
