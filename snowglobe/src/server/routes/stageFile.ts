import type { ServerContext } from "../context";
import type { StageAccess } from "../grant";
import type { Answer } from "../http/answer";
import { HttpError } from "../http/httpError";
import type { RouteRequest } from "../http/route";

/**
 * PUT /stage/...: stores a file; the body is the file, whatever its Content-Type says.
 *
 * @throws HttpError 412 when another file of the name is there and OVERWRITE is FALSE: drivers that do not ask before
 * they upload would otherwise replace it, or call it uploaded
 */
export async function putStageFile(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const { name, access } = granted(context, request, ["add", "replace"]);
  // The digest that senders add is their own note: some take it of a stream before they have read it.
  await context.stageFiles.write(name, request.message, { replace: access === "replace" });
  return { kind: "empty", status: 200, headers: { "Content-Length": 0 } };
}

/** GET /stage/... */
export async function getStageFile(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const { name } = granted(context, request, ["read"]);
  const file = await context.stageFiles.find(name);
  if (!file) throw new HttpError(404, `There is no stage file '${name}'.`);
  return { kind: "file", ...file };
}

/** HEAD /stage/...: whether a file is there, and its digest: drivers then skip an upload of the same name. */
export async function headStageFile(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const file = await context.stageFiles.find(granted(context, request, ["read", "add", "replace"]).name);
  if (!file) return { kind: "empty", status: 404, headers: {} };
  const headers = { "Content-Length": file.size, "x-goog-meta-sfc-digest": await context.stageFiles.digest(file.path) };
  return { kind: "empty", status: 200, headers };
}

/**
 * The name in the address, when the grant in the address or the bearer token covers it.
 *
 * @throws HttpError 403 when it does not; 401 would make some drivers renew their session in vain
 */
function granted(
  context: ServerContext,
  request: RouteRequest,
  allowed: readonly StageAccess[],
): { readonly name: string; readonly access: StageAccess } {
  const bearer = /^Bearer (\S+)$/.exec(request.message.headers.authorization ?? "")?.[1];
  const grant = context.grants.verify(request.query.get("grant") ?? bearer ?? "");
  const name = decodePath(request.params[0]!);
  if (grant?.kind !== "stage" || !allowed.includes(grant.access) || !name.startsWith(grant.location)) {
    throw new HttpError(403, "This address does not permit access to the stage file.");
  }
  return { name, access: grant.access };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(400, "The address of the stage file is not properly encoded.");
  }
}
