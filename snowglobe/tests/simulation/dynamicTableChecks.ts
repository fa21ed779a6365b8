/** A dynamic table is its query's result at its data timestamp; otherwise nobody touches it. */
import type { DynamicTable } from "../../src/catalog/objects";
import type { RefreshRecord } from "../../src/account/refreshHistory";
import { difference, differenceOfValues, sizeOf, type Bag } from "./bag";
import { baseTable, columnNames, CUSTOM, dynamicTables, quoted, rowText } from "./objects";
import { PRESENT, withoutView, type Rewrite } from "./past";
import type { Known, World } from "./world";

/**
 * Looks at what changed since the last look.
 *
 * @param then what base tables were at the last refresh, where they have changed since
 */
export async function checkDynamicTables(world: World, then: Rewrite = PRESENT): Promise<void> {
  const records = recordsByTable(world);
  const tables = dynamicTables(world.account);
  for (const table of tables) await check(world, table, records.get(table.id) ?? [], false, then);
}

/** Looks at the rows of all dynamic tables, whether they are said to have changed or not. */
export async function lookAtAll(world: World): Promise<void> {
  const records = recordsByTable(world);
  for (const table of dynamicTables(world.account))
    await check(world, table, records.get(table.id) ?? [], true, PRESENT);
}

/**
 * What dynamic tables say of their data timestamps holds for time travel, too. For those that read the first base table
 * alone: the others have no time travel, and DDL on it changes what its past looks like.
 */
export async function checkDataTimestamps(world: World): Promise<void> {
  const base = baseTable(world.account, 0);
  if (!base) return;
  for (const table of dynamicTables(world.account)) {
    const { content, inputs, queryText } = table;
    if (!content || inputs.join() !== String(base.id) || content.dataTimestamp < world.baseChangedOn) continue;
    if (table.refreshUsing || table.frozenWhere !== undefined || world.altered.has(table.name)) continue;
    // Rows that were frozen once may have stayed.
    if (table.reinitialize !== undefined) continue;
    const source = `from ${quoted(base.name)}`;
    const query = withoutView(world)(queryText);
    if (!query.includes(source)) continue;
    const past = `${source} at(timestamp => '${time(content.dataTimestamp)}'::timestamp_ltz)`;
    const due = await world.bagOrFailure(query.replaceAll(source, past));
    if (due instanceof Error) {
      if (isChance(world, table, due.message)) continue;
      throw due;
    }
    const rows = world.known.get(table.id)!.rows!;
    const wrong = differenceOfValues(due, rows);
    if (wrong.length > 0) {
      world.fail(`${table.name} is not its query's result at ${time(content.dataTimestamp)}:\n${wrong.join("\n")}`);
    }
    world.coverage.count("refresh: compared with time travel");
  }
}

function recordsByTable(world: World): Map<number, RefreshRecord[]> {
  const byTable = new Map<number, RefreshRecord[]>();
  for (const record of world.account.instance.refreshHistory.all()) {
    const own = byTable.get(record.objectId);
    if (own) own.push(record);
    else byTable.set(record.objectId, [record]);
  }
  return byTable;
}

async function check(
  world: World,
  table: DynamicTable,
  records: readonly RefreshRecord[],
  look: boolean,
  then: Rewrite,
): Promise<void> {
  const before = world.known.get(table.id);
  const dataTimestamp = table.content?.dataTimestamp;
  const version = world.account.instance.storage.lastChange(table.storageId);
  const fresh = records.slice(before?.records ?? 0);
  const where = `${table.name} (${table.refreshMode}) at ${time(dataTimestamp)}`;
  if (before?.dataTimestamp !== undefined && !(dataTimestamp! >= before.dataTimestamp)) {
    world.fail(`${where}: the data timestamp went back from ${time(before.dataTimestamp)}`);
  }
  const refreshed = dataTimestamp !== before?.dataTimestamp;
  let rows = before?.rows;
  let comparedIn = before?.comparedIn;
  // Rows that nobody has touched need not be compared again with the result of what nobody has touched either.
  const isKnown = version === before?.version && before.comparedIn === world.epoch && !look;
  if (isKnown && refreshed) world.coverage.count("refresh: known to be true");
  if (!isKnown && (refreshed || version !== before?.version || look)) {
    rows = dataTimestamp === undefined ? undefined : await world.bag(`select * from ${table.name}`);
    if (refreshed) {
      await expectFrozen(world, table, before, where);
      await expectContent(world, table, rows!, where, then);
      comparedIn = then === PRESENT ? world.epoch : undefined;
    } else expectSame(world, before?.rows, rows, `${where}: rows changed without a refresh`);
  }
  for (const record of fresh) await judge(world, table, record, then);
  const frozen = isKnown ? before.frozen : await frozenRows(world, table);
  if (refreshed) {
    world.altered.delete(table.name);
    expectOneTimestamp(world, table, where, fresh);
    expectStatistics(world, before, rows, fresh, where);
  }
  world.known.set(table.id, { dataTimestamp, version, rows, frozen, records: records.length, comparedIn });
}

/** The rows of a frozen region; undefined where there is none, or the table has no rows yet. */
export async function frozenRows(world: World, table: DynamicTable): Promise<Bag | undefined> {
  if (table.frozenWhere === undefined || !table.content) return undefined;
  return world.bag(`select * from ${table.name} where metadata$is_frozen`);
}

/** A frozen region stays as it was while its condition does: no refresh touches it, nor adds to it. */
async function expectFrozen(
  world: World,
  table: DynamicTable,
  before: Known | undefined,
  where: string,
): Promise<void> {
  if (!before?.frozen) return;
  const now = await frozenRows(world, table);
  if (!now) return;
  const changed = differenceOfValues(before.frozen, now);
  if (changed.length > 0) world.fail(`${where}: frozen rows changed:\n${changed.join("\n")}`);
  world.coverage.count("frozen: regions that a refresh left alone");
}

async function expectContent(
  world: World,
  table: DynamicTable,
  rows: Bag,
  where: string,
  then: Rewrite,
): Promise<void> {
  if (table.refreshUsing) return expectChanges(world, table, where, then);
  if (!readsPresent(world, table)) return;
  return expectQuery(world, table, rows, where, then);
}

/** Whether what it reads through a refresh boundary is as it was when it was read. */
function readsPresent(world: World, { wrappedInputs = [], content }: DynamicTable): boolean {
  const { catalog, storage } = world.account.instance;
  return wrappedInputs.every((id) => {
    const object = catalog.object(id);
    const read = content!.inputVersions.find((one) => one.id === id);
    const present = object && "storageId" in object && read?.storageId === object.storageId;
    return present && storage.lastChange(object.storageId) <= read.version;
  });
}

/** What CHANGES() has shown from the beginning adds up to the rows that there are. */
async function expectChanges(world: World, { content }: DynamicTable, where: string, then: Rewrite): Promise<void> {
  const base = baseTable(world.account, 1);
  const read = base && content!.inputVersions.find((one) => one.storageId === base.storageId);
  if (!read || then !== PRESENT || world.account.instance.storage.lastChange(base.storageId) > read.version) return;
  const due = await world.bag(`select ${rowText(columnNames(base))} from ${quoted(base.name)}`);
  const shown = await world.rows(
    `select data, sum(iff(action = 'INSERT', 1, -1)) as n from ${CUSTOM} group by data having n <> 0`,
  );
  const wrong = difference(due, new Map(shown.map(([data, n]) => [JSON.stringify([data]), Number(n)])));
  if (wrong.length > 0) world.fail(`${where}: what CHANGES() showed differs by\n${wrong.join("\n")}`);
  world.coverage.count("custom: sums compared");
}

async function expectQuery(world: World, table: DynamicTable, rows: Bag, where: string, then: Rewrite): Promise<void> {
  // Of a frozen region the query says nothing.
  const active = `select * from (${table.queryText}) where not coalesce(${table.frozenWhere ?? "false"}, false)`;
  const isFrozen = table.frozenWhere !== undefined;
  const due = await world.bagOrFailure(then(isFrozen ? active : table.queryText));
  if (isFrozen) rows = await world.bag(`select * from ${table.name} where not metadata$is_frozen`);
  if (due instanceof Error) {
    if (isChance(world, table, due.message)) return;
    world.fail(`${where} was refreshed although its query fails: ${due.message}`);
  }
  // A column keeps its decimals where what it is made of has fewer by now.
  const wrong = differenceOfValues(due, rows);
  if (wrong.length === 0) return;
  world.fail(`${where} differs from its query's result by\n${wrong.join("\n")}\nits query: ${table.queryText}`);
}

function expectSame(world: World, before: Bag | undefined, now: Bag | undefined, what: string): void {
  const changed = difference(before ?? new Map(), now ?? new Map());
  if (changed.length > 0) world.fail(`${what}:\n${changed.join("\n")}`);
}

/** Whether an expression whose value nobody uses is evaluated, and fails, is not promised. */
function isChance(world: World, table: DynamicTable, message: string): boolean {
  return /Division by zero/.test(message) && (world.operators.get(table.name)?.has("divide") ?? false);
}

/** Counts a refresh, and asks whether one that failed had to. */
async function judge(world: World, table: DynamicTable, record: RefreshRecord, then: Rewrite): Promise<void> {
  const { coverage } = world;
  coverage.count(`refresh: ${record.trigger} ${record.state} ${record.action ?? ""}`.trimEnd());
  if (record.state === "SUCCEEDED") {
    const { numInsertedRows = 0, numDeletedRows = 0 } = record.statistics ?? {};
    if (record.action === "INCREMENTAL" && record.trigger !== "CREATION" && numInsertedRows + numDeletedRows > 0) {
      const foundBy = "foundBy" in record ? String(record.foundBy) : "any way";
      for (const operator of world.operators.get(table.name) ?? []) {
        coverage.count(`deltas through: ${operator}`);
        coverage.count(`deltas found by ${foundBy}: ${operator}`);
      }
    }
    return;
  }
  if (record.state !== "FAILED") return;
  if (/Change tracking is not enabled|was made with column/.test(record.stateMessage ?? "")) return;
  if (isChance(world, table, record.stateMessage ?? "")) return;
  if (table.refreshUsing) return;
  // What lies behind a boundary may have been refreshed for the first time since.
  if (table.wrappedInputs?.length && /not initialized/.test(record.stateMessage ?? "")) return;
  const due = await world.bagOrFailure(then(table.queryText));
  if (due instanceof Error) return;
  world.fail(
    `a refresh of ${table.name} failed although its query does not: ${record.stateMessage}\nits query: ${table.queryText}`,
  );
}

/** All dynamic tables that it reads were brought to the same time first, unless they are suspended. */
function expectOneTimestamp(world: World, table: DynamicTable, where: string, fresh: readonly RefreshRecord[]): void {
  const scheduled = fresh.at(-1)?.trigger === "SCHEDULED";
  for (const id of table.inputs) {
    if (table.wrappedInputs?.includes(id)) continue;
    const input = world.account.instance.catalog.object(id);
    if (input?.kind !== "DYNAMIC TABLE" || (scheduled && input.suspended)) continue;
    if (input.content?.dataTimestamp === table.content!.dataTimestamp) continue;
    world.fail(`${where} reads ${input.name} at ${time(input.content?.dataTimestamp)}`);
  }
}

/** What a refresh says that it inserted and deleted is by how many rows the table grew. */
function expectStatistics(
  world: World,
  before: Known | undefined,
  rows: Bag | undefined,
  fresh: readonly RefreshRecord[],
  where: string,
): void {
  const succeeded = fresh.filter((record) => record.state === "SUCCEEDED");
  const grown = sizeOf(rows ?? new Map()) - sizeOf(before?.rows ?? new Map());
  const said = succeeded.reduce(
    (sum, { statistics }) => sum + statistics!.numInsertedRows - statistics!.numDeletedRows,
    0,
  );
  if (said !== grown) world.fail(`${where}: grew by ${grown} rows, its history says ${said}`);
}

export function time(microseconds: number | undefined): string {
  return microseconds === undefined ? "no time" : new Date(microseconds / 1000).toISOString();
}
