import type { Connection, RowStatement, SnowflakeError } from "snowflake-sdk";

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** Snowflake's type in lower case, as `fixed`, `real`, `text`, `boolean`, `variant`, `timestamp_ntz`. */
  readonly type: string;
}

/** A row: values as Snowflake prints them by the session's formats; null for NULL. */
export type ResultValues = readonly (string | null)[];

/** What a statement gave. */
export interface StatementResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultValues[];
  /** How many rows there are; `rows` may be fewer. */
  readonly total: number;
  /** Where the session stands after the statement. */
  readonly session?: SessionNames;
}

/** Names of what a session has in use; null where there is none. */
export interface SessionNames {
  readonly role: string | null;
  readonly database: string | null;
  readonly schema: string | null;
}

export interface ExecuteOptions {
  /** Ends the statement in Snowflake too. */
  readonly signal?: AbortSignal;
  /** Rows to fetch at most; all of them by default. */
  readonly maxRows?: number;
}

/** A statement that Snowflake refused. */
export class StatementError extends Error {
  override readonly name = "StatementError";

  /**
   * @param code Snowflake's number with its zeros, as `001003`
   * @param sqlState five characters
   * @param line where in the statement, 1-based, if Snowflake says so
   */
  constructor(
    message: string,
    readonly code: string | undefined,
    readonly sqlState: string | undefined,
    readonly line: number | undefined,
  ) {
    super(message);
  }
}

/** Options of the driver that {@link executeStatement} counts on. */
export const WORKSHEET_CONNECTION = { representNullAsStringNull: false } as const;

/**
 * Runs one statement and fetches its rows.
 *
 * @param connection opened with {@link WORKSHEET_CONNECTION}
 * @throws StatementError when Snowflake refuses it; LoadError when a server on this computer goes away
 */
export async function executeStatement(
  connection: Connection,
  sqlText: string,
  { signal, maxRows = Infinity }: ExecuteOptions = {},
): Promise<StatementResult> {
  const { whileReachable } = await import("../../loader/connection.js");
  const work = new Promise<RowStatement>((resolve, reject) => {
    const statement = connection.execute({
      sqlText,
      rowMode: "array",
      streamResult: true,
      fetchAsString: ["Boolean", "Number", "Date", "JSON", "Buffer"],
      complete: (error, done) => {
        signal?.removeEventListener("abort", cancel);
        if (error) reject(failureOf(error));
        else resolve(done as RowStatement);
      },
    });
    const cancel = (): void => statement.cancel(() => undefined);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
  });
  const fetched = work.then(async (statement) => {
    const columns = (statement.getColumns() ?? []).map((c) => ({ name: c.getName(), type: c.getType() }));
    const rows: ResultValues[] = [];
    try {
      for await (const row of statement.streamRows()) {
        if (rows.length >= maxRows || signal?.aborted) break;
        rows.push((row as readonly unknown[]).map((value, at) => textOf(value, columns[at]!)));
      }
    } catch (error) {
      throw failureOf(error as SnowflakeError);
    }
    if (signal?.aborted)
      throw new StatementError("Canceled while its rows were fetched.", undefined, undefined, undefined);
    const session = sessionOf(statement);
    return { columns, rows, total: statement.getNumRows(), ...(session && { session }) };
  });
  return whileReachable(connection, fetched);
}

/** As Snowflake tells it with every answer. */
function sessionOf(statement: RowStatement): SessionNames | undefined {
  const state = statement.getSessionState() as
    Readonly<Record<`getCurrent${"Role" | "Database" | "Schema"}`, () => string | undefined>> | undefined;
  if (!state) return undefined;
  const named = (name: string | undefined): string | null => name || null;
  return {
    role: named(state.getCurrentRole()),
    database: named(state.getCurrentDatabase()),
    schema: named(state.getCurrentSchema()),
  };
}

/** Types whose values are JSON. */
export const SEMI_STRUCTURED: ReadonlySet<string> = new Set(["variant", "object", "array", "map"]);

/** JSON without the layout that Snowflake gives it: results are shown in lines. Blanks within texts stay. */
function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text?: string) => text ?? "");
}

/** The driver gives OBJECT and ARRAY values parsed, though it is asked for text. */
function textOf(value: unknown, { type }: ResultColumn): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string") return JSON.stringify(value);
  return SEMI_STRUCTURED.has(type) ? compact(value) : value;
}

/** Snowflake counts lines of a statement from 1: "error line 2 at position 7". */
const PLACE = /\bline (\d+) at position \d+/;

function failureOf(error: SnowflakeError): StatementError {
  const line = PLACE.exec(error.message)?.[1];
  const code = error.code === undefined ? undefined : String(error.code).padStart(6, "0");
  return new StatementError(error.message, code, error.sqlState, line === undefined ? undefined : Number(line));
}
