import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { HttpError } from "./httpError";

/**
 * Reads a request's body as JSON, plain or gzip: some drivers compress every body, others none.
 *
 * @param limit bytes after decompression
 * @param patience milliseconds that a client may send nothing
 * @returns undefined for an empty body
 * @throws HttpError 400 for what is not JSON or not gzip, 408 for a body that stalls, 413 above the limit, 415 for another
 *   encoding
 */
export async function readJson(request: IncomingMessage, limit: number, patience: number): Promise<unknown> {
  const text = await unlessStalled(patience, (progress) => readText(request, limit, progress));
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, "The body of the request is not valid JSON.");
  }
}

/** Does `work`, which tells of each part that has come; gives up when for some time none has. */
async function unlessStalled<T>(patience: number, work: (progress: () => void) => Promise<T>): Promise<T> {
  let timer!: NodeJS.Timeout;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new HttpError(408, `Nothing came of the request's body for ${patience / 1000} seconds.`));
    }, patience);
  });
  try {
    return await Promise.race([work(() => void timer.refresh()), stalled]);
  } finally {
    clearTimeout(timer);
  }
}

async function readText(request: IncomingMessage, limit: number, progress: () => void): Promise<string> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return (await collect(request, limit, progress)).toString("utf8");
  if (encoding !== "gzip")
    throw new HttpError(415, `Content-Encoding '${encoding}' is not supported: use gzip or none.`);
  const gunzip = createGunzip();
  request.on("error", (error) => gunzip.destroy(error));
  try {
    return (await collect(request.pipe(gunzip), limit, progress)).toString("utf8");
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "The body of the request is not valid gzip.");
  } finally {
    request.unpipe(gunzip);
    gunzip.destroy();
  }
}

async function collect(stream: Readable, limit: number, progress: () => void): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  // A request that is destroyed takes its connection along, and with it the answer.
  const iterated: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false });
  for await (const part of iterated) {
    progress();
    size += part.length;
    if (size > limit) throw new HttpError(413, `The body of the request is larger than ${limit} bytes.`);
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
}
