import { compilationError } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { ARRAY, BOOLEAN, VARCHAR, VARIANT } from "../../sql/ast/dataType";
import type { BoundExpression, BoundLambda } from "../boundExpression";
import { castTo, toVariant } from "../cast";
import { call } from "../construct";
import { number } from "../types/numeric";
import { physicalType } from "../types/physicalType";
import { commonType } from "../types/supertype";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, define, typeMismatch } from "./signature";

type Bind = FunctionDefinition["bind"];

function lambdaOf(bound: BoundArguments, index: number, types: readonly DataType[]): BoundLambda {
  const lambda = bound.lambda(bound.syntax.args[index]!, types);
  if (lambda.kind !== "lambda") throw compilationError(`${bound.name} expects a lambda expression`, "001044", "42P13");
  return lambda;
}

/** A new value for each element. Source: "TRANSFORM". */
const transform: Bind = (bound, context) => {
  const lambda = lambdaOf(bound, 1, [VARIANT]);
  const body = toVariant(lambda.body, context.session);
  if (!body) throw typeMismatch(bound);
  const array = argument(bound, 0, "R", context.session);
  return call(bound.name, "fn.list_json(list_transform(fn.json_list($0), $1))", [array, { ...lambda, body }], ARRAY);
};

/** The elements for which a condition is true. Source: "FILTER". */
const filter: Bind = (bound, context) => {
  const lambda = lambdaOf(bound, 1, [VARIANT]);
  const body = castTo(lambda.body, BOOLEAN, context.session);
  const array = argument(bound, 0, "R", context.session);
  return call(bound.name, "fn.list_json(list_filter(fn.json_list($0), $1))", [array, { ...lambda, body }], ARRAY);
};

/** Room for what grows with each element. */
function largest(type: DataType): DataType {
  if (type.kind === "VARCHAR") return VARCHAR;
  return type.kind === "NUMBER" ? number(38, type.scale) : type;
}

/**
 * One value of all elements. The accumulator has the type that the start and the lambda's result have in common.
 * DuckDB's accumulator must be of the elements' type: both travel in one struct. Source: "REDUCE".
 */
const reduce: Bind = (bound, context) => {
  const start = bound.args[1]!;
  const first = lambdaOf(bound, 2, [start.type, VARIANT]);
  const common = commonType(start.type, first.body.type);
  if (!common) throw typeMismatch(bound);
  const type = largest(common);
  const lambda = lambdaOf(bound, 2, [type, VARIANT]);
  const [accumulator, element] = lambda.parameters;
  const [state, next] = [context.newId(), context.newId()];
  const body = castTo(lambda.body, type, context.session);
  const withElement: BoundLambda = { ...lambda, parameters: [element!], body };
  const inner: BoundExpression = call(bound.name, `list_transform([${next}.e], $0)[1]`, [withElement], type);
  const withBoth: BoundLambda = { ...lambda, parameters: [accumulator!], body: inner };
  const step = `{'a': list_transform([${state}.a], $2)[1], 'e': CAST(NULL AS JSON)}`;
  const items = `list_transform(fn.json_list($0), lambda e: {'a': CAST(NULL AS ${physicalType(type)}), 'e': e})`;
  return call(
    bound.name,
    `(CASE WHEN $0 IS NOT NULL THEN list_reduce(${items}, lambda ${state}, ${next}: ${step}, {'a': $1, 'e': CAST(NULL AS JSON)}).a END)`,
    [argument(bound, 0, "R", context.session), castTo(start, type, context.session), withBoth],
    type,
    true,
  );
};

/** Functions that take a lambda expression. NULL elements are NULL to it. */
export const higherOrderFunctions: readonly FunctionDefinition[] = [
  define("TRANSFORM", 2, 2, transform, { lambdas: [1] }),
  define("FILTER", 2, 2, filter, { lambdas: [1] }),
  define("REDUCE", 3, 3, reduce, { lambdas: [2] }),
];
