import type { ServerContext } from "../context";
import { success, type Answer } from "../http/answer";
import type { RouteRequest } from "../http/route";
import type { SubmittedStatement } from "../statements";

/** GET /monitoring/queries/:id: the state of a statement of this user; an unknown one gives an empty list. */
export async function queryStatus(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const { session } = context.sessions.authenticate(request.message.headers.authorization);
  const queryId = request.params[0]!;
  const statement = context.statements.find(session.userId, queryId);
  if (statement) return success({ queries: [statementStatus(statement)] });
  const kept = context.statements.result(session.userId, queryId);
  return success({ queries: kept ? [{ id: queryId, ...state("SUCCESS"), errorCode: null, errorMessage: null }] : [] });
}

function statementStatus(statement: SubmittedStatement): Record<string, unknown> {
  const { queryId, startedAt, endedAt, error, sqlText, sessionId, producedRows } = statement;
  return {
    id: queryId,
    ...state(endedAt === undefined ? "RUNNING" : error ? "FAILED_WITH_ERROR" : "SUCCESS"),
    // Text or null: a number, or "0", is an error to some drivers.
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    sqlText,
    startTime: startedAt,
    endTime: endedAt ?? 0,
    totalDuration: (endedAt ?? Date.now()) - startedAt,
    sessionId,
    stats: { scanBytes: 0, producedRows },
  };
}

function state(status: string): { readonly status: string; readonly state: string } {
  return { status, state: status === "SUCCESS" ? "SUCCEEDED" : status };
}
