import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import type { Connection, SnowflakeError, StatementOption } from "snowflake-sdk";

/**
 * Records what a load sends and answers as Snowflake does. It does not prove that the statements are right SQL: that is
 * for a test against a server.
 */
export class FakeConnection {
  readonly statements: string[] = [];
  /** Rows of all files that were put on the stage, as their fields. */
  readonly staged: string[][] = [];
  readonly files: string[] = [];
  /** Called before a statement is answered; what it throws is the answer. */
  before: (sql: string) => void = () => undefined;
  /** Added to the number of rows that COPY INTO claims. */
  miscount = 0;

  get connection(): Connection {
    return { isUp: () => true, execute: (option: StatementOption) => this.execute(option) } as unknown as Connection;
  }

  /** First words of the statements, without the names of the run. */
  get verbs(): string[] {
    return this.statements.map((sql) => /^[A-Z]+(?: (?:TEMPORARY|TABLE|STAGE|INTO|OVERWRITE|IF))*/.exec(sql)![0]);
  }

  private execute({ sqlText, complete }: StatementOption): void {
    this.statements.push(sqlText);
    let error: SnowflakeError | undefined;
    let rows: unknown[] = [];
    try {
      this.before(sqlText);
      rows = this.answer(sqlText);
    } catch (thrown) {
      error = thrown as SnowflakeError;
    }
    setImmediate(() => complete?.(error, {} as never, error ? undefined : rows));
  }

  private answer(sql: string): unknown[] {
    const path = /^PUT 'file:\/\/([^']+)'/.exec(sql)?.[1];
    if (path) {
      this.files.push(path);
      const lines = parse(gunzipSync(readFileSync(path)), { relax_column_count: false }) as string[][];
      for (const fields of lines) this.staged.push(fields);
      return [{ source: path, status: "UPLOADED" }];
    }
    if (sql.startsWith("COPY INTO")) {
      const [first, ...rest] = this.files;
      const all = { file: first, status: "LOADED", rows_loaded: this.staged.length + this.miscount };
      return [all, ...rest.map((file) => ({ file, status: "LOADED", rows_loaded: 0 }))];
    }
    return [];
  }
}
