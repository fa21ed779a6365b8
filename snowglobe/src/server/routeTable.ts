import type { ServerContext } from "./context";
import { json } from "./http/answer";
import { route, type Handler, type Route, type RouteRequest } from "./http/route";
import type { ControlHandler } from "./options";
import { CHUNK_PATH, resultChunk } from "./routes/chunk";
import { control } from "./routes/control";
import { login, refuseExternalLogin, renewTokens } from "./routes/login";
import { queryStatus } from "./routes/monitoring";
import { abortByQueryId, abortByRequestId, queryRequest, queryResult } from "./routes/query";
import { heartbeat, logout, telemetry } from "./routes/session";
import { refuseRestApi } from "./routes/restApi";
import { getStageFile, headStageFile, putStageFile } from "./routes/stageFile";
import { STAGE_PATH } from "./stage/transferAnswer";

/** Every address of the server. */
export function routeTable(
  context: ServerContext,
  controls: Readonly<Record<string, ControlHandler>>,
  controlToken: string | undefined,
): readonly Route[] {
  const on = (handler: (context: ServerContext, request: RouteRequest) => ReturnType<Handler>): Handler => {
    return (request) => handler(context, request);
  };
  return [
    route("POST", "/queries/v1/query-request", on(queryRequest)),
    route("GET", "/queries/:id/result", on(queryResult)),
    route("POST", "/queries/v1/abort-request", on(abortByRequestId)),
    route("POST", "/queries/:id/abort-request", on(abortByQueryId)),
    route("GET", "/monitoring/queries/:id", on(queryStatus)),
    route("GET", `${CHUNK_PATH}/:grant`, on(resultChunk), 500),
    route("POST", "/session/v1/login-request", on(login)),
    route("POST", "/session/token-request", on(renewTokens)),
    route("POST", "/session/authenticator-request", refuseExternalLogin),
    route("POST", "/session/heartbeat", on(heartbeat)),
    route("POST", "/session", on(logout)),
    route("POST", "/telemetry/send", telemetry),
    route("POST", "/telemetry/send/sessionless", telemetry),
    route("PUT", `${STAGE_PATH}/*`, on(putStageFile), 500),
    route("GET", `${STAGE_PATH}/*`, on(getStageFile), 500),
    route("HEAD", `${STAGE_PATH}/*`, on(headStageFile), 500),
    ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => route(method, "/api/v2/*", refuseRestApi)),
    route("GET", "/healthz", async () => json({ status: "ok", version: context.version, pid: process.pid })),
    route("POST", "/control/:name", (request) => control(controls, controlToken, request), 500),
  ];
}
