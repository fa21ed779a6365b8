import type { Procedure } from "../../catalog/objects";
import { compilationError, SnowflakeError, unknownFunction, unsupported } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { SessionState, StatementContext } from "../../execution/context";
import { nameText } from "../../execution/lookup";
import { rows, type Outcome } from "../../execution/outcome";
import { ownerContext } from "../../execution/ownerContext";
import { resolveOverload, routinesNamed, type GivenArgument, type Resolved } from "../../execution/routines";
import { valueFromWire } from "../../execution/wireValue";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { javaScriptResult, returned } from "./javaScriptProcedure";
import { StatementType } from "../../account/statementType";
import { parseExpression, parseStatements } from "../../sql";
import { VARCHAR } from "../../sql/ast/dataType";
import type { Expression, FunctionCall } from "../../sql/ast/expression";
import type { Query } from "../../sql/ast/query";
import { Binder, type TypedValue } from "../../translate";
import { NO_BINDS } from "../../execution/ownerContext";

/** How deep procedures may call each other. */
const MOST_NESTED = 16;

/**
 * CALL of a procedure of the user's: its block runs with the owner's rights in its own schema, or with the caller's in
 * the caller's session. Source: "CALL", "Understanding caller's rights and owner's rights stored procedures".
 */
export async function callProcedure(
  call: FunctionCall,
  context: StatementContext,
  anonymous?: CallableProcedure,
): Promise<Outcome> {
  const depth = (context.depth ?? 0) + 1;
  if (depth > MOST_NESTED) throw unsupported(`procedures that call each other more than ${MOST_NESTED} deep`);
  const given = [...call.args, ...call.namedArgs.map(({ value }) => value)];
  const binder = new Binder(queryEnvironment(context), context.text);
  const types = given.map((argument, index) => ({
    type: binder.scalar(argument).type,
    ...(index >= call.args.length && { name: call.namedArgs[index - call.args.length]!.name }),
  }));
  const { routine, places } = anonymous
    ? resolveOverload([anonymous], types, nameText(call.name))
    : procedureNamed(call, types, context);
  if (context.describeOnly) return rows(columnsOf(routine), [], StatementType.SELECT);
  const values = new Map<string, TypedValue>();
  for (const [index, { name, type, defaultText }] of routine.arguments.entries()) {
    const at = places[index];
    const value =
      at === undefined
        ? await evaluated(parseExpression(defaultText!), type, { ...context, text: defaultText!, binds: NO_BINDS })
        : await evaluated(given[at]!, type, context);
    values.set(name, value);
  }
  const targets = outTargets(routine, places, given);
  const { last, answer } = await answered(routine, values, context, depth);
  if (targets.size === 0) return answer;
  return { ...answer, variables: new Map([...targets].map(([variable, own]) => [variable, last!.get(own)!])) };
}

/** What a procedure answers, and the values that its variables have in the end. */
async function answered(
  routine: CallableProcedure,
  values: ReadonlyMap<string, TypedValue>,
  context: StatementContext,
  depth: number,
): Promise<{ readonly answer: Outcome; readonly last?: Outcome["variables"] }> {
  if (routine.language) return { answer: await javaScript(routine, values, context, depth) };
  const [block] = parseStatements(routine.body);
  const binds = { positional: [], named: values };
  const reading = context.reading && { reading: context.reading };
  const { variables: last, ...outcome } = await asProcedure(routine, context, (session) =>
    context.run(block!, routine.body, { binds, pipe: [], depth, session, ...reading }),
  );
  if (routine.returns.kind === "table") return { last, answer: asTable(routine, outcome) };
  const value = valueFromWire(outcome.columns[0]!.type, firstCell(outcome));
  return { last, answer: await asValue(routine, value, context) };
}

async function javaScript(
  routine: CallableProcedure,
  values: ReadonlyMap<string, TypedValue>,
  context: StatementContext,
  depth: number,
): Promise<Outcome> {
  const isNull = routine.strict && [...values.values()].some(({ value }) => value === null);
  const text = isNull
    ? null
    : await asProcedure(routine, context, (session) =>
        javaScriptResult(routine, values, { ...context, session, depth }),
      );
  return asValue(routine, returned(routine, text), context);
}

/** What a call needs of a procedure. */
export type CallableProcedure = Pick<
  Procedure,
  "name" | "arguments" | "returns" | "body" | "executeAs" | "language" | "strict"
>;

function procedureNamed(
  call: FunctionCall,
  types: readonly GivenArgument[],
  context: StatementContext,
): Resolved<Procedure> {
  const candidates = routinesNamed(context, "PROCEDURE", call.name);
  if (candidates.length === 0) throw unknownFunction(nameText(call.name));
  const resolved = resolveOverload(candidates, types, nameText(call.name));
  requirePrivilege(context, resolved.routine, "USAGE");
  return resolved;
}

/**
 * The caller's variables that output arguments set, each with its argument's name.
 * @throws SnowflakeError where something else than a variable is given, or one variable twice
 */
function outTargets(
  routine: CallableProcedure,
  places: readonly (number | undefined)[],
  given: readonly Expression[],
): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [index, { name, out }] of routine.arguments.entries()) {
    if (!out) continue;
    const expression = given[places[index]!];
    if (expression?.kind !== "bind" || expression.name === undefined) {
      throw compilationError(`Output argument '${name}' of procedure '${routine.name}' takes a variable: :name`);
    }
    if (targets.has(expression.name)) {
      throw compilationError(`Variable '${expression.name}' is given for more than one output argument`);
    }
    targets.set(expression.name, name);
  }
  return targets;
}

type Type = Procedure["arguments"][number]["type"];

async function evaluated(expression: Expression, type: Type, context: StatementContext): Promise<TypedValue> {
  const { span } = expression;
  const item: Expression = { kind: "cast", operand: expression, type, tryCast: false, span };
  const outcome = await context.run(oneValue(item, "VALUE"), context.text);
  return { ...valueFromWire(outcome.columns[0]!.type, firstCell(outcome)), type };
}

function oneValue(expression: Expression, name: string) {
  const { span } = expression;
  const query: Query = {
    kind: "query",
    ctes: [],
    recursive: false,
    body: {
      kind: "select",
      distinct: false,
      items: [{ expression, alias: { name, quoted: true, span }, span }],
      from: [],
      span,
    },
    orderBy: [],
    span,
  };
  return { kind: "queryStatement", query, span } as const;
}

function firstCell({ chunks }: Outcome): string | null {
  return (JSON.parse(`[${chunks[0]?.json ?? ""}]`) as (string | null)[][])[0]?.[0] ?? null;
}

/** Does something with the rights that a procedure has: its owner's or its caller's. */
async function asProcedure<T>(
  routine: CallableProcedure,
  context: StatementContext,
  work: (session: SessionState) => Promise<T>,
): Promise<T> {
  const owner = routine.executeAs === "OWNER" ? ownerContext(context, routine as Procedure).session : context.session;
  // With the owner's rights it sees none of the caller's variables, and leaves none.
  const session = routine.executeAs === "OWNER" ? { ...owner, invoker: undefined, variables: new Map() } : owner;
  const done = await work(session);
  if (session !== context.session && session.transaction !== context.session.transaction) {
    const left = session.transaction;
    if (left) {
      await context.instance.storage.rollback(left.storage);
      throw new SnowflakeError(
        "090232",
        "0A000",
        `Stored procedure execution error: Scoped transaction started in stored procedure is incomplete and it was rolled back.`,
      );
    }
    context.session.transaction = null;
  }
  return done;
}

function columnsOf({ returns, name }: CallableProcedure) {
  if (returns.kind === "type") return [[name, returns.type] as const];
  return returns.columns.length > 0
    ? returns.columns.map((one) => [one.name, one.type] as const)
    : [[name, VARCHAR] as const];
}

/** The rows that the block returned, under the declared names. */
function asTable(routine: CallableProcedure, outcome: Outcome): Outcome {
  const { returns } = routine;
  if (returns.kind !== "table" || returns.columns.length === 0)
    return { ...outcome, statementTypeId: StatementType.SELECT };
  if (returns.columns.length !== outcome.columns.length) {
    throw new SnowflakeError(
      "002101",
      "42601",
      `SQL compilation error:\nProcedure ${routine.name} declares ${returns.columns.length} column(s) and returns ${outcome.columns.length}.`,
    );
  }
  const columns = outcome.columns.map((column, index) => ({ ...column, name: returns.columns[index]!.name }));
  return { ...outcome, columns, statementTypeId: StatementType.SELECT };
}

/** The block's value in the declared type. */
async function asValue(routine: CallableProcedure, value: TypedValue, context: StatementContext): Promise<Outcome> {
  const { returns, name } = routine;
  if (returns.kind !== "type") throw new Error("a table is no value");
  const span = { start: 0, end: 0 };
  const result: Expression = {
    kind: "cast",
    operand: { kind: "bind", name: "RESULT", span },
    type: returns.type,
    tryCast: false,
    span,
  };
  const binds = { positional: [], named: new Map([["RESULT", value]]) };
  const answer = await context.run(oneValue(result, name), "", { binds, pipe: [] });
  return { ...answer, statementTypeId: StatementType.SELECT };
}
