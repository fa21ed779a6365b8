import { HIDDEN_COLUMNS } from "./layout";
import type { SqlRunner } from "./sqlRunner";

/** The callers' columns of each stored table, in order, without the hidden ones. */
export class TableShapes {
  private readonly shapes = new Map<number, readonly string[]>();

  /** @throws Error for a table that is not stored: a fault of the caller */
  columns(table: number): readonly string[] {
    const columns = this.shapes.get(table);
    if (!columns) throw new Error(`there is no stored table ${table}`);
    return columns;
  }

  has(table: number): boolean {
    return this.shapes.has(table);
  }

  ids(): number[] {
    return [...this.shapes.keys()];
  }

  set(table: number, columns: readonly string[] | undefined): void {
    if (columns) this.shapes.set(table, columns);
    else this.shapes.delete(table);
  }

  /** Reads the shapes from the data file. */
  async load(sql: SqlRunner): Promise<void> {
    const hidden = new Set<unknown>(HIDDEN_COLUMNS);
    const rows = await sql.rows(
      `SELECT substr(table_name, 2)::BIGINT AS id, list(column_name ORDER BY column_index) AS columns
         FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = 'data' AND regexp_full_match(table_name, 't\\d+')
        GROUP BY ALL`,
    );
    for (const row of rows) {
      const names = row["columns"] as string[];
      this.shapes.set(
        Number(row["id"]),
        names.filter((name) => !hidden.has(name)),
      );
    }
  }
}
