import { compilationError, unsupported } from "../../errors";
import type { Expression, FunctionCall } from "../../sql/ast/expression";
import type { Query, Select } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import type { ActingFunction } from "../../execution/actingFunction";
import type { StatementContext } from "../../execution/context";
import { rows, type ColumnSpec, type Outcome } from "../../execution/outcome";
import { callProcedure } from "../routine/callProcedure";
import { anonymousProcedure } from "../routine/createRoutine";
import { StatementType } from "../../account/statementType";

function actingName(call: FunctionCall, context: StatementContext): string | undefined {
  const name = call.name.length === 1 ? call.name[0]!.name : undefined;
  return name !== undefined && context.instance.functions.acting.has(name) ? name : undefined;
}

/**
 * `SELECT SYSTEM$SEND_EMAIL(...)`: the call, and its column's name. A call elsewhere in a query is refused: how often it
 * would act is not for a query to decide.
 */
export function actingSelect(
  query: Query,
  context: StatementContext,
): { readonly call: FunctionCall; readonly column: string } | undefined {
  const { body } = query;
  if (body.kind !== "select" || body.items.length !== 1) return undefined;
  const { expression, alias } = body.items[0]!;
  if (expression.kind !== "call" || !actingName(expression, context)) return undefined;
  const plain = body.from.length === 0 && !body.where && !body.groupBy && !body.having && !body.qualify && !query.limit;
  if (!plain) throw unsupported(`${actingName(expression, context)!} in a SELECT with more than the call`);
  return {
    call: expression,
    column: alias?.name ?? context.text.slice(expression.span.start, expression.span.end).toUpperCase(),
  };
}

/** CALL of a function that acts, or of a procedure of the user's. */
export async function callActing(statement: StatementOf<"call">, context: StatementContext): Promise<Outcome> {
  const name = actingName(statement.procedure, context);
  const { anonymous } = statement;
  if (anonymous) return callProcedure(statement.procedure, context, anonymousProcedure(anonymous, context));
  if (!name) return callProcedure(statement.procedure, context);
  if (statement.into) throw unsupported("CALL ... INTO");
  return act(statement.procedure, name, context);
}

/**
 * Does what a call of an acting function says.
 *
 * @param column name of the result's column
 */
export async function act(call: FunctionCall, column: string, context: StatementContext): Promise<Outcome> {
  const name = actingName(call, context)!;
  const acting = context.instance.functions.acting.get(name)!;
  const spec: ColumnSpec = [column, acting.type];
  if (context.describeOnly) return rows([spec], [], StatementType.SELECT);
  const values = await argumentValues(orderedArguments(call, name, acting), context);
  return rows([spec], [[await acting.act(values, context)]], StatementType.SELECT);
}

/** Arguments by name in the places of their parameters. */
function orderedArguments(call: FunctionCall, name: string, { parameters }: ActingFunction): readonly Expression[] {
  if (call.namedArgs.length === 0) return call.args;
  if (!parameters) throw unsupported(`${name} with named arguments`);
  const given: (Expression | undefined)[] = [...call.args];
  for (const argument of call.namedArgs) {
    const at = parameters.findIndex((names) => names.includes(argument.name));
    if (at < 0) throw compilationError(`unexpected argument name '${argument.name}' of function '${name}'`, "001045");
    if (given[at]) throw compilationError(`argument '${argument.name}' of function '${name}' is given twice`, "001045");
    given[at] = argument.value;
  }
  const missing = Array.from(given, (value, at) => (value ? undefined : parameters[at]![0])).find(Boolean);
  if (missing) throw compilationError(`argument '${missing}' of function '${name}' is missing`, "001045");
  return given as Expression[];
}

async function argumentValues(args: readonly Expression[], context: StatementContext): Promise<(string | null)[]> {
  if (args.length === 0) return [];
  const span = { start: args[0]!.span.start, end: args.at(-1)!.span.end };
  const body: Select = {
    kind: "select",
    distinct: false,
    items: args.map((expression) => ({ expression, span: expression.span })),
    from: [],
    span,
  };
  const query: Query = { kind: "query", ctes: [], recursive: false, body, orderBy: [], span };
  const outcome = await context.run({ kind: "queryStatement", query, span }, context.text);
  return (JSON.parse(`[${outcome.chunks[0]!.json}]`) as (string | null)[][])[0]!;
}
