import type { ServerContext } from "../context";
import { encodeRows } from "../result/encodeResult";
import { bytes, plainText, type Answer } from "../http/answer";
import { HttpError } from "../http/httpError";
import type { RouteRequest } from "../http/route";

/** Path below which the later chunks of a result are read. */
export const CHUNK_PATH = "/result-chunks";

/**
 * GET /result-chunks/:grant: rows as JSON without the outer brackets, or as an Arrow stream.
 *
 * @throws HttpError 403 when the address is too old or the result is gone; drivers then ask for the result again
 */
export async function resultChunk(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const grant = context.grants.verify(request.params[0]!);
  if (grant?.kind === "chunk") {
    const result = context.statements.result(grant.userId, grant.queryId);
    const chunk = result?.chunks[grant.index];
    if (result && chunk) {
      const rows = encodeRows(result, chunk, grant.form);
      return rows.format === "arrow" ? bytes(rows.bytes) : plainText(rows.text);
    }
  }
  throw new HttpError(403, "The address of this result chunk is not valid any more.");
}
