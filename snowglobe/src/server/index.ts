import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { version } from "../../package.json";
import type { SnowglobeEngine } from "../session/contract";
import type { ServerContext } from "./context";
import { dispatch } from "./dispatch";
import { GrantSigner } from "./grant";
import { DEFAULT_LIMITS, STDERR_LOGGER, type ControlHandler, type ServerOptions } from "./options";
import { routeTable } from "./routeTable";
import { SessionStore } from "./sessions";
import { StageFolder } from "./stage/stageFolder";
import { StatementStore } from "./statements";

export { HttpError } from "./http/httpError";
export type { ControlHandler, ServerLimits, ServerLogger, ServerOptions } from "./options";

/** A server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Stops listening, cancels what runs, closes all sessions and connections. Safe to call twice. */
  close(): Promise<void>;
  /** Resolves when the server has been closed, by `close()` or by `POST /control/shutdown`. */
  readonly closed: Promise<void>;
}

/**
 * Serves an engine to Snowflake's drivers over HTTP on the loopback interface.
 *
 * @throws Error with one clear line when the port is taken
 */
export async function startServer(engine: SnowglobeEngine, options: ServerOptions): Promise<RunningServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const logger = options.logger ?? STDERR_LOGGER;
  const context: ServerContext = {
    engine,
    limits,
    logger,
    sessions: new SessionStore(limits, logger),
    statements: new StatementStore(engine, limits, logger),
    grants: new GrantSigner(limits.grantSeconds),
    stageFiles: new StageFolder(engine.stageRoot),
    version,
  };
  const shutdown: ControlHandler = async () => {
    // After the answer is out.
    setImmediate(() => void close());
    return "stopping";
  };
  const routes = routeTable(context, { shutdown, ...options.control }, options.controlToken);
  const server = createServer((message, response) => void dispatch(context, routes, message, response));
  // Uploads may take as long as they need, while something comes.
  server.requestTimeout = 0;
  server.headersTimeout = limits.stalledMilliseconds;
  server.keepAliveTimeout = limits.idleMilliseconds;
  server.timeout = limits.idleMilliseconds;
  server.maxConnections = limits.connections;
  await listen(server, options.host, options.port);

  let resolveClosed!: () => void;
  const closed = new Promise<void>((resolve) => (resolveClosed = resolve));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= stop(server, context).then(resolveClosed);
    return closing;
  };
  return { port: (server.address() as AddressInfo).port, close, closed };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = `port ${port} on ${host} is taken by another program: stop that program or choose another port`;
      reject(error.code === "EADDRINUSE" ? new Error(taken, { cause: error }) : error);
    });
    server.listen({ host, port }, resolve);
  });
}

async function stop(server: Server, context: ServerContext): Promise<void> {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  const patience = new AbortController();
  const impatient = delay(context.limits.closeMilliseconds, undefined, { signal: patience.signal }).catch(
    () => undefined,
  );
  await Promise.race([context.sessions.closeAll(), impatient]);
  patience.abort();
  // One turn for the answers of the statements that were cancelled.
  await new Promise((resolve) => setImmediate(resolve));
  server.closeIdleConnections();
  server.closeAllConnections();
  await stopped;
}
