import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** A Parquet file with the rows of a query of DuckDB's. */
export async function parquet(query: string): Promise<Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), "snowglobe-parquet-"));
  const duckDb = await DuckDBInstance.create(":memory:");
  try {
    const connection = await duckDb.connect();
    const file = path.join(folder, "made.parquet");
    await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    return readFileSync(file);
  } finally {
    duckDb.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}
