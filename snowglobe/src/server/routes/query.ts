import { randomUUID } from "node:crypto";
import { SnowflakeError } from "../../errors";
import type { StatementResult } from "../../account/result";
import type { ServerContext } from "../context";
import { failure, jsonText, success, type Answer } from "../http/answer";
import { HttpError } from "../http/httpError";
import type { RouteRequest } from "../http/route";
import { encodeResult } from "../result/encodeResult";
import { errorAnswer } from "../result/errorAnswer";
import type { LiveSession } from "../sessions";
import { transferAnswer, transferForm } from "../stage/transferAnswer";
import type { SubmittedStatement, StatementOrder } from "../statements";
import { CHUNK_PATH } from "./chunk";
import { bindValues, isObject, parameterValues, textField } from "./wireValues";

/** A client asks again for a statement that still runs. */
const IN_PROGRESS = { code: "333333", message: "Query execution in progress." };
/** A client did not want to wait. */
const IN_PROGRESS_ASYNCHRONOUS = {
  code: "333334",
  message: "Query execution in progress. Asynchronous execution mode.",
};
/** Seconds after which the service stops a statement that nobody asks for; informational here. */
const QUERY_ABORTS_AFTER_SECONDS = 300;

/** POST /queries/v1/query-request: runs a statement, and waits for it unless the client says otherwise. */
export async function queryRequest(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const live = context.sessions.authenticate(request.message.headers.authorization);
  const order = statementOrder(request.query.get("requestId"), await request.body());
  const statement = context.statements.start(live, order);
  if (order.asynchronous) return inProgress(statement);
  return whenEnded(context, request, live, statement);
}

/** GET /queries/:id/result: the result of a statement of this user, whichever session ran it. */
export async function queryResult(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const live = context.sessions.authenticate(request.message.headers.authorization);
  const queryId = request.params[0]!;
  const statement = context.statements.find(live.session.userId, queryId);
  if (statement) return whenEnded(context, request, live, statement);
  const result = context.statements.result(live.session.userId, queryId);
  return result ? resultAnswer(context, request, live, result) : errorAnswer(notFound(queryId), queryId);
}

/** POST /queries/v1/abort-request: cancels by the request id of this session's statement. */
export async function abortByRequestId(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const live = context.sessions.authenticate(request.message.headers.authorization);
  const body = await request.body();
  const requestId = isObject(body) ? textField(body, "requestId") : undefined;
  return aborted(requestId === undefined ? undefined : live.requests.get(requestId));
}

/** POST /queries/:id/abort-request: cancels by the query id, also from another session of the user. */
export async function abortByQueryId(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const live = context.sessions.authenticate(request.message.headers.authorization);
  return aborted(context.statements.find(live.session.userId, request.params[0]!));
}

function aborted(statement: SubmittedStatement | undefined): Answer {
  if (statement?.endedAt !== undefined || statement === undefined) {
    return failure("000605", "Identified SQL statement is not currently executing.");
  }
  statement.abort();
  return success(null);
}

async function whenEnded(
  context: ServerContext,
  request: RouteRequest,
  live: LiveSession,
  statement: SubmittedStatement,
): Promise<Answer> {
  if (!(await statement.endsWithin(context.limits.longPollMilliseconds))) return inProgress(statement);
  if (statement.error) return errorAnswer(statement.error, statement.queryId);
  const result = context.statements.result(statement.userId, statement.queryId);
  return result
    ? resultAnswer(context, request, live, result)
    : errorAnswer(notFound(statement.queryId), statement.queryId);
}

function inProgress(statement: SubmittedStatement): Answer {
  const { code, message } = statement.asynchronous ? IN_PROGRESS_ASYNCHRONOUS : IN_PROGRESS;
  const { queryId } = statement;
  const data = {
    queryId,
    getResultUrl: `/queries/${queryId}/result`,
    progressDesc: null,
    queryAbortsAfterSecs: QUERY_ABORTS_AFTER_SECONDS,
  };
  return success(data, code, message);
}

function resultAnswer(
  context: ServerContext,
  request: RouteRequest,
  live: LiveSession,
  result: StatementResult,
): Answer {
  const { queryId, transfer } = result;
  const { userId } = live.session;
  const form = transferForm(request.message.headers["user-agent"] ?? "");
  return jsonText(
    encodeResult(result, live.session, {
      chunkUrl: (index, form) =>
        `${request.base}${CHUNK_PATH}/${context.grants.sign({ kind: "chunk", userId, queryId, index, form })}`,
      ...(transfer ? { transfer: () => transferAnswer(transfer, form, request.base, context.grants) } : {}),
    }),
  );
}

function statementOrder(requestId: string | null, body: unknown): StatementOrder {
  if (!isObject(body)) throw new HttpError(400, "The body of a query request must be a JSON object.");
  const sqlText = textField(body, "sqlText");
  if (sqlText === undefined) throw new HttpError(400, "The body of a query request must have the text 'sqlText'.");
  const bindStage = textField(body, "bindStage");
  return {
    requestId: requestId ?? randomUUID(),
    sqlText,
    bindings: bindValues(body.bindings),
    ...(bindStage && { bindStage }),
    parameters: parameterValues(body.parameters),
    describeOnly: body.describeOnly === true,
    asynchronous: body.asyncExec === true,
  };
}

function notFound(queryId: string): SnowflakeError {
  return new SnowflakeError("000709", "02000", `Statement ${queryId} not found`);
}
