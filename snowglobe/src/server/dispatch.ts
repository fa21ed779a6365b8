import type { IncomingMessage, ServerResponse } from "node:http";
import { SnowflakeError } from "../errors";
import type { ServerContext } from "./context";
import { failure, httpFailure, send, type Answer } from "./http/answer";
import { HttpError } from "./http/httpError";
import { isLoopbackHost } from "./http/loopbackHost";
import { readJson } from "./http/requestBody";
import { findRoute, type Route } from "./http/route";

/** Answers one request. Never rejects: what cannot be answered is logged, and the connection cut. */
export async function dispatch(
  context: ServerContext,
  routes: readonly Route[],
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path, search] = splitAddress(message);
  try {
    const answer = await answerFor(context, routes, message, path, search);
    // What nobody read of a body must be read away, or the connection cannot be used again; where it is long, it is
    // rather cut.
    if (!message.complete) readAway(message);
    await send(response, answer);
  } catch (error) {
    // The client went away, or a file broke off while it was sent.
    if (!isConnectionError(error)) context.logger.error(`${message.method} ${path} broke off`, error);
    response.destroy();
  }
}

/** Bytes of a body that are read though nobody wants them. */
const UNWANTED_BYTES = 1024 * 1024;

function readAway(message: IncomingMessage): void {
  let bytes = 0;
  message.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > UNWANTED_BYTES) message.destroy();
  });
  message.resume();
}

async function answerFor(
  context: ServerContext,
  routes: readonly Route[],
  message: IncomingMessage,
  path: string,
  search: string,
): Promise<Answer> {
  const { host } = message.headers;
  if (!isLoopbackHost(host)) {
    return httpFailure(421, "This server answers only to the names of the loopback: localhost, 127.0.0.1.");
  }
  const found = findRoute(routes, message.method ?? "GET", path);
  if (!found) {
    context.logger.info(`no route for ${message.method} ${path}`);
    return httpFailure(404, `There is nothing at ${message.method} ${path}.`);
  }
  const { handler, failureStatus } = found.route;
  const { bodyBytes, stalledMilliseconds } = context.limits;
  try {
    return await handler({
      message,
      query: new URLSearchParams(search),
      params: found.params,
      base: `http://${host}`,
      body: (limit = bodyBytes) => readJson(message, Math.min(limit, bodyBytes), stalledMilliseconds),
    });
  } catch (error) {
    if (error instanceof SnowflakeError) return failure(error.code, error.message, null, failureStatus);
    if (error instanceof HttpError) return httpFailure(error.status, error.message);
    if (isConnectionError(error)) throw error;
    context.logger.error(`${message.method} ${path} failed with an internal error`, error);
    const data = { errorCode: "000603", sqlState: "XX000" };
    return failure("000603", "SQL execution internal error:\nThe server's log has the details.", data, failureStatus);
  }
}

/** Path and query as they came, but for slashes that one driver doubles: no name turns into another one unseen. */
function splitAddress(message: IncomingMessage): readonly [path: string, search: string] {
  const address = message.url ?? "/";
  const mark = address.indexOf("?");
  const [path, search] = mark < 0 ? [address, ""] : [address.slice(0, mark), address.slice(mark + 1)];
  return [path.replace(/\/{2,}/g, "/"), search];
}

function isConnectionError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ECONNRESET" || code === "EPIPE" || code === "ERR_STREAM_PREMATURE_CLOSE";
}
