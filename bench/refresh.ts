/**
 * What a refresh of an ADAPTIVE dynamic table costs against the size of its base table and of the change: by the changes,
 * by comparing the whole result, as snowglobe chooses between the two or makes all rows anew, and beside them DuckDB's own
 * time for the query, on a plain table of the same rows. What it chose is laid beside the better way: its regret. In an
 * account of its own.
 *
 *     ./workshop bench refresh [--max-rows 1000000] [--budgets] [--json]
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { formatTable } from "../cli/output/table";
import { VirtualClock } from "../snowglobe/src/clock";
import type { ClientSession } from "../snowglobe/src/session/contract";
import { Engine } from "../snowglobe/src/session/engine";
import { openInstance } from "../snowglobe/src/session/open";
import type { Instance, RefreshMethod } from "../snowglobe/src/execution/instance";
import { hashPassword } from "../snowglobe/src/statements/access/password";
import { columnDefinition } from "../snowglobe/src/storage";
import { physicalType } from "../snowglobe/src/translate";
import { machine } from "./machine";

const BASES = [10_000, 100_000, 1_000_000, 10_000_000];
const CHANGES = [10, 1_000, 100_000];
/** Of each measurement the median of so many is taken: of what costs milliseconds many, of what may cost seconds few. */
const REPEATS = { NO_DATA: 100, stream: 31, small: 15, whole: 3, large: 1 } as const;
/** Rows of the table that is joined. */
const DIMENSION = 1_000;
/** Values of the column that is grouped by. */
const GROUPS = 10_000;

/** In words that both Snowflake and DuckDB understand. */
const QUERIES: Readonly<Record<string, string>> = {
  "filter + project": "select id, x * 2 as y, d from base where x < 70",
  "group by": "select k, count(*) as n, sum(x) as s, avg(p) as a from base group by k",
  "min and max": "select k, min(x) as low, max(p) as high from base group by k",
  "join + group":
    "select dim.label, count(*) as n, sum(base.x) as s from base join dim on base.d = dim.d group by dim.label",
  "left join": "select base.id, base.x, dim.label from base left join dim on base.d = dim.d",
  distinct: "select distinct k, x from base",
  window: "select id, k, x from base qualify row_number() over (partition by k order by x, id) <= 3",
  "few partitions": "select id, x, p from base qualify row_number() over (partition by x order by p, id) <= 3",
  "few groups": "select x, count(distinct d) as n, max(p) as high from base group by x",
  "union all": "select id, x from base where x < 50 union all select d, 0 from dim",
};

/** What of it is measured. */
interface Scope {
  readonly queries: readonly string[];
  readonly changes: readonly number[];
}

const ALL: Scope = { queries: Object.keys(QUERIES), changes: CHANGES };
/** What the budgets are about. */
const BUDGETED: Scope = { queries: ["filter + project", "group by"], changes: [1_000] };

type Kind = "inserts" | "updates";
type Way = "CHANGES" | "WHOLE RESULT" | "REINITIALIZE";

interface Measurement {
  readonly query: string;
  readonly base: number;
  readonly kind: Kind | "none";
  readonly changed: number;
  /** Milliseconds. */
  readonly byChanges: number;
  readonly byComparison?: number;
  readonly chosen?: number;
  /** What was chosen. */
  readonly way?: Way;
  readonly duckdb?: number;
}

/** A budget on how a cost grows from one base to one ten times as large. */
interface Ratio {
  readonly what: string;
  readonly ratio: number;
  readonly budget: number;
}

const GROWTH_BUDGET = 1.5;
/** What was chosen may cost so many times the better way, in this share of the cells. */
const REGRET_BUDGET = 1.15;
const CELLS_WITHIN = 0.95;
/** Milliseconds: where the ways differ by less, nobody notices which was taken. */
const NOTICED = 2;
const NO_DATA_BUDGET = 3;

class Account {
  private next = 0;

  private constructor(
    private readonly clock: VirtualClock,
    private readonly instance: Instance,
    private readonly session: ClientSession,
  ) {}

  static async open(folder: string): Promise<Account> {
    const clock = new VirtualClock(Date.now() * 1000);
    const password = randomUUID();
    const firstUser = { name: "ADMIN", passwordHash: await hashPassword(password) };
    const instance = await openInstance({ folder, clock, firstUser, memoryLimit: "4GB", version: "0" });
    const session = await new Engine(instance).login({
      user: "ADMIN",
      password,
      parameters: {},
      clientApplication: "",
    });
    return new Account(clock, instance, session);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sqlText of statements) {
      const { signal } = new AbortController();
      await this.session.execute({ sqlText, describeOnly: false, queryId: randomUUID(), signal });
    }
  }

  /** A table of `rows` rows, the same as a plain one of DuckDB's, and the table that is joined to it. */
  async prepare(rows: number): Promise<void> {
    this.next = rows;
    await this.run(
      "create or replace table dim (d int, label varchar)",
      `insert into dim select seq4(), 'label ' || seq4() % 300 from table(generator(rowcount => ${DIMENSION}))`,
      "create or replace table base (id int, k int, d int, x int, p number(12,2), note varchar)",
      `insert into base ${newRows(0, rows)}`,
    );
    for (const name of ["base", "dim"]) {
      const { columns, storageId } = this.table(name);
      // On disk in the same form, so that the query itself is compared and not how fast its columns unpack.
      const definitions = columns.map(({ name, type }) =>
        columnDefinition({ name: name.toLowerCase(), type: physicalType(type) }),
      );
      await this.instance.storage.write(undefined, {}, (writer) =>
        writer.run(`CREATE SCHEMA IF NOT EXISTS plain; CREATE OR REPLACE TABLE plain.${name} (${definitions.join(", ")});
                    INSERT INTO plain.${name} SELECT ${columns.map((column) => column.physical).join(", ")}
                      FROM ${writer.current(storageId)} AS t`),
      );
    }
    await this.tidy();
  }

  async change(kind: Kind, count: number, rows: number): Promise<void> {
    if (kind === "inserts") {
      await this.run(`insert into base ${newRows(this.next, count)}`);
      this.next += count;
      return;
    }
    const every = Math.max(1, Math.floor(rows / count));
    const rest = Math.floor(Math.random() * every);
    await this.run(`update base set x = (x + 37) % 100 where id % ${every} = ${rest} and id < ${every * count}`);
  }

  /** @returns milliseconds */
  async refresh(method: RefreshMethod): Promise<number> {
    await this.clock.advance(1e6);
    this.instance.settings.refreshMethod = method;
    return timed(() => this.run("alter dynamic table dt refresh"));
  }

  /** How the last refresh went about it. */
  lastWay(): Way {
    const last = this.instance.refreshHistory.all().at(-1)!;
    return last.action === "REINITIALIZE" ? last.action : (last.foundBy ?? "WHOLE RESULT");
  }

  /** @returns milliseconds that DuckDB takes for the query, its result kept in memory */
  duckdb(query: string): Promise<number> {
    const text = query.replaceAll(/\b(from|join) (base|dim)\b/g, "$1 plain.$2 AS $2");
    return this.instance.storage.read(undefined, undefined, (reader) => timed(() => reader.materialize(text)));
  }

  /** What the housekeeping does now and then. */
  async tidy(): Promise<void> {
    await this.instance.storage.purge(() => 0);
    await this.instance.storage.checkpoint();
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.instance.storage.close();
  }

  private table(name: string) {
    return this.instance.catalog
      .list("TABLE")
      .find((one) => one.name === name.toUpperCase() && one.droppedOn === undefined)!;
  }
}

function newRows(from: number, count: number): string {
  const id = `(seq8() + ${from})`;
  return `select ${id}, ${id} * 7919 % ${GROUPS}, ${id} % ${DIMENSION}, ${id} * 31 % 100, ${id} % 10000 / 100, 'note ' || ${id} % 1000
          from table(generator(rowcount => ${count}))`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function median(repeats: number, sample: () => Promise<number>): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < repeats; i++) samples.push(await sample());
  return samples.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}

async function measureBase(
  account: Account,
  rows: number,
  { queries, changes }: Scope,
  note: (measurement: Measurement) => void,
): Promise<void> {
  await account.prepare(rows);
  const few = changes.filter((count) => count * 10 <= rows);
  // Of the largest bases half the rows would take minutes.
  const counts = changes.length > 1 && rows <= 1_000_000 ? [...few, rows / 2] : few;
  for (const query of queries) {
    const sql = QUERIES[query]!;
    await account.run(
      `create or replace dynamic table dt target_lag = '1 day' warehouse = wh refresh_mode = adaptive as ${sql}`,
    );
    await account.tidy();
    const duckdb = await median(REPEATS.whole, () => account.duckdb(sql));
    for (const kind of ["inserts", "updates"] as const) {
      for (const changed of counts) {
        const cost = (method: RefreshMethod): Promise<number> => {
          const few = method === "COMPARISON" ? (rows > 1e6 ? "large" : "whole") : "small";
          return median(REPEATS[changed > 1_000 ? (rows > 100_000 ? "large" : "whole") : few], async () => {
            await account.change(kind, changed, rows);
            return account.refresh(method);
          });
        };
        const byChanges = await cost("CHANGES");
        const byComparison = await cost("COMPARISON");
        const chosen = await cost("CHEAPER");
        const way = account.lastWay();
        note({ query, base: rows, kind, changed, byChanges, byComparison, chosen, way, duckdb });
      }
    }
    if (query === "filter + project") {
      const byChanges = await median(REPEATS.NO_DATA, () => account.refresh("CHEAPER"));
      note({ query: "NO_DATA", base: rows, kind: "none", changed: 0, byChanges });
    }
    await account.run("drop dynamic table dt");
  }
  await account.run("create or replace stream s on table base");
  for (const kind of ["inserts", "updates"] as const) {
    for (const changed of counts) {
      const byChanges = await median(REPEATS[changed > 1_000 ? "whole" : "stream"], async () => {
        await account.run("create or replace stream s on table base");
        await account.change(kind, changed, rows);
        return timed(() => account.run("select count(*), sum(x) from s"));
      });
      note({ query: "stream", base: rows, kind, changed, byChanges });
    }
  }
}

/** How the costs that may depend on the change alone grow from the second largest base to the largest. */
function ratios(measurements: readonly Measurement[]): Ratio[] {
  const sizes = [...new Set(measurements.map((one) => one.base))].sort((a, b) => b - a);
  const [large, small] = sizes;
  if (small === undefined) return [];
  return [
    ["filter + project", "inserts"],
    ["group by", "inserts"],
    ["stream", "inserts"],
    ["stream", "updates"],
  ].flatMap(([query, kind]) => {
    const cost = (base: number): number | undefined =>
      measurements.find((one) => one.query === query && one.kind === kind && one.changed === 1_000 && one.base === base)
        ?.byChanges;
    const [over, under] = [cost(large!), cost(small)];
    if (over === undefined || under === undefined) return [];
    return [
      { what: `${query}, 1k ${kind}: ${large} rows against ${small}`, ratio: over / under, budget: GROWTH_BUDGET },
    ];
  });
}

/** How many times the better way's cost what was chosen costs. Making all rows anew is a way only where it was chosen. */
function regret({ byChanges, byComparison, chosen, way }: Measurement): number | undefined {
  if (byComparison === undefined || chosen === undefined) return undefined;
  const taken = way === "REINITIALIZE" ? chosen : way === "CHANGES" ? byChanges : byComparison;
  const better = Math.min(byChanges, byComparison, taken);
  return taken - better < NOTICED ? 1 : taken / better;
}

/** How often what was chosen is the better way, or nearly, and where it is not. */
function choices(measurements: readonly Measurement[]): string {
  const cells = measurements.flatMap((one) => {
    const times = regret(one);
    return times === undefined ? [] : [{ one, times }];
  });
  const misses = cells.filter(({ times }) => times > REGRET_BUDGET);
  const share = cells.length === 0 ? 1 : 1 - misses.length / cells.length;
  const head = `chosen within ${REGRET_BUDGET} x of the better way in ${(100 * share).toFixed(1)} % of ${cells.length} cells (budget ${100 * CELLS_WITHIN} %)${share < CELLS_WITHIN ? " OVER" : ""}`;
  if (misses.length === 0) return head;
  const rows = misses.map(({ one, times }) => [
    one.query,
    String(one.base),
    `${one.changed} ${one.kind}`,
    one.way!,
    ms(one.byChanges),
    ms(one.byComparison),
    `${times.toFixed(2)} x`,
  ]);
  return `${head}\n${formatTable(["missed", "base rows", "change", "chosen", "by changes, ms", "by comparison", "regret"], rows)}`;
}

const ms = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(1));

function report(measurements: readonly Measurement[]): string {
  const rows = measurements.map((one) => [
    one.query,
    String(one.base),
    one.changed === 0 ? "none" : `${one.changed} ${one.kind}`,
    ms(one.byChanges),
    ms(one.byComparison),
    ms(one.chosen),
    one.way ?? "",
    ms(one.duckdb),
  ]);
  const head = [
    "query",
    "base rows",
    "change",
    "by changes, ms",
    "by comparison",
    "as chosen",
    "way",
    "DuckDB's query",
  ];
  const lines = ratios(measurements).map(
    ({ what, ratio, budget }) => `${what}: ${ratio.toFixed(2)} x (budget ${budget} x)${ratio > budget ? " OVER" : ""}`,
  );
  for (const { base, byChanges } of measurements.filter((one) => one.query === "NO_DATA")) {
    lines.push(
      `NO_DATA over ${base} rows: ${ms(byChanges)} ms (budget ${NO_DATA_BUDGET} ms)${byChanges > NO_DATA_BUDGET ? " OVER" : ""}`,
    );
  }
  return `${machine()}\n\n${formatTable(head, rows)}\n\n${lines.join("\n")}\n\n${choices(measurements)}\n`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { "max-rows": { type: "string" }, budgets: { type: "boolean" }, json: { type: "boolean" } },
  });
  const most = Number(values["max-rows"] ?? BASES.at(-1));
  const sizes = BASES.filter((size) => size <= most).slice(values.budgets ? -2 : 0);
  const folder = mkdtempSync(path.join(os.tmpdir(), "workshop-bench-"));
  const measurements: Measurement[] = [];
  try {
    const account = await Account.open(folder);
    await account.run("create warehouse wh", "create database d", "use schema d.public");
    for (const rows of sizes) {
      await measureBase(account, rows, values.budgets ? BUDGETED : ALL, (one) => {
        process.stderr.write(`${one.query}, ${one.base} rows, ${one.changed} ${one.kind}: ${ms(one.byChanges)} ms\n`);
        measurements.push(one);
      });
    }
    await account.close();
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ machine: machine(), measurements, ratios: ratios(measurements) }, undefined, 2)}\n`
        : report(measurements),
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().then((code) => {
  process.exitCode = code;
});
