import type { Connection } from "snowflake-sdk";
import {
  closeConnection,
  connectFromEnvironment,
  execute,
  messageOf,
  type Environment,
  type ResultRow,
} from "../loader/connection";
import { ConnectionLost, StatementRefused } from "./errors";

/** Milliseconds after which a statement without an answer counts as a lost connection. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** The statements that the dashboard may send. */
const READ_ONLY = /^(SHOW|SELECT)\s/;

/** A session that only reads. */
export class ReadingSession {
  private constructor(private readonly connection: Connection) {}

  /**
   * @param environment SNOWFLAKE_* variables (loader/connection)
   * @throws ConnectionLost when nobody answers or the login is refused
   */
  static async open(environment: Environment): Promise<ReadingSession> {
    try {
      return new ReadingSession(await withTimeout(connectFromEnvironment(environment)));
    } catch (error) {
      throw new ConnectionLost(messageOf(error), { cause: error });
    }
  }

  /**
   * Runs a SHOW or a SELECT.
   *
   * @throws StatementRefused, or ConnectionLost when there is no answer or no session any more
   */
  async read(sqlText: string): Promise<ResultRow[]> {
    if (!READ_ONLY.test(sqlText)) throw new Error(`not a statement that reads: ${sqlText}`);
    try {
      return await withTimeout(execute(this.connection, sqlText));
    } catch (error) {
      if (isAnswer(error)) throw new StatementRefused(messageOf(error), { cause: error });
      throw new ConnectionLost(messageOf(error), { cause: error });
    }
  }

  close(): Promise<void> {
    return closeConnection(this.connection);
  }
}

/**
 * Whether an error is Snowflake's answer to a statement. Answers carry an SQL state; errors about the session itself
 * (numbers 390000 to 390999) mean that it is over.
 */
function isAnswer(error: unknown): boolean {
  const { sqlState, code } = error as { sqlState?: unknown; code?: unknown };
  return typeof sqlState === "string" && sqlState !== "" && !/^390\d{3}$/.test(String(code));
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Snowflake has not answered for ${STATEMENT_TIMEOUT_MS / 1000} seconds`)),
      STATEMENT_TIMEOUT_MS,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
