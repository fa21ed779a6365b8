import { SnowflakeError } from "../../errors";
import type { ServerContext } from "../context";
import { success, type Answer } from "../http/answer";
import type { RouteRequest } from "../http/route";

/** POST /session/heartbeat: the authentication alone keeps the session. */
export async function heartbeat(context: ServerContext, request: RouteRequest): Promise<Answer> {
  context.sessions.authenticate(request.message.headers.authorization);
  return success(null);
}

/** POST /session?delete=true */
export async function logout(context: ServerContext, request: RouteRequest): Promise<Answer> {
  if (request.query.get("delete") !== "true") {
    throw new SnowflakeError("000002", "0A000", "Unsupported feature 'session request without delete'.");
  }
  const live = context.sessions.authenticate(request.message.headers.authorization);
  await context.sessions.close(live);
  return success(null);
}

/** POST /telemetry/send: taken and thrown away. */
export async function telemetry(): Promise<Answer> {
  return success("Log Received");
}
