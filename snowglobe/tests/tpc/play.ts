/** Dynamic tables over changing tables, cycle after cycle: each is its query's result after each refresh. */
import { Account, DataFolder } from "../simulation/account";
import { bagOf, differenceOfValues } from "../simulation/bag";
import { tpchChanges, TPCH_QUERIES, TPCH_TABLES, tpchRows } from "./tpch";
import { isLast, WAREHOUSE, warehouseChanges, warehouseTables } from "./warehouse";

/** 2026-01-05T12:00:01Z. */
const START = Date.UTC(2026, 0, 5, 12, 0, 1) * 1000;
const MINUTE = 60 * 1e6;
/** The data folder is left as by kill -9 so often. */
const KILL_EVERY = 7;

/** A dynamic table, and the query whose result it must be. */
interface Kept {
  readonly name: string;
  readonly query: string;
  readonly mode: string;
}

/** What was found in one cycle. */
export interface Played {
  readonly cycle: number;
  readonly killed: boolean;
  /** Milliseconds of the refreshes. */
  readonly took: number;
  /** How many tables were compared with their queries. */
  readonly compared: number;
  /** How often each action was taken, e.g. INCREMENTAL 12. */
  readonly actions: Readonly<Record<string, number>>;
}

export interface Pipeline {
  readonly tables: readonly string[];
  readonly dynamicTables: readonly { readonly name: string; readonly query: string; readonly lag: string }[];
  /** Whether those that AUTO makes ADAPTIVE are made a second time, as INCREMENTAL. */
  readonly bothModes: boolean;
  changes(cycle: number): readonly string[];
}

/** The 22 questions of TPC-H. @param scale 0.01 has 60,000 line items */
export function tpch(scale: number): Pipeline {
  return {
    tables: [...TPCH_TABLES, ...tpchRows(scale)],
    dynamicTables: TPCH_QUERIES.map((query, index) => ({ name: `q${index + 1}`, query, lag: "'1 minute'" })),
    bothModes: true,
    changes: (cycle) => tpchChanges(cycle, scale),
  };
}

/** 40 dynamic tables over 17 tables. @param size 1 has some 30,000 rows */
export function warehouse(size: number): Pipeline {
  return {
    tables: warehouseTables(size),
    dynamicTables: Object.entries(WAREHOUSE).map(([name, query]) => {
      return { name, query, lag: isLast(name) ? "'1 minute'" : "downstream" };
    }),
    bothModes: false,
    changes: warehouseChanges,
  };
}

/**
 * Plays cycles of changes and refreshes.
 *
 * @param tell is told of each cycle
 * @returns how many dynamic tables there are in each mode
 * @throws Error for the first table that is not its query's result
 */
export async function play(
  pipeline: Pipeline,
  cycles: number,
  tell: (played: Played) => void,
): Promise<Readonly<Record<string, number>>> {
  let account = await Account.open(DataFolder.create(), START);
  try {
    await account.run("create warehouse wh", "create database d", ...pipeline.tables);
    const kept: Kept[] = [];
    for (const { name, query, lag } of pipeline.dynamicTables)
      kept.push(...(await made(account, pipeline, name, query, lag)));
    const modes = tally(kept.map((one) => one.mode));
    for (let cycle = 0; cycle < cycles; cycle++) {
      await account.run(...pipeline.changes(cycle));
      const killed = cycle % KILL_EVERY === KILL_EVERY - 1;
      if (killed) account = await account.kill();
      const before = account.instance.refreshHistory.all().length;
      const begun = performance.now();
      await account.advance(MINUTE);
      const took = performance.now() - begun;
      const records = account.instance.refreshHistory.all().slice(before);
      const failed = records.find((record) => record.state !== "SUCCEEDED");
      if (failed) throw new Error(`cycle ${cycle}: ${failed.name} ${failed.state}: ${failed.stateMessage}`);
      for (const one of kept) await compare(account, one, cycle);
      tell({ cycle, killed, took, compared: kept.length, actions: tally(records.map((record) => record.action!)) });
    }
    return modes;
  } finally {
    await account.discard();
  }
}

async function made(
  account: Account,
  { bothModes }: Pipeline,
  name: string,
  query: string,
  lag: string,
): Promise<Kept[]> {
  const create = (as: string, mode: string): string =>
    `create dynamic table ${as} target_lag = ${lag} warehouse = wh refresh_mode = ${mode} as ${query}`;
  await account.run(create(name, "auto"));
  const mode = account.instance.catalog
    .list("DYNAMIC TABLE")
    .find((table) => table.name === name.toUpperCase())!.refreshMode;
  const first = { name, query, mode };
  if (!bothModes || mode !== "ADAPTIVE") return [first];
  const second = `${name}_incremental`;
  await account.run(create(second, "incremental"));
  return [first, { name: second, query, mode: "INCREMENTAL" }];
}

async function compare(account: Account, { name, query, mode }: Kept, cycle: number): Promise<void> {
  const [due, rows] = [await account.rows(query), await account.rows(`select * from ${name}`)];
  const wrong = differenceOfValues(bagOf(due), bagOf(rows));
  if (wrong.length === 0) return;
  throw new Error(
    `cycle ${cycle}: ${name} (${mode}) differs from its query's result by\n${wrong.slice(0, 10).join("\n")}`,
  );
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
