import { randomUUID } from "node:crypto";
import { SnowflakeError } from "../errors";
import type { BindValue, ClientSession, ParameterValue, SnowglobeEngine } from "../session/contract";
import type { StatementResult } from "../account/result";
import type { ServerLimits, ServerLogger } from "./options";

/** What a client asks for. */
export interface StatementOrder {
  readonly requestId: string;
  readonly sqlText: string;
  readonly bindings?: Readonly<Record<string, BindValue>>;
  /** Where the files of an array bind lie, instead of `bindings`. */
  readonly bindStage?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly describeOnly: boolean;
  /** The client does not wait: it asks for the result by the query id. */
  readonly asynchronous: boolean;
}

/** Who runs statements: a session, with what is known of its statements. */
export interface StatementOwner {
  readonly session: ClientSession;
  /** Statements by the client's request id, so that a repeated request does not run twice. */
  readonly requests: Map<string, SubmittedStatement>;
  /** Statements that have not ended. */
  readonly running: Set<SubmittedStatement>;
  /** Milliseconds since the epoch of the last request or the end of the last statement. */
  lastUsed: number;
}

/** Longer texts are cut in what is remembered of a statement. */
const REMEMBERED_TEXT_CHARACTERS = 4_000;

/** A statement from its start on; lives on after its end for repeated requests and status queries. */
export class SubmittedStatement {
  readonly queryId = randomUUID();
  readonly userId: number;
  readonly sessionId: number;
  readonly sqlText: string;
  readonly startedAt = Date.now();
  readonly asynchronous: boolean;
  readonly #abort = new AbortController();
  endedAt: number | undefined;
  error: SnowflakeError | undefined;
  /** Of a statement that was only described: all other results are the engine's to keep. */
  description: StatementResult | undefined;
  producedRows = 0;
  /** Whether it told the client where files go. */
  transfers = false;
  /** Resolves when the statement has ended, well or not. */
  readonly settled: Promise<void>;

  constructor(owner: StatementOwner, order: StatementOrder, logger: ServerLogger) {
    this.userId = owner.session.userId;
    this.sessionId = owner.session.id;
    // A copy, since a slice would keep the whole text aowner.
    this.sqlText =
      order.sqlText.length > REMEMBERED_TEXT_CHARACTERS
        ? Buffer.from(order.sqlText.slice(0, REMEMBERED_TEXT_CHARACTERS)).toString()
        : order.sqlText;
    this.asynchronous = order.asynchronous;
    this.settled = this.#run(owner, order, logger);
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Waits for the end. @returns false when `milliseconds` went by before */
  async endsWithin(milliseconds: number): Promise<boolean> {
    if (this.endedAt !== undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds).unref()));
    await Promise.race([this.settled, timeout]);
    clearTimeout(timer);
    return this.endedAt !== undefined;
  }

  async #run(owner: StatementOwner, order: StatementOrder, logger: ServerLogger): Promise<void> {
    owner.running.add(this);
    try {
      const result = await owner.session.execute({
        sqlText: order.sqlText,
        bindings: order.bindings,
        bindStage: order.bindStage,
        parameters: order.parameters,
        describeOnly: order.describeOnly,
        queryId: this.queryId,
        signal: this.#abort.signal,
      });
      if (order.describeOnly) this.description = result;
      this.producedRows = result.total;
      this.transfers = result.transfer !== undefined;
    } catch (error) {
      this.error = this.#asSnowflakeError(error, logger);
    } finally {
      this.endedAt = Date.now();
      owner.running.delete(this);
      owner.lastUsed = Date.now();
    }
  }

  #asSnowflakeError(error: unknown, logger: ServerLogger): SnowflakeError {
    if (error instanceof SnowflakeError) return error;
    if (this.#abort.signal.aborted) return new SnowflakeError("000604", "57014", "SQL execution canceled");
    logger.error(`statement ${this.queryId} failed with an internal error`, error);
    return new SnowflakeError(
      "000603",
      "XX000",
      `SQL execution internal error:\nProcessing aborted by an internal error; the server's log has the details (statement ${this.queryId}).`,
    );
  }
}

/** The statements of this server, running and remembered. */
export class StatementStore {
  readonly #byQueryId = new Map<string, SubmittedStatement>();

  constructor(
    private readonly engine: SnowglobeEngine,
    private readonly limits: ServerLimits,
    private readonly logger: ServerLogger,
  ) {}

  /**
   * Starts a statement, unless the same request came before: drivers repeat a request whose answer they did not get.
   */
  start(owner: StatementOwner, order: StatementOrder): SubmittedStatement {
    const earlier = owner.requests.get(order.requestId);
    if (earlier && !asksForNextFile(earlier, order)) return earlier;
    const statement = new SubmittedStatement(owner, order, this.logger);
    owner.requests.set(order.requestId, statement);
    this.#byQueryId.set(statement.queryId, statement);
    void statement.settled.then(() => {
      this.#trim(owner.requests);
      this.#trim(this.#byQueryId);
    });
    return statement;
  }

  /** A statement of this user. */
  find(userId: number, queryId: string): SubmittedStatement | undefined {
    const statement = this.#byQueryId.get(queryId);
    return statement?.userId === userId ? statement : undefined;
  }

  /** A result by its query id, of any session of the user, also a child of a multi-statement request. */
  result(userId: number, queryId: string): StatementResult | undefined {
    return this.find(userId, queryId)?.description ?? this.engine.result(userId, queryId);
  }

  #trim(statements: Map<string, SubmittedStatement>): void {
    for (const [key, statement] of statements) {
      if (statements.size <= this.limits.rememberedStatements) return;
      if (statement.endedAt === undefined) continue;
      statements.delete(key);
    }
  }
}

/**
 * Some drivers ask for the address of each file of a PUT by the same statement with another file name, and may do so
 * under the same request id. Everything else under a known request id is a repetition.
 */
function asksForNextFile(earlier: SubmittedStatement, order: StatementOrder): boolean {
  return earlier.transfers && earlier.sqlText !== order.sqlText;
}
