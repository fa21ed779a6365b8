/** Makes the objects of a case. */
import { rowsText } from "./dml";
import { checkDynamicTables } from "./dynamicTableChecks";
import type { DynamicTable } from "../../src/catalog/objects";
import {
  ALERT,
  baseTable,
  BASES,
  CHILD,
  columnNames,
  CUSTOM,
  definition,
  queried,
  dynamicTableName,
  dynamicTables,
  quoted,
  relations,
  rowText,
  RUNS,
  sinkOf,
  STREAMS,
  streamNamed,
  tableDefinition,
  taskNamed,
  TASKS,
  VIEW,
  type StreamName,
} from "./objects";
import { operatorsOf, type Query } from "./query";
import { pick, type Relation } from "./queryText";
import type { Case, DynamicTableSpec } from "./steps";
import { MOMENT, type World } from "./world";

const LAGS = ["1 minute", "downstream", "1 minute", "2 minutes", "4 minutes"] as const;

export const lagText = (choice: number): string => pick(LAGS, choice);

/** Failures of CREATE and REFRESH that come of the rows and names that there are. */
const REFRESH_FAILS =
  /Division by zero|value '.*' is not recognized|does not exist or not authorized|invalid identifier|not enabled|not initialized|was made with column/i;
const LAG_FAILS = /target lag/;
/** A stream cannot be on a relation that cannot be read, or that is not refreshed incrementally. */
const STREAM_FAILS =
  /does not exist or not authorized|invalid identifier|not initialized|refresh mode is FULL|Invalid view|Division by zero|value '.*' is not recognized/i;

export async function makeObjects(world: World, { tables, view, dynamicTables, tasks }: Case): Promise<void> {
  for (const [index, { columns, rows }] of tables.entries()) {
    const { name } = BASES[index]!;
    const all = ["I0", ...columns.map((column) => column.toUpperCase())];
    await world.run(tableDefinition(name, all, true, index === 0));
    if (rows.length > 0) await world.run(`insert into ${quoted(name)} ${rowsText(rows, all)}`);
  }
  await makeView(world, view);
  for (const [index, spec] of dynamicTables.entries()) {
    await world.advance(MOMENT);
    await makeDynamicTable(world, index, spec);
    await checkDynamicTables(world);
  }
  await world.run(`create table ${RUNS} (task varchar)`);
  for (const stream of STREAMS) await world.run(`create table ${sinkOf(stream)} (action varchar, data varchar)`);
  await makeStreams(world, STREAMS);
  await makeCustom(world);
  await makeFollowers(world);
  for (const [index, resumed] of tasks.entries()) {
    const name = TASKS[index]!;
    if (resumed && taskNamed(world.account, name)) await world.run(`alter task ${name} resume`);
  }
}

/** What follows from K3: a task after it, and an alert that looks whether it has run. */
async function makeFollowers(world: World): Promise<void> {
  await world.run(
    `create task ${CHILD} warehouse = wh after K3 as insert into ${RUNS} values ('${CHILD}')`,
    `alter task ${CHILD} resume`,
    `create alert ${ALERT} warehouse = wh schedule = '1 minute' if (exists (select 1 from ${RUNS} where task = 'K3'))
       then insert into ${RUNS} values ('${ALERT}')`,
    `alter alert ${ALERT} resume`,
  );
}

/** The dynamic table that keeps what CHANGES() shows it, over the second base table as it is now. */
export async function makeCustom(world: World): Promise<void> {
  const table = baseTable(world.account, 1);
  if (!table) return;
  const sql = `insert into self select metadata$action, ${rowText(columnNames(table))} from ${quoted(table.name)} changes()`;
  await world.attempt(
    `create or replace dynamic table ${CUSTOM} (action varchar, data varchar) target_lag = '1 minute' warehouse = wh refresh using (${sql})`,
    REFRESH_FAILS,
  );
}

/** CREATE OR REPLACE VIEW over the base tables. */
export async function makeView(world: World, query: Query): Promise<void> {
  const bases = relations(world.account, undefined, []);
  if (bases.length === 0) return;
  const { sql, shape } = definition(query, bases);
  const made = await world.attempt(`create or replace view ${VIEW} as ${sql}`, REFRESH_FAILS);
  if (made) world.shapes.set(VIEW, shape);
}

/** CREATE OR REPLACE DYNAMIC TABLE over the base tables, the view and the dynamic tables of lower numbers. */
export async function makeDynamicTable(world: World, index: number, spec: DynamicTableSpec): Promise<void> {
  const name = dynamicTableName(index);
  const { sql, shape } = definition(spec.query, readable(world, index, spec.wrapped));
  const create = (lag: string, initialize: string): string =>
    `create or replace dynamic table ${name} target_lag = ${lag === "downstream" ? lag : `'${lag}'`} warehouse = wh initialize = ${initialize} as ${sql}`;
  const attempts: [string, string][] = [
    [lagText(spec.lag), spec.onSchedule ? "on_schedule" : "on_create"],
    ["downstream", "on_schedule"],
  ];
  for (const [lag, initialize] of attempts) {
    const lawful = new RegExp(`${REFRESH_FAILS.source}|${LAG_FAILS.source}`, "i");
    if (!(await world.attempt(create(lag, initialize), lawful))) continue;
    const operators = new Set(operatorsOf(spec.query));
    world.shapes.set(name, shape);
    world.operators.set(name, operators);
    const mode = dynamicTables(world.account).find((table) => table.name === name)!.refreshMode;
    for (const operator of operators) world.coverage.count(`${mode} queries with: ${operator}`);
    if (spec.wrapped) world.coverage.count("boundary: tables that may read through one");
    return;
  }
}

/** What the query of a dynamic table may read: those of lower numbers, all of them behind a boundary or none. */
function readable(world: World, index: number, wrapped: boolean): Relation[] {
  const below = queried(world.account).flatMap((table) => {
    const shape = world.shapes.get(table.name);
    const name = wrapped ? `dynamic_table_refresh_boundary(${table.name})` : table.name;
    return Number(table.name.slice(2)) < index && shape ? [{ name, ...shape }] : [];
  });
  return relations(world.account, world.shapes.get(VIEW), below);
}

/** What CREATE OR ALTER does not do to the columns that there are, and what no query of the table may become. */
const ALTER_FAILS =
  /cannot change|must be added at the end|incompatible|dropped|reads itself|narrow|frozen|FROZEN|transient|Renaming|renamed|only trailing/i;

/** CREATE OR ALTER: the table gets another query, and is not refreshed. */
export async function alterDefinition(world: World, table: DynamicTable, query: Query): Promise<boolean> {
  const { sql, shape } = definition(query, readable(world, Number(table.name.slice(2)), false));
  const lag = table.targetLag?.kind === "TIME" ? `'${table.targetLag.text}'` : "downstream";
  const lawful = new RegExp(`${REFRESH_FAILS.source}|${LAG_FAILS.source}|${ALTER_FAILS.source}`, "i");
  const create = `create or alter dynamic table ${table.name} target_lag = ${lag} warehouse = wh as ${sql}`;
  if (!(await world.attempt(create, lawful))) return false;
  world.shapes.set(table.name, shape);
  world.operators.set(table.name, new Set(operatorsOf(query)));
  return true;
}

/** Makes streams anew, from now on, with the tasks that consume them; what cannot be has none. */
export async function makeStreams(world: World, names: readonly StreamName[]): Promise<void> {
  for (const name of names) {
    const { account } = world;
    if (streamNamed(account, name)) await world.run(`drop stream ${name}`);
    await world.run(`truncate table ${sinkOf(name)}`);
    world.streams.delete(name);
    const source = sourceOf(world, name);
    const made =
      source !== undefined &&
      (await world.attempt(`create stream ${name} on ${source.kind} ${source.name}`, STREAM_FAILS));
    if (made) {
      const rows = await world.bag(`select ${rowText(source.columns)} from ${source.name}`);
      world.streams.set(name, { source: source.name, columns: source.columns, rows });
    }
    await makeTask(world, name);
  }
}

function sourceOf(world: World, stream: StreamName) {
  switch (stream) {
    case "S0": {
      const table = baseTable(world.account, 0);
      return table && { kind: "table", name: quoted(table.name), columns: columnNames(table) };
    }
    case "S1": {
      const columns = world.shapes.get(VIEW)?.columns;
      return columns && { kind: "view", name: VIEW, columns: columns.map((column) => column.name) };
    }
    case "S2": {
      const table = queried(world.account).find((one) => one.refreshMode !== "FULL" && one.content);
      return table && { kind: "dynamic table", name: table.name, columns: columnNames(table) };
    }
  }
}

/** SQL that consumes a stream into its table. */
export function consumption(world: World, stream: StreamName): string {
  const { columns } = world.streams.get(stream)!;
  return `insert into ${sinkOf(stream)} select metadata$action, ${rowText(columns)} from ${stream}`;
}

/** The stream's task, as started as it was before; the one without a stream comes with the last. */
async function makeTask(world: World, stream: StreamName): Promise<void> {
  const index = STREAMS.indexOf(stream);
  const name = TASKS[index]!;
  const before = taskNamed(world.account, name);
  if (!world.streams.has(stream)) {
    if (before) await world.run(`drop task ${name}`);
  } else {
    const schedule = name === "K1" ? "schedule = '1 minute'" : "";
    const body = `begin begin transaction; ${consumption(world, stream)}; insert into ${RUNS} values ('${name}'); commit; end`;
    await world.run(
      `create or replace task ${name} warehouse = wh ${schedule} when system$stream_has_data('${stream}') as ${body}`,
    );
    if (before?.started) await world.run(`alter task ${name} resume`);
  }
  if (stream !== "S2" || taskNamed(world.account, "K3")) return;
  await world.run(`create task K3 warehouse = wh schedule = '1 minute' as insert into ${RUNS} values ('K3')`);
}
