import type { DuckDBConnection } from "@duckdb/node-api";
import type { SqlRunner } from "./sqlRunner";

/** An SQL expression for the identity of a new row, unique in the data file over all time. */
export const NEW_ROW_ID = "nextval('temp.row_id')";

/** How many row ids a connection can hand out. */
const ROW_IDS_PER_CONNECTION = 1n << 32n;

/**
 * Gives each connection a range of row ids, as a temporary sequence: unlike a running number over the rows, that does
 * not hold back parallel inserts, and unlike a stored sequence it writes nothing to the log.
 */
export class RowIds {
  private readonly prepared = new WeakSet<DuckDBConnection>();

  /**
   * Must run outside of a DuckDB transaction, which would take the sequence with it when it fails.
   *
   * @param reserve gives the version that the range is made from. It must be no larger than the one that the rows are
   *   committed with: then no later run of the process can be given it again, or nothing with these ids was kept.
   */
  async prepare(connection: DuckDBConnection, sql: SqlRunner, reserve: () => number): Promise<void> {
    if (this.prepared.has(connection)) return;
    const first = BigInt(reserve()) * ROW_IDS_PER_CONNECTION;
    await sql.run(
      `CREATE TEMP SEQUENCE row_id START ${first} MINVALUE ${first} MAXVALUE ${first + ROW_IDS_PER_CONNECTION - 1n}`,
    );
    this.prepared.add(connection);
  }
}
