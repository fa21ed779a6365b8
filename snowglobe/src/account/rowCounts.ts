import type { StatementReader, Storage } from "../storage";

/** Rows whose length stands for that of all. */
const SAMPLE = 1_000;

interface Known {
  readonly change: number;
  readonly count: number;
  readonly bytes: number;
}

/** Row counts and sizes of stored tables, for SHOW and INFORMATION_SCHEMA: found out once per state of a table. */
export class RowCounts {
  private readonly known = new Map<number, Known>();

  constructor(private readonly storage: Storage) {}

  /** @param storageIds ids in storage @returns committed rows by id */
  async of(storageIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const stale = storageIds.filter((id) => this.known.get(id)?.change !== this.storage.lastChange(id));
    if (stale.length > 0) {
      await this.storage.read(undefined, undefined, async (reader) => {
        for (const id of stale) {
          const change = this.storage.lastChange(id);
          const [row] = await reader.rows(sizeSql(id, reader));
          const count = Number(row!.count);
          this.known.set(id, { change, count, bytes: Math.round(count * Number(row!.width ?? 0)) });
        }
      });
    }
    return new Map(storageIds.map((id) => [id, this.known.get(id)!.count]));
  }

  /** About the bytes of a table whose rows were counted: micro-partitions, whose size Snowflake tells, are not kept here. */
  bytes(storageId: number): number {
    return this.known.get(storageId)?.bytes ?? 0;
  }
}

/** The number of rows, and the bytes of one row on average: those of its values as text. */
function sizeSql(id: number, reader: StatementReader): string {
  const current = reader.current(id);
  const lengths = reader.tableColumns(id).map((column) => `coalesce(strlen(CAST(${column} AS VARCHAR)), 0)`);
  const width = lengths.length === 0 ? "0" : lengths.join(" + ");
  return (
    `SELECT CAST((SELECT count(*) FROM ${current} t) AS DOUBLE) AS count,` +
    ` (SELECT CAST(avg(${width}) AS DOUBLE) FROM (SELECT * FROM ${current} t LIMIT ${SAMPLE})) AS width`
  );
}
