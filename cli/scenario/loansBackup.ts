import type { Connection } from "snowflake-sdk";
import { executeStatement } from "../worksheet/execute";

/**
 * The loans as they were before a scenario, in a clone beside the table. It costs no storage until the table changes, and
 * outlives a command that was killed: the next one brings it back.
 */
export class LoansBackup {
  private readonly clone: string;

  /**
   * @param loans a connection of the loans' owner
   * @param table qualified name of the loans
   */
  constructor(
    private readonly loans: Connection,
    private readonly table: string,
  ) {
    this.clone = `${table}_BEFORE_SCENARIO`;
  }

  /** Whether an earlier scenario was ended before it could bring the loans back. */
  async exists(): Promise<boolean> {
    const [database, schema, name] = this.clone.split(".");
    const { rows } = await this.run(
      `SHOW TABLES LIKE '${name}' IN SCHEMA ${database}.${schema} ->> SELECT "name" FROM $1`,
    );
    return rows.some(([found]) => found === name);
  }

  async take(): Promise<void> {
    await this.run(`CREATE TRANSIENT TABLE ${this.clone} CLONE ${this.table}`);
  }

  /** Brings the loans back in one statement, so that the table stays the same object, with its change tracking. */
  async restore(): Promise<void> {
    await this.run(`INSERT OVERWRITE INTO ${this.table} SELECT * FROM ${this.clone}`);
    await this.drop();
  }

  async drop(): Promise<void> {
    await this.run(`DROP TABLE ${this.clone}`);
  }

  private run(sql: string): ReturnType<typeof executeStatement> {
    return executeStatement(this.loans, sql);
  }
}
