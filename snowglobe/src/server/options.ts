/** Where the server writes what an operator should see. Never receives SQL text, passwords or tokens. */
export interface ServerLogger {
  info(message: string): void;
  /** `error` is logged with its stack. */
  error(message: string, error?: unknown): void;
}

/** Times and sizes of the protocol; the defaults are the service's own where it documents them. */
export interface ServerLimits {
  /** Life of a session token. */
  readonly sessionTokenSeconds: number;
  /** Life of a master token, and of a session that nobody uses. */
  readonly masterTokenSeconds: number;
  /** How long a request may wait for a statement before it is told to ask again. Drivers give up after 90 s. */
  readonly longPollMilliseconds: number;
  /** Life of the addresses of result chunks and stage files. */
  readonly grantSeconds: number;
  /** Largest body of a request after decompression; stage files are not bound by it. */
  readonly bodyBytes: number;
  /** How long a client may send nothing in the midst of a body. */
  readonly stalledMilliseconds: number;
  /** How long nothing may move on a connection, in a request or between two. */
  readonly idleMilliseconds: number;
  /** Connections at once; more are turned away. */
  readonly connections: number;
  /** Statements whose status can be asked for. */
  readonly rememberedStatements: number;
  /** How long a closing server waits for running statements to end. */
  readonly closeMilliseconds: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  sessionTokenSeconds: 3_600,
  masterTokenSeconds: 14_400,
  longPollMilliseconds: 45_000,
  grantSeconds: 6 * 3_600,
  bodyBytes: 512 * 1024 * 1024,
  stalledMilliseconds: 30_000,
  // Drivers keep connections for long pauses; a shorter life would cut one just as a request is sent.
  idleMilliseconds: 10 * 60_000,
  connections: 4_096,
  rememberedStatements: 5_000,
  closeMilliseconds: 5_000,
};

/**
 * A handler below `/control/`: takes the request's JSON (undefined when empty), answers JSON.
 *
 * @throws HttpError with status and text for a request that it does not take
 */
export type ControlHandler = (body: unknown) => Promise<unknown>;

export interface ServerOptions {
  /** Only the loopback interface is served. */
  readonly host: "127.0.0.1";
  /** 0: any free port. */
  readonly port: number;
  readonly logger?: ServerLogger;
  /** Secret that callers of `/control/...` must send as `Authorization: Bearer`. Absent: no control at all. */
  readonly controlToken?: string;
  /** More control endpoints by name, beside `shutdown`. */
  readonly control?: Readonly<Record<string, ControlHandler>>;
  readonly limits?: Partial<ServerLimits>;
}

/** Errors go to standard error; the rest is not shown. */
export const STDERR_LOGGER: ServerLogger = {
  info: () => undefined,
  error: (message, error) => {
    const detail = error instanceof Error ? `\n${error.stack ?? error.message}` : "";
    process.stderr.write(`${message}${detail}\n`);
  },
};
