import { createWriteStream } from "node:fs";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SourceError } from "./errors";

/** Limits of a download. */
export interface DownloadLimits {
  /** Tries in all. */
  readonly attempts: number;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly backoffMs: number;
  /** Milliseconds without a byte after which a try is given up. */
  readonly idleMs: number;
  /** Largest file, in bytes. */
  readonly maxBytes: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = {
  attempts: 5,
  backoffMs: 500,
  idleMs: 30_000,
  maxBytes: 2 * 1024 ** 3,
};

/** Answers that another try may change: timeouts, too many requests, faults of the server. */
const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A fault that another try may fix. */
class PassingFault extends Error {}

/**
 * Downloads a file. Tries again, from the start, after network errors, silence, short answers and passing faults of the
 * server.
 *
 * @param url http or https
 * @param path file that is written; what was in it is lost
 * @param onBytes told how many bytes have come, and how many there are where the server says so
 * @param signal ends the download
 * @throws SourceError when the server refuses, or no try succeeds
 */
export async function download(
  url: URL,
  path: string,
  onBytes: (bytes: number, total: number | undefined) => void,
  signal?: AbortSignal,
  limits: DownloadLimits = DOWNLOAD_LIMITS,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await tryOnce(url, path, onBytes, signal, limits);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingFault)) throw error;
      if (attempt >= limits.attempts) {
        throw new SourceError(
          `Cannot download ${plainUrl(url)}: ${error.message} (tried ${attempt} times); ` +
            "check the address and the network, or fetch it by other means and give the file's path",
          { cause: error },
        );
      }
      await sleep(limits.backoffMs * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

async function tryOnce(
  url: URL,
  path: string,
  onBytes: (bytes: number, total: number | undefined) => void,
  signal: AbortSignal | undefined,
  limits: DownloadLimits,
): Promise<void> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), limits.idleMs);
  const ending = AbortSignal.any([idle.signal, ...(signal ? [signal] : [])]);
  try {
    const response = await fetch(url, { signal: ending });
    await checkStatus(response, url);
    const total = announcedBytes(response);
    if (total !== undefined && total > limits.maxBytes) throw await tooLarge(response, url, limits);
    let bytes = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done: TransformCallback): void {
        timer.refresh();
        bytes += chunk.length;
        onBytes(bytes, total);
        done(bytes > limits.maxBytes ? tooLargeError(url, limits) : null, chunk);
      },
    });
    const body = response.body ? Readable.fromWeb(response.body) : Readable.from([]);
    await pipeline(body, counter, createWriteStream(path), { signal: ending });
    if (total !== undefined && bytes !== total) throw new PassingFault(`${bytes} of ${total} bytes came`);
  } catch (error) {
    if (error instanceof SourceError || error instanceof PassingFault) throw error;
    if (idle.signal.aborted) throw new PassingFault(`no byte came for ${limits.idleMs / 1000} s`, { cause: error });
    const code = (error as NodeJS.ErrnoException).code ?? "";
    // Faults of the local disk: another try changes nothing.
    if (["ENOSPC", "EACCES", "EROFS", "ENOENT", "EDQUOT"].includes(code)) throw error;
    throw new PassingFault(networkFault(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function checkStatus(response: Response, url: URL): Promise<void> {
  if (response.ok) return;
  await response.body?.cancel();
  const answer = `${response.status} ${response.statusText}`.trim();
  if (PASSING_STATUS.has(response.status)) throw new PassingFault(`the server answers ${answer}`);
  throw new SourceError(`Cannot download ${plainUrl(url)}: the server answers ${answer}; check the address`);
}

/** Length that the server announces, where it is that of the bytes we see (fetch unpacks a compressed answer). */
function announcedBytes(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  return length === null || response.headers.has("content-encoding") ? undefined : Number(length);
}

async function tooLarge(response: Response, url: URL, limits: DownloadLimits): Promise<SourceError> {
  await response.body?.cancel();
  return tooLargeError(url, limits);
}

function tooLargeError(url: URL, limits: DownloadLimits): SourceError {
  return new SourceError(`${plainUrl(url)} is larger than the limit of ${limits.maxBytes} bytes: give a smaller file`);
}

/** fetch hides the reason ("fetch failed") in a chain of causes. */
function networkFault(error: unknown): string {
  let innermost = error as NodeJS.ErrnoException;
  while (innermost.cause) innermost = innermost.cause as NodeJS.ErrnoException;
  const { code, message } = innermost;
  const said = message || "the connection failed";
  return code && !said.includes(code) ? `${code} ${said}` : said;
}

/** A URL without user name, password and query: those may hold secrets. */
export function plainUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
