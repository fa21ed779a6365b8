import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { HttpError } from "./httpError";

/**
 * Reads a request's body as JSON, plain or gzip: some drivers compress every body, others none.
 *
 * @param limit bytes after decompression
 * @returns undefined for an empty body
 * @throws HttpError 400 for what is not JSON or not gzip, 413 above the limit, 415 for another encoding
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "The body of the request is not valid JSON.");
  }
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return (await collect(request, limit)).toString("utf8");
  if (encoding !== "gzip")
    throw new HttpError(415, `Content-Encoding '${encoding}' is not supported: use gzip or none.`);
  const gunzip = createGunzip();
  request.on("error", (error) => gunzip.destroy(error));
  try {
    return (await collect(request.pipe(gunzip), limit)).toString("utf8");
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "The body of the request is not valid gzip.");
  }
}

async function collect(stream: Readable, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new HttpError(413, `The body of the request is larger than ${limit} bytes.`);
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
}
