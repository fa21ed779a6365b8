import { randomUUID } from "node:crypto";
import { compilationError } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { routinesCalled } from "../../execution/routines";
import type { FunctionCall } from "../../sql/ast/expression";
import type { TableFunctionSource } from "../../sql/ast/query";
import type { Statement } from "../../sql/ast/statement";
import { nodesOf } from "../../sql/syntaxNodes";
import { callProcedure } from "./callProcedure";

/** Statements whose queries may select from procedures. Source: "Selecting from a stored procedure", limitations. */
const READERS: ReadonlySet<Statement["kind"]> = new Set([
  ...(["queryStatement", "insert", "createTable", "merge", "update", "delete"] as const),
]);
/** What such a procedure may do. */
const READING: ReadonlySet<Statement["kind"]> = new Set([
  ...(["queryStatement", "show", "showGrants", "describe", "call", "executeImmediate", "block"] as const),
]);

/** @throws SnowflakeError for a statement that changes something, in a procedure that a query selects from */
export function requireReading(statement: Statement): void {
  if (READING.has(statement.kind)) return;
  throw compilationError(
    "A stored procedure in FROM may run SELECT, SHOW, DESCRIBE and CALL only: it must not change anything",
  );
}

/**
 * Calls the procedures in the FROM clauses of a statement: `SELECT ... FROM TABLE(p(...))`, and puts RESULT_SCAN of
 * what they return in their places. Source: "Selecting from a stored procedure".
 *
 * @returns the statement itself where it selects from none
 * @throws SnowflakeError when a procedure changes something, or its columns are not declared
 */
export async function withProcedureResults(statement: Statement, context: StatementContext): Promise<Statement> {
  if (!READERS.has(statement.kind) || !context.instance.catalog.hasAny("PROCEDURE")) return statement;
  const calls = new Map<object, FunctionCall>();
  for (const node of nodesOf(statement)) {
    if (node.kind !== "tableFunction") continue;
    const { call } = node as unknown as TableFunctionSource;
    if (!call) continue;
    const [routine] = routinesCalled(context, "PROCEDURE", call.name);
    if (!routine) continue;
    if (routine.returns.kind !== "table" || routine.returns.columns.length === 0) {
      throw compilationError(`Procedure ${routine.name} must declare the columns of its table to be selected from`);
    }
    const queryId = randomUUID();
    const outcome = await callProcedure(call, { ...context, reading: true });
    context.instance.results.keep(context.session.user.id, { ...outcome, queryId, numberOfBinds: 0 });
    calls.set(call, resultScan(queryId, call));
  }
  return calls.size === 0 ? statement : (replaced(statement, calls) as Statement);
}

function resultScan(queryId: string, { span }: FunctionCall): FunctionCall {
  const name = [{ name: "RESULT_SCAN", quoted: false, span }];
  return { kind: "call", name, args: [{ kind: "string", value: queryId, span }], namedArgs: [], distinct: false, span };
}

function replaced(part: unknown, calls: ReadonlyMap<object, FunctionCall>): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((one) => replaced(one, calls));
  const call = calls.get(part);
  if (call) return call;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaced(value, calls)]));
}
