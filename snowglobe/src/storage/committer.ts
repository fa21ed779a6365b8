import type { SqlRunner } from "./sqlRunner";
import { restamp } from "./stamping";
import type { Touch } from "./transaction";
import type { VersionLog } from "./versionLog";
import { Mutex } from "../mutex";

/**
 * Puts commits into one order. A statement writes with a version that it reserved when it began; when a later one was
 * committed meanwhile, its rows get a new version here. Only this last step is done one at a time.
 */
export class Committer {
  private readonly mutex = new Mutex();

  constructor(
    private readonly versions: VersionLog,
    private readonly now: () => number,
  ) {}

  /**
   * Ends the open DuckDB transaction of `sql` with a commit.
   *
   * @param touched the tables that bear `reserved`, logged
   * @param last further statements for the same commit
   * @returns the version that it got; undefined where no table changed
   */
  async commit(
    sql: SqlRunner,
    touched: ReadonlyMap<number, Touch>,
    reserved: number,
    last: readonly string[] = [],
  ): Promise<number | undefined> {
    if (touched.size === 0) {
      await sql.run([...last, "COMMIT"].join("; "));
      return undefined;
    }
    return this.mutex.run(async () => {
      let version = reserved;
      if (version <= this.versions.last) {
        version = this.versions.reserve();
        await restamp(sql, touched, reserved, version);
      }
      const time = this.versions.timeAfterLast(Math.trunc(this.now()));
      const tables = [...touched.keys()];
      const remade = tables.filter((table) => touched.get(table)!.remade);
      const notes = remade.map((table) => `INSERT INTO storage.remakes VALUES (${version}, ${table})`);
      const record = `INSERT INTO storage.commits VALUES (${version}, ${time}, [${tables.join(", ")}])`;
      await sql.run([...last, ...notes, record, "COMMIT"].join("; "));
      this.versions.publish(version, time, tables);
      for (const table of remade) this.versions.noteRemake(table, version);
      return version;
    });
  }
}
