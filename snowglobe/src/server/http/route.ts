import type { IncomingMessage } from "node:http";
import type { Answer } from "./answer";

/** A request as handlers see it. */
export interface RouteRequest {
  readonly message: IncomingMessage;
  readonly query: URLSearchParams;
  /** What the groups of the route's pattern matched, percent-decoding left to the handler. */
  readonly params: readonly string[];
  /** `http://host:port` by which the client reaches this server. */
  readonly base: string;
  /**
   * The body as JSON; undefined when empty.
   *
   * @param limit bytes after decompression, where less than the server's own limit is enough
   * @throws HttpError
   */
  body(limit?: number): Promise<unknown>;
}

export type Handler = (request: RouteRequest) => Promise<Answer>;

/** HTTP statuses of failures. */
export type FailureStatus = 200 | 500;

export interface Route {
  readonly method: string;
  /** Matched against the whole path. */
  readonly pattern: RegExp;
  readonly handler: Handler;
  /**
   * HTTP status of a failure that the handler did not foresee. 200 in the protocol proper, where drivers repeat
   * requests for ever that fail in HTTP's terms; 500 where the status is all that a client looks at.
   */
  readonly failureStatus: FailureStatus;
}

/** @param path literal path; `:id` stands for one segment, a final `*` for the rest */
export function route(method: string, path: string, handler: Handler, failureStatus: FailureStatus = 200): Route {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace(/:\w+/g, "([^/]+)")
    .replace(/\*$/, "(.+)");
  return { method, pattern: new RegExp(`^${source}$`), handler, failureStatus };
}

/** The route for a request, `undefined` when there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: readonly string[] } | undefined {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match) return { route: candidate, params: match.slice(1) };
  }
  return undefined;
}
