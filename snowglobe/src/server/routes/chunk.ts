import type { ServerContext } from "../context";
import { plainText, type Answer } from "../http/answer";
import { HttpError } from "../http/httpError";
import type { RouteRequest } from "../http/route";

/** Path below which the later chunks of a result are read. */
export const CHUNK_PATH = "/result-chunks";

/**
 * GET /result-chunks/:grant: rows without the outer brackets.
 *
 * @throws HttpError 403 when the address is too old or the result is gone; drivers then ask for the result again
 */
export async function resultChunk(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const grant = context.grants.verify(request.params[0]!);
  const chunk =
    grant?.kind === "chunk" ? context.statements.result(grant.user, grant.queryId)?.chunks[grant.index] : undefined;
  if (!chunk) throw new HttpError(403, "The address of this result chunk is not valid any more.");
  return plainText(chunk.json);
}
