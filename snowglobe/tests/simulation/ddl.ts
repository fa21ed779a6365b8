/** DDL of the simulation. */
import { rowsText } from "./dml";
import {
  baseTable,
  BASES,
  CLONES,
  columnNames,
  dynamicTableName,
  dynamicTables,
  queried,
  quoted,
  tableDefinition,
  VIEW,
  type StreamName,
} from "./objects";
import { pick } from "./queryText";
import { frozenRows } from "./dynamicTableChecks";
import { alterDefinition, lagText, makeCustom, makeDynamicTable, makeStreams, makeView } from "./setup";
import type { Ddl } from "./steps";
import { COLUMN_NAMES, declaredType, typeOfColumn, valueText } from "./values";
import type { World } from "./world";

export async function alter(world: World, ddl: Ddl): Promise<void> {
  switch (ddl.kind) {
    case "addColumn":
    case "dropColumn":
    case "rename":
    case "replaceTable":
    case "dropAndUndrop":
    case "changeTracking":
      return alterBase(world, ddl);
    case "key":
      return alterKey(world, ddl.on);
    case "replaceView": {
      const { account, viewQuery } = world;
      // The column names of the first query stay, so that what reads the view goes on.
      if (account.instance.catalog.list("VIEW").some((view) => view.name === VIEW)) {
        await makeView(world, { op: "filter", input: viewQuery, terms: [[ddl.column, ddl.test]] });
      }
      world.baseChangedOn = account.clock.now();
      return makeStreams(world, ["S1"]);
    }
    case "replaceDynamicTable":
    case "dropDynamicTable":
    case "undropDynamicTable":
    case "lag":
    case "createOrAlter":
    case "freeze":
    case "thaw":
    case "clone":
      return alterDynamicTable(world, ddl);
    case "replaceStream": {
      const living = world.livingStreams();
      if (living.length > 0) await makeStreams(world, [pick(living, ddl.stream)]);
      return;
    }
  }
}

type BaseDdl = Extract<
  Ddl,
  { kind: "addColumn" | "dropColumn" | "rename" | "replaceTable" | "dropAndUndrop" | "changeTracking" }
>;

async function alterBase(world: World, ddl: BaseDdl): Promise<void> {
  const index = ddl.table % BASES.length;
  const table = baseTable(world.account, index);
  if (!table) return;
  const name = quoted(table.name);
  const columns = columnNames(table);
  switch (ddl.kind) {
    case "addColumn": {
      const missing = COLUMN_NAMES.map((one) => one.toUpperCase()).filter((one) => !columns.includes(one));
      // A row's values are drawn from one number, which has room for six.
      if (missing.length === 0 || columns.length >= 6) return;
      const column = pick(missing, ddl.column);
      await world.run(`alter table ${name} add column ${column} ${declaredType(typeOfColumn(column))}`);
      break;
    }
    case "dropColumn":
      if (columns.length < 3) return;
      await world.run(`alter table ${name} drop column ${pick(columns.slice(1), ddl.column)}`);
      break;
    case "rename": {
      const { name: own, away } = BASES[index]!;
      await world.run(`alter table ${name} rename to ${quoted(table.name === own ? away : own)}`);
      break;
    }
    case "replaceTable":
      await world.run(tableDefinition(table.name, columns, ddl.tracked, index === 0));
      if (ddl.rows.length > 0) await world.run(`insert into ${name} ${rowsText(ddl.rows, columns)}`);
      break;
    case "dropAndUndrop":
      // The other has no time travel, and with that no UNDROP.
      if (index !== 0) return;
      await world.run(`drop table ${name}`, `undrop table ${name}`);
      break;
    case "changeTracking":
      await world.run(`alter table ${name} set change_tracking = ${ddl.on}`);
      break;
  }
  world.baseChangedOn = world.account.clock.now();
  const streams: StreamName[] = index === 0 ? ["S0", "S1"] : ["S1"];
  await makeStreams(world, streams);
  if (index === 1) await makeCustom(world);
}

/** A key that is promised to be unique on the first base table; whether it is, refreshes must not depend on. */
async function alterKey(world: World, on: boolean): Promise<void> {
  const table = baseTable(world.account, 0);
  if (!table) return;
  const has = (table.constraints ?? []).length > 0;
  if (on === has) return;
  const name = quoted(table.name);
  await world.run(
    on ? `alter table ${name} add constraint k unique (i0) rely` : `alter table ${name} drop constraint k`,
  );
}

type DynamicTableDdl = Extract<
  Ddl,
  {
    kind:
      | "replaceDynamicTable"
      | "dropDynamicTable"
      | "undropDynamicTable"
      | "lag"
      | "createOrAlter"
      | "freeze"
      | "thaw"
      | "clone";
  }
>;

async function alterDynamicTable(world: World, ddl: DynamicTableDdl): Promise<void> {
  const tables = queried(world.account);
  if (tables.length === 0) return;
  const table = pick(tables, ddl.table);
  switch (ddl.kind) {
    case "replaceDynamicTable":
      await makeDynamicTable(world, Number(table.name.slice(2)), {
        query: ddl.query,
        lag: ddl.table,
        onSchedule: false,
        wrapped: false,
      });
      break;
    case "createOrAlter":
      if (await alterDefinition(world, table, ddl.query)) await rememberAsItIs(world, table.name, true);
      break;
    case "freeze": {
      const columns = world.shapes.get(table.name)!.columns;
      const { name, type } = pick(columns, ddl.column);
      const condition =
        type === "list" ? `array_size(${name}) = ${ddl.value % 4}` : `${name} = ${valueText(type, ddl.value)}`;
      const sql = `alter dynamic table ${table.name} set frozen where (${condition})`;
      if (await world.attempt(sql, /FROZEN WHERE|invalid identifier|does not exist|not recognized|not enabled/i)) {
        await rememberAsItIs(world, table.name, false);
      }
      return;
    }
    case "thaw":
      await world.attempt(`alter dynamic table ${table.name} unset frozen where`, /invalid identifier|does not exist/i);
      return;
    case "clone": {
      const name = pick(CLONES, ddl.as);
      if (name === table.name) return;
      if (
        !(await world.attempt(
          `create or replace dynamic table ${name} clone ${table.name}`,
          /lag|does not exist|invalid identifier/i,
        ))
      ) {
        return;
      }
      world.shapes.set(name, world.shapes.get(table.name)!);
      world.operators.set(name, world.operators.get(table.name)!);
      if (world.altered.has(table.name)) world.altered.add(name);
      else world.altered.delete(name);
      await rememberAsItIs(world, name, false);
      if (ddl.resume) await world.attempt(`alter dynamic table ${name} resume`, /cannot be resumed/);
      break;
    }
    case "dropDynamicTable":
      await world.run(`drop dynamic table ${table.name}`);
      break;
    case "undropDynamicTable": {
      const all = [...world.shapes.keys()].filter((name) => name !== VIEW);
      const gone = all.filter((name) => !tables.some((one) => one.name === name));
      const name = gone.length > 0 ? pick(gone, ddl.table) : dynamicTableName(0);
      await world.attempt(`undrop dynamic table ${name}`, /already exists|did not exist or was purged/i);
      break;
    }
    case "lag": {
      const lag = lagText(ddl.lag);
      await world.attempt(
        `alter dynamic table ${table.name} set target_lag = ${lag === "downstream" ? lag : `'${lag}'`}`,
        /lag/i,
      );
      return;
    }
  }
  if (ddl.kind !== "undropDynamicTable") await makeStreams(world, ["S2"]);
}

/** Rows that DDL has touched, or made: until the next refresh they stay as they are. */
async function rememberAsItIs(world: World, name: string, altered: boolean): Promise<void> {
  const table = dynamicTables(world.account).find((one) => one.name === name)!;
  const { storage, refreshHistory } = world.account.instance;
  const records = refreshHistory.all().filter((record) => record.objectId === table.id).length;
  if (altered) world.altered.add(name);
  world.known.set(table.id, {
    dataTimestamp: table.content?.dataTimestamp,
    version: storage.lastChange(table.storageId),
    rows: table.content ? await world.bag(`select * from ${name}`) : undefined,
    frozen: await frozenRows(world, table),
    records,
    comparedIn: undefined,
  });
}
