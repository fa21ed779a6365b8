/** The objects of a simulated account: how they are named, made and found. */
import type { DynamicTable, Stream, Table, Task } from "../../src/catalog/objects";
import type { Account } from "./account";
import { queryText, type Relation, type Shape } from "./queryText";
import type { Query } from "./query";
import { declaredType, typeOfColumn } from "./values";

/** Base tables and what they are called while they are renamed. */
export const BASES = [
  { name: "T0", away: "T0_AWAY" },
  { name: "T one", away: "T one away" },
] as const;

export const VIEW = "V";

export const dynamicTableName = (index: number): string => `DT${index}`;

/** Streams: on the first base table, on the view, on a dynamic table. Each has a table that keeps what it showed. */
export const STREAMS = ["S0", "S1", "S2"] as const;
export type StreamName = (typeof STREAMS)[number];
export const sinkOf = (stream: StreamName): string => `SINK_${stream}`;

/** The first three consume the streams, two when there is data, one on a schedule with a condition; the last has none. */
export const TASKS = ["K0", "K1", "K2", "K3"] as const;
export type TaskName = (typeof TASKS)[number];

/** Runs after K3 in one graph with it: once for each of its runs. */
export const CHILD = "K4";

/** Each minute, where K3 has run. */
export const ALERT = "A0";

/** The dynamic table with REFRESH USING: it keeps what CHANGES() of the second base table showed it. */
export const CUSTOM = "CU";

/** Dynamic tables that are clones. */
export const CLONES = ["DT8", "DT9"] as const;

/** Where each run of a task leaves a row, in the transaction of what it does. */
export const RUNS = "RUNS";

export function quoted(name: string): string {
  return `"${name}"`;
}

function find<T extends { readonly name: string }>(objects: readonly T[], name: string): T | undefined {
  return objects.find((object) => object.name === name);
}

/** A base table as it is now, under whichever name; undefined while it is dropped. */
export function baseTable(account: Account, index: number): Table | undefined {
  const { name, away } = BASES[index]!;
  const tables = account.instance.catalog.list("TABLE");
  return find(tables, name) ?? find(tables, away);
}

export function dynamicTables(account: Account): DynamicTable[] {
  return account.instance.catalog.list("DYNAMIC TABLE");
}

/** The dynamic tables of queries. */
export function queried(account: Account): DynamicTable[] {
  return dynamicTables(account).filter((table) => !table.refreshUsing);
}

export function streamNamed(account: Account, name: string): Stream | undefined {
  return find(account.instance.catalog.list("STREAM"), name);
}

export function taskNamed(account: Account, name: string): Task | undefined {
  return find(account.instance.catalog.list("TASK"), name);
}

export function columnNames(table: Pick<Table, "columns">): string[] {
  return table.columns.map((column) => column.name);
}

/** What queries may read: the base tables under their own names, the view, and dynamic tables. */
export function relations(account: Account, view: Shape | undefined, made: readonly Relation[]): Relation[] {
  const bases = BASES.flatMap(({ name }, index): Relation[] => {
    const table = baseTable(account, index);
    return table ? [{ name: quoted(name), columns: typedColumns(columnNames(table)), degree: 1 }] : [];
  });
  return [...bases, ...(view ? [{ name: VIEW, ...view }] : []), ...made];
}

function typedColumns(names: readonly string[]): Relation["columns"] {
  return names.map((name) => ({ name, type: typeOfColumn(name) }));
}

/** @param timeTravel without it housekeeping removes what is past as soon as nothing needs it */
export function tableDefinition(
  name: string,
  columns: readonly string[],
  changeTracking: boolean,
  timeTravel: boolean,
): string {
  const list = columns.map((column) => `${column} ${declaredType(typeOfColumn(column))}`);
  const retention = `data_retention_time_in_days = ${timeTravel ? 1 : 0}`;
  return `create or replace table ${quoted(name)} (${list.join(", ")}) ${retention} change_tracking = ${changeTracking}`;
}

/** A query with the columns that a view or dynamic table gets from it. */
export function definition(query: Query, over: readonly Relation[]): { sql: string; shape: Shape } {
  const { sql, types, degree } = queryText(query, over);
  return { sql, shape: { columns: types.map((type, index) => ({ name: `C${index}`, type })), degree } };
}

/** A row of a relation as one text, so that rows of any shape fit into one table. */
export function rowText(columns: readonly string[]): string {
  return columns.map((name) => `coalesce(${name}::varchar, '~')`).join(" || '|' || ");
}
