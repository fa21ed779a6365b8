import type { DuckDBConnection } from "@duckdb/node-api";
import { undo } from "./stamping";
import { inDuckDbTransaction } from "./duckdbTransaction";
import { PRIVATE_STAMPS } from "./layout";
import { SqlRunner } from "./sqlRunner";
import { StorageOpenError } from "./storageErrors";
import type { TableShapes } from "./tableShapes";
import type { VersionLog } from "./versionLog";

/** Raised with every change of the stored form. */
const FORMAT = 1;

/** Files of the first days have no such table yet. */
const REMAKES = "CREATE TABLE IF NOT EXISTS storage.remakes (v BIGINT, table_id BIGINT)";

/** Makes the storage's own tables in a new file, and the schemas `catalog` (the callers') and `data`. @param now µs */
export async function initialize(connection: DuckDBConnection, path: string, now: number): Promise<void> {
  const sql = new SqlRunner(connection);
  const existing = await sql.value(
    "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'storage' AND table_name = 'meta'",
  );
  if (Number(existing) > 0) {
    const format = await sql.value("SELECT format FROM storage.meta");
    if (format === FORMAT) {
      await sql.run(REMAKES);
      return;
    }
    throw new StorageOpenError(
      `data file ${path} has format ${String(format)}, this version reads format ${FORMAT}: start with a new file`,
    );
  }
  await inDuckDbTransaction(connection, (transaction) =>
    transaction.sql.run(
      `CREATE SCHEMA storage; CREATE SCHEMA catalog; CREATE SCHEMA data;
       CREATE TABLE storage.meta (format INTEGER);
       CREATE TABLE storage.commits (v BIGINT, ts BIGINT, tables BIGINT[]);
       CREATE TABLE storage.touched (stamp BIGINT, table_id BIGINT);
       ${REMAKES};
       INSERT INTO storage.meta VALUES (${FORMAT});
       INSERT INTO storage.commits VALUES (0, ${Math.trunc(now)}, []);
       COMMIT`,
    ),
  );
}

/** Reads the commits into memory. */
export async function loadVersions(sql: SqlRunner, versions: VersionLog): Promise<void> {
  const { columns } = await sql.columns("SELECT v, ts, tables FROM storage.commits ORDER BY v");
  const [numbers = [], times = [], tables = []] = columns;
  for (let at = 0; at < numbers.length; at += 1) {
    versions.publish(Number(numbers[at]), Number(times[at]), (tables[at] as bigint[]).map(Number));
  }
  for (const { v, table_id } of await sql.rows("SELECT v, table_id FROM storage.remakes ORDER BY v")) {
    versions.noteRemake(Number(table_id), Number(v));
  }
}

/** Rolls back the transactions that were open when the last process ended. @returns how many tables they had touched */
export async function rollBackLeftovers(connection: DuckDBConnection, shapes: TableShapes): Promise<number> {
  const rows = await new SqlRunner(connection).rows("SELECT DISTINCT table_id FROM storage.touched");
  if (rows.length === 0) return 0;
  await inDuckDbTransaction(connection, async ({ sql }) => {
    for (const { table_id: id } of rows) {
      const table = Number(id);
      if (shapes.has(table)) await undo(sql, table, PRIVATE_STAMPS, true);
    }
    await sql.run("DELETE FROM storage.touched; COMMIT");
  });
  return rows.length;
}
