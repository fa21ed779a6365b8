import type { Connection } from "snowflake-sdk";
import type { WorkshopNames } from "../../components/naming";
import type { Interrupt } from "../context";
import { EXIT, Interrupted, UserError } from "../errors";
import type { Terminal } from "../output/terminal";
import { executeStatement, type StatementResult } from "../worksheet/execute";
import { waitFor, type Pace } from "./pace";
import type { Teller } from "./teller";

/** What a scenario plays on. */
export interface StageParts {
  readonly names: WorkshopNames;
  readonly teller: Teller;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  readonly pace: Pace;
  /** As the role that owns what dbt builds, in the attendee's schema. */
  readonly models: Connection;
  /** As the role that owns the raw loans. */
  readonly loans: Connection;
  /** That role, where the stack has roles of its own. */
  readonly loansRole?: string;
  /** Replaces the loans, by the loader; gives its exit code. */
  readonly load: (states: string) => Promise<number>;
  /** How the load stands on a command line, for the reader. */
  readonly loadCommand: (states: string) => string;
}

/** A state and its loans, as `CA` and 7429. */
export type LoansByState = ReadonlyMap<string, number>;

/** How long a refresh may take beyond the target lag before a scenario gives up, in seconds. */
const GRACE = 45;
/** The staging table and the loans by state. */
const DYNAMIC_TABLES = 2;
const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** The environment in which scenarios play: statements that are shown, looks that are not, and waiting. */
export class Stage {
  readonly names: WorkshopNames;
  readonly teller: Teller;
  /** Qualified names. */
  readonly raw: string;
  readonly staging: string;
  readonly dynamicTable: string;
  readonly standardTable: string;
  readonly failures: string;
  readonly errorsTable: string;
  readonly stream: string;
  private readonly informationSchema: string;

  constructor(private readonly parts: StageParts) {
    const { names } = parts;
    this.names = names;
    this.teller = parts.teller;
    const analytics = names.analyticsDatabase;
    this.raw = `${names.rawDatabase}.${names.rawSchema}.${names.loansTable}`;
    this.staging = `${analytics}.${names.stagingSchema}.${names.stagingTable}`;
    this.dynamicTable = `${analytics}.${names.loansByStateSchema}.LOANS_BY_STATE__DYNAMIC`;
    this.standardTable = `${analytics}.${names.loansByStateSchema}.LOANS_BY_STATE__STANDARD`;
    this.failures = `${analytics}.${names.failuresSchema}.${names.failuresView}`;
    this.errorsTable = `${analytics}.${names.analyticsSchema}.${names.errorsTable}`;
    this.stream = `${analytics}.${names.analyticsSchema}.${names.stream}`;
    this.informationSchema = `${analytics}.INFORMATION_SCHEMA`;
  }

  /** Runs a statement as the owner of the models, with statement and result shown. */
  async show(sql: string): Promise<StatementResult> {
    this.teller.statement(`${sql};`);
    const result = await executeStatement(this.parts.models, sql);
    this.teller.result(result);
    return result;
  }

  /** Changes loans as their owner, with statement and result shown. */
  async change(sql: string): Promise<void> {
    const { loansRole } = this.parts;
    this.teller.statement(`${loansRole ? `USE ROLE ${loansRole};\n` : ""}${sql};`);
    this.teller.result(await executeStatement(this.parts.loans, sql));
  }

  /**
   * Replaces the loans, with the command shown.
   *
   * @param states codes with commas between them, or `all`
   * @throws Interrupted after Ctrl-C; UserError when the loader fails, which has said why
   */
  async load(states: string): Promise<void> {
    this.teller.statement(this.parts.loadCommand(states));
    const code = await this.parts.load(states);
    if (code === EXIT.interrupted) throw new Interrupted();
    if (code !== 0) throw new UserError("The scenario needs these loans and cannot go on; the loader has said why.");
  }

  /** Rows of a statement that is not shown. */
  async look(sql: string): Promise<StatementResult["rows"]> {
    return (await executeStatement(this.parts.models, sql)).rows;
  }

  /** A statement's only value, as a number. */
  async count(sql: string): Promise<number> {
    return Number((await this.look(sql))[0]?.[0] ?? 0);
  }

  /** Loans by state in a table of them, or in the raw table. */
  async loansByState(table: string): Promise<LoansByState> {
    const sql =
      table === this.raw
        ? `SELECT ADDR_STATE, COUNT(*) FROM ${table} GROUP BY ADDR_STATE`
        : `SELECT STATE, NUMBER_OF_LOANS FROM ${table}`;
    return new Map((await this.look(sql)).map(([state, loans]) => [state ?? "", Number(loans)]));
  }

  /** The time by Snowflake's clock; refreshes with a later data timestamp have seen all that was committed until now. */
  async now(): Promise<number> {
    const [[now]] = (await this.look("SELECT DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())")) as [[string]];
    return Number(now);
  }

  /**
   * Waits until both dynamic tables have been refreshed with what was committed before a time. Looks at metadata only.
   *
   * @param since of {@link now}
   * @returns their data timestamps, the same for both as they are one pipeline; undefined when it took too long
   */
  async refreshed(since: number): Promise<readonly string[] | undefined> {
    const lag = Math.max(60, ...(await this.timestamps()).map((row) => lagSeconds(row[3] ?? "")));
    const done = await waitFor(this.parts, "waiting for the refresh", lag + GRACE, async () => {
      const rows = await this.timestamps();
      return rows.length === DYNAMIC_TABLES && rows.every((row) => Number(row[2]) >= since)
        ? rows.map((row) => row[1] ?? "")
        : undefined;
    });
    return done?.seen;
  }

  /** Whether the dynamic tables have not seen the last change of the raw loans yet. */
  async isBehind(): Promise<boolean> {
    const { rawDatabase, rawSchema, loansTable } = this.names;
    const changed = await this.count(
      `SELECT DATE_PART(EPOCH_MILLISECOND, LAST_ALTERED) FROM ${rawDatabase}.INFORMATION_SCHEMA.TABLES ` +
        `WHERE TABLE_SCHEMA = '${rawSchema}' AND TABLE_NAME = '${loansTable}'`,
    );
    return (await this.timestamps()).some((row) => Number(row[2]) < changed);
  }

  /** Name, data timestamp as text and in milliseconds, and target lag of both dynamic tables. */
  private async timestamps(): Promise<StatementResult["rows"]> {
    const both = [this.names.stagingTable, "LOANS_BY_STATE__DYNAMIC"];
    const rows = await this.look(
      `SHOW DYNAMIC TABLES IN DATABASE ${this.names.analyticsDatabase} ->> SELECT "name", TO_VARCHAR("data_timestamp"), ` +
        `DATE_PART(EPOCH_MILLISECOND, "data_timestamp"), "target_lag" FROM $1`,
    );
    return rows.filter(([name]) => both.includes(name ?? ""));
  }

  /**
   * Waits for something else.
   *
   * @param limit seconds
   */
  async wait<T>(what: string, limit: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    return (await waitFor(this.parts, what, limit, look))?.seen;
  }

  /** A table function of the analytics database's INFORMATION_SCHEMA, to stand in FROM. */
  history(call: string): string {
    return `TABLE(${this.informationSchema}.${call})`;
  }
}

/** Seconds of a target lag as SHOW DYNAMIC TABLES prints it; 0 for DOWNSTREAM. */
export function lagSeconds(text: string): number {
  const [, count, unit] = /^(\d+) (second|minute|hour|day)s?$/i.exec(text) ?? [];
  return unit === undefined ? 0 : Number(count) * SECONDS[unit.toLowerCase() as keyof typeof SECONDS];
}
