/** One simulated account with what is known of it: everything else is asked of the account itself, also after a kill. */
import type { Account, Cells } from "./account";
import { bagOf, type Bag } from "./bag";
import type { Coverage } from "./coverage";
import { STREAMS, type StreamName } from "./objects";
import type { Operator, Query } from "./query";
import type { Shape } from "./queryText";

/** Time between two steps, in µs, so that a data timestamp says which commits it holds. */
export const MOMENT = 1_000;

/** What a dynamic table was when it was looked at last. */
export interface Known {
  /** Of the content; undefined: not initialized. */
  readonly dataTimestamp: number | undefined;
  /** Storage's version of the content's last change. */
  readonly version: number;
  readonly rows: Bag | undefined;
  /** Those of its frozen region; undefined: it has none. */
  readonly frozen?: Bag | undefined;
  /** How many rows of its history are known. */
  readonly records: number;
  /** The epoch in which the rows were last compared with the query's result. */
  readonly comparedIn: number | undefined;
}

/** A stream's source and its rows when the stream was made. */
export interface StreamStart {
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: Bag;
}

/** A broken promise. */
class Violation extends Error {}

/** Statements that may fail, and with what. */
const LAWFUL = {
  /** Divisions, text that a column's new type makes a number of, and what else depends on the rows. */
  data: /Division by zero|Numeric value '.*' is not recognized/,
  /** Names that DDL took away. */
  names: /does not exist or not authorized|invalid identifier|Object does not exist/i,
  /** A table behind a refresh boundary that has not been refreshed yet. */
  beyond: /Dynamic Table is not initialized/,
} as const;

export class World {
  readonly known = new Map<number, Known>();
  readonly streams = new Map<StreamName, StreamStart>();
  /** Of the view and of dynamic tables, by name. */
  readonly shapes = new Map<string, Shape>();
  /** Operators of each dynamic table's query, by name. */
  readonly operators = new Map<string, ReadonlySet<Operator>>();
  /** Dynamic tables whose definition was changed since their last refresh, by name. */
  readonly altered = new Set<string>();
  /** A kill has come between two commits. */
  killedDuring = false;
  /** When DDL changed a base table or the view last, µs since the epoch. */
  baseChangedOn = 0;
  readonly trace: string[] = [];
  /** Raised by everything that is not the services' doing: within one epoch what base tables hold stays the same. */
  epoch = 0;
  private readonly readable = new Map<StreamName, { readonly epoch: number; readonly value: boolean }>();

  constructor(
    public account: Account,
    readonly coverage: Coverage,
    /** What the view was made with. */
    readonly viewQuery: Query,
  ) {}

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      this.trace.push(`${sql};`);
      this.epoch++;
      await this.account.run(sql);
    }
  }

  /** In the session whose transactions stay open while others work. */
  async runBeside(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      this.trace.push(`/* other session */ ${sql};`);
      this.epoch++;
      await this.account.runBeside(sql);
    }
  }

  /** Runs what may fail with such an error. @returns whether it succeeded */
  async attempt(sql: string, lawful: RegExp): Promise<boolean> {
    try {
      await this.run(sql);
      return true;
    } catch (error) {
      if (!lawful.test((error as Error).message)) throw error;
      this.trace.push(`-- failed: ${(error as Error).message.split("\n")[0]}`);
      return false;
    }
  }

  /** A statement in the other session that comes while what `work` leads to is refreshed. */
  async runDuringRefreshes(commits: number, sql: string, work: () => Promise<void>): Promise<void> {
    this.trace.push(`/* other session, after ${commits} commits of the refreshes that follow */ ${sql};`);
    this.epoch++;
    await this.account.runDuringRefreshes(commits, sql, work);
  }

  async advance(microseconds: number): Promise<void> {
    this.trace.push(`-- the clock moves by ${microseconds / 1e6} s`);
    await this.account.advance(microseconds);
  }

  rows(sql: string): Promise<Cells[]> {
    return this.account.rows(sql);
  }

  async bag(sql: string): Promise<Bag> {
    return bagOf(await this.rows(sql));
  }

  /** The rows of a query, or why it fails where that is lawful. */
  async bagOrFailure(sql: string): Promise<Bag | Error> {
    try {
      return await this.bag(sql);
    } catch (error) {
      const lawful = Object.values(LAWFUL).some((pattern) => pattern.test((error as Error).message));
      if (lawful) return error as Error;
      throw error;
    }
  }

  /** Streams that are there now. */
  livingStreams(): StreamName[] {
    return STREAMS.filter((name) => this.streams.has(name));
  }

  /** A stream on a view cannot be read while the view cannot, nor one on a table that is gone. */
  async streamIsReadable(name: StreamName): Promise<boolean> {
    const known = this.readable.get(name);
    if (known?.epoch === this.epoch) return known.value;
    const { source } = this.streams.get(name)!;
    const value = !((await this.bagOrFailure(`select * from ${source}`)) instanceof Error);
    this.readable.set(name, { epoch: this.epoch, value });
    return value;
  }

  fail(what: string): never {
    throw new Violation(what);
  }
}
