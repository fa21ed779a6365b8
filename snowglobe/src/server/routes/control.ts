import { createHash, timingSafeEqual } from "node:crypto";
import { json, type Answer } from "../http/answer";
import { HttpError } from "../http/httpError";
import type { RouteRequest } from "../http/route";
import type { ControlHandler } from "../options";

/**
 * POST /control/:name with `Authorization: Bearer <control token>`: runs the handler of that name and answers `{ "result": ... }`.
 *
 * @throws HttpError 403 without the right token, 404 for a name that is not in the table
 */
export async function control(
  handlers: Readonly<Record<string, ControlHandler>>,
  token: string | undefined,
  request: RouteRequest,
): Promise<Answer> {
  const given = /^Bearer (\S+)$/.exec(request.message.headers.authorization ?? "")?.[1];
  if (token === undefined || given === undefined || !timingSafeEqual(hash(given), hash(token))) {
    throw new HttpError(403, "Control needs the right control token.");
  }
  const name = request.params[0]!;
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!handler) throw new HttpError(404, `There is no control endpoint '${name}'.`);
  const order = await request.body();
  // Moving the clock far takes its time, while nothing moves on the connection.
  request.message.socket.setTimeout(0);
  return json({ result: (await handler(order)) ?? null });
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
