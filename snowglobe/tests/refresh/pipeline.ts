import type { TestClient } from "../server";

/** A row of DYNAMIC_TABLE_REFRESH_HISTORY as the tests look at it. */
export interface HistoryRow {
  readonly NAME: string;
  readonly STATE: string;
  readonly STATE_MESSAGE: string | null;
  readonly REFRESH_ACTION: string | null;
  readonly REFRESH_TRIGGER: string;
  /** Seconds since 1970. */
  readonly AT: number;
  readonly INSERTED: number | null;
  readonly DELETED: number | null;
}

/** The refreshes of a table (all without a name), oldest first. */
export async function history(client: TestClient, name?: string): Promise<HistoryRow[]> {
  const only = name === undefined ? "" : `NAME => '${name}', `;
  const rows = await client.rows(
    `SELECT name, state, state_message, refresh_action, refresh_trigger, date_part(epoch_second, data_timestamp) AS at,
            statistics:numInsertedRows::int AS inserted, statistics:numDeletedRows::int AS deleted
     FROM TABLE(information_schema.dynamic_table_refresh_history(${only}RESULT_LIMIT => 10000))
     ORDER BY data_timestamp, refresh_start_time, name`,
  );
  return rows as unknown as HistoryRow[];
}

/** The last refresh of a table. */
export async function lastRefresh(client: TestClient, name: string): Promise<HistoryRow> {
  const rows = await history(client, name);
  if (rows.length === 0) throw new Error(`no refresh of ${name}`);
  return rows.at(-1)!;
}

/** Makes a database with its schema PUBLIC and a warehouse, and uses them. */
export async function prepare(client: TestClient): Promise<void> {
  await client.run("create warehouse wh", "create database d", "use schema d.public");
}
