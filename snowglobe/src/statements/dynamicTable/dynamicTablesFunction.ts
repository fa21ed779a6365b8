import type { Database, DynamicTable } from "../../catalog/objects";
import { compilationError, invalidValue } from "../../errors";
import { parseObjectName } from "../../sql";
import { ARRAY, FLOAT, OBJECT, type DataType } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, sees } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP, type Cell } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import { HISTORY_KEPT, type RefreshRecord, type RefreshState } from "../../account/refreshHistory";
import { schedulingState } from "./schedulingState";
import { type ShownColumn, shownRelation, physicalName, schemaName, databaseName } from "../../execution/shownColumn";
import { bindTable } from "../../refresh/dynamicTableGraph";
import { insightsOf } from "../../refresh/insights";
import { shownUser } from "../../refresh/refreshUser";
import { targetLagSeconds, targetLagType } from "../../refresh/targetLag";

/** A table with what its history tells. */
interface Listed {
  readonly table: DynamicTable;
  readonly refreshes: Refreshes | undefined;
  readonly monitored: boolean;
  /** Rows come by it. */
  readonly place: number;
}

/** A column that is hidden from a role without MONITOR on the table. */
function monitored(
  name: string,
  type: DataType,
  value: (row: Listed, context: StatementContext) => Cell,
): ShownColumn<Listed> {
  return [name, type, (row, context) => (row.monitored ? value(row, context) : null)];
}

const COLUMNS: readonly ShownColumn<Listed>[] = [
  ["NAME", TEXT, ({ table }) => table.name],
  ["SCHEMA_NAME", TEXT, ({ table }, context) => schemaName(table, context)],
  ["DATABASE_NAME", TEXT, ({ table }, context) => databaseName(table, context)],
  ["QUALIFIED_NAME", TEXT, ({ table }, { instance }) => instance.catalog.fullName(table)],
  monitored("TARGET_LAG_SEC", INTEGER, ({ table }) => targetLagSeconds(table.targetLag)),
  monitored("TARGET_LAG_TYPE", TEXT, ({ table }) => targetLagType(table.targetLag)),
  monitored("SCHEDULING_STATE", OBJECT, ({ table }) => JSON.stringify(schedulingState(table, "RUNNING"))),
  // What is measured, see MEASURED: rows made in TypeScript have no values.
  ["MEAN_LAG_SEC", INTEGER],
  ["MAXIMUM_LAG_SEC", INTEGER],
  ["TIME_ABOVE_TARGET_LAG_SEC", INTEGER],
  ["TIME_WITHIN_TARGET_LAG_RATIO", FLOAT],
  monitored("LATEST_DATA_TIMESTAMP", TIMESTAMP, ({ table }) => table.content?.dataTimestamp),
  monitored("LAST_COMPLETED_REFRESH_STATE", TEXT, ({ refreshes }) => refreshes?.last?.state),
  monitored("LAST_COMPLETED_REFRESH_STATE_CODE", TEXT, ({ refreshes }) => refreshes?.last?.stateCode),
  monitored("LAST_COMPLETED_REFRESH_STATE_MESSAGE", TEXT, ({ refreshes }) => refreshes?.last?.stateMessage),
  monitored("EXECUTING_REFRESH_QUERY_ID", TEXT, ({ refreshes }) => refreshes?.running?.queryId),
  monitored("RECOMMENDATIONS", OBJECT, ({ table }, context) => recommendations(table, context)),
  monitored("EXECUTE_AS_USER", TEXT, ({ table }, { instance }) => shownUser(table, instance).executeAsUser),
  monitored("SECONDARY_ROLE_NAMES", ARRAY, ({ table }, { instance }) => {
    const { secondaryRoles } = shownUser(table, instance);
    return secondaryRoles && JSON.stringify(secondaryRoles);
  }),
];

/** Columns whose values {@link lagSql} gives, as DuckDB text. */
const MEASURED: Readonly<Record<string, string>> = {
  MEAN_LAG_SEC: "CAST(round(m.mean) AS DECIMAL(18,0))",
  MAXIMUM_LAG_SEC: "CAST(round(m.maximum) AS DECIMAL(18,0))",
  TIME_ABOVE_TARGET_LAG_SEC: "CAST(round(m.above) AS DECIMAL(18,0))",
  TIME_WITHIN_TARGET_LAG_RATIO: "CAST(1 - m.above / m.lasted AS DOUBLE)",
};

/** Rows come in this order of the last completed refresh. */
const ORDER: readonly RefreshState[] = ["FAILED", "UPSTREAM_FAILED", "SKIPPED", "SUCCEEDED", "CANCELLED"];

/** What the history tells of a table. */
interface Refreshes {
  readonly succeeded: RefreshRecord[];
  last?: RefreshRecord;
  running?: RefreshRecord;
}

/**
 * INFORMATION_SCHEMA.DYNAMIC_TABLES(...): the dynamic tables of the whole account, with their lag and last refresh.
 * Without MONITOR on a table only its name is shown. Source: the page of that name, which does not say how the lag is
 * measured: see {@link lagSql}. A suspended table has no measures.
 */
export function dynamicTablesRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["NAME", "REFRESH_DATA_TIMESTAMP_START", "RESULT_LIMIT", "INCLUDE_CONNECTED"]);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const name = constantArgument(given, "NAME");
  const connected = /^true$/i.test(constantArgument(given, "INCLUDE_CONNECTED") ?? "false");
  if (connected && (name === undefined || given.has("RESULT_LIMIT")))
    throw compilationError("INCLUDE_CONNECTED needs NAME, and no RESULT_LIMIT", "001035", "22023");

  const all = context.instance.catalog.list("DYNAMIC TABLE");
  const named = name === undefined ? all : all.filter(isNamed(name, context));
  const history = historyByTable(context);
  const rank = (table: DynamicTable): number => {
    const state = history.get(table.id)?.last?.state;
    return state ? ORDER.indexOf(state) : ORDER.length;
  };
  const found = (connected ? connectedTo(named, all) : named)
    .filter((table) => sees(context, table))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, connected ? undefined : limit);

  const relation = shownRelation(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLES"],
    [...COLUMNS, ["ID", INTEGER, ({ table }) => table.id], ["PLACE", INTEGER, ({ place }) => place]],
    found.map((table, place): Listed => {
      return { table, refreshes: history.get(table.id), monitored: holds(context, "MONITOR", table.id), place };
    }),
    context,
  );
  const columns = relation.columns.slice(0, COLUMNS.length);
  const [id, place] = ["ID", "PLACE"].map((column) => `t.${physicalName(relation, column)}`);
  const start = instantArgument(given, "REFRESH_DATA_TIMESTAMP_START", context);
  const measured = lagSql(
    found.filter((table) => table.suspended === null && holds(context, "MONITOR", table.id)),
    history,
    start ?? literalTime(context.startedOn - HISTORY_KEPT),
    literalTime(context.startedOn),
  );
  const selected = columns.map(({ name: column, physical }) =>
    MEASURED[column] ? `${MEASURED[column]} AS ${physical}` : `t.${physical}`,
  );
  return {
    ...relation,
    columns,
    sql: `(SELECT ${selected.join(", ")} FROM ${relation.sql} AS t LEFT JOIN ${measured} AS m ON m.id = ${id} ORDER BY ${place})`,
  };
}

/** Tables that a name means: parts that it lacks are the session's current ones. Letters' case does not matter. */
function isNamed(name: string, context: StatementContext): (table: DynamicTable) => boolean {
  const { catalog } = context.instance;
  const { databaseId, schemaId } = context.session;
  const current = [databaseId, schemaId].map((id) => (id === null ? undefined : catalog.object(id)?.name));
  const parts = parseObjectName(name).map((part) => part.name);
  const wanted = [...current.slice(0, 3 - parts.length), ...parts].map((part) => part?.toUpperCase());
  return (table) =>
    catalog.pathOf(table).every((part, index) => wanted[index] === undefined || part.toUpperCase() === wanted[index]);
}

/** Tables and all that they read or that reads them, however far, through dynamic tables. */
function connectedTo(tables: readonly DynamicTable[], all: readonly DynamicTable[]): DynamicTable[] {
  const found = new Set(tables);
  for (const table of found) {
    for (const other of all) {
      if (table.inputs.includes(other.id) || other.inputs.includes(table.id)) found.add(other);
    }
  }
  return all.filter((table) => found.has(table));
}

function historyByTable({ instance }: StatementContext): Map<number, Refreshes> {
  const found = new Map<number, Refreshes>();
  for (const record of instance.refreshHistory.all()) {
    const own = found.get(record.objectId) ?? { succeeded: [] };
    found.set(record.objectId, own);
    if (record.state === "EXECUTING") own.running = record;
    else own.last = record;
    if (record.state === "SUCCEEDED") own.succeeded.push(record);
  }
  return found;
}

/** What an account would advise. Source: "Dynamic Tables Insights": those that need no measured refreshes. */
function recommendations(table: DynamicTable, { instance }: StatementContext): string | null {
  const { bound } = bindTable(instance, table, instance.clock.now());
  const found = insightsOf(table, bound?.query);
  return found.length === 0 ? null : JSON.stringify({ recommendations: found });
}

/**
 * The lag of tables since a time, as a relation of id, mean, maximum, above (the target lag) and lasted, in seconds.
 *
 * At any moment the lag is the age of the data timestamp of the refresh that succeeded last. So it grows with time and
 * falls at the end of each refresh; mean, maximum and the time above the target are those of that line, from the end of
 * the first refresh whose data timestamp is not before `start` until now.
 *
 * @param start and
 * @param now DuckDB text of type TIMESTAMPTZ
 */
function lagSql(
  tables: readonly DynamicTable[],
  history: ReadonlyMap<number, Refreshes>,
  start: string,
  now: string,
): string {
  const refreshes = tables.flatMap((table) => {
    const target = table.targetLag?.kind === "TIME" ? table.targetLag.seconds : null;
    return (history.get(table.id)?.succeeded ?? []).map((one) => [table.id, target, one.dataTimestamp, one.endedOn]);
  });
  const relation = relationOf(
    ["refreshes"],
    [
      ["ID", INTEGER],
      ["TARGET", INTEGER],
      ["DATA_TIMESTAMP", TIMESTAMP],
      ["ENDED", TIMESTAMP],
    ],
    refreshes,
  );
  const [id, target, data, ended] = relation.columns.map((column) => column.physical);
  // Each step of the line: the lag after a refresh, and the lag when the next one ends.
  return `(
    SELECT id, sum(high * high - low * low) / 2 / nullif(sum(high - low), 0) AS mean, max(high) AS maximum,
      sum(CASE WHEN target IS NOT NULL THEN greatest(0, high - greatest(low, target)) END) AS above,
      nullif(sum(high - low), 0) AS lasted
    FROM (
      SELECT ${id} AS id, CAST(${target} AS DOUBLE) AS target, epoch(${ended}) - epoch(${data}) AS low,
        epoch(lead(${ended}, 1, ${now}) OVER (PARTITION BY ${id} ORDER BY ${ended}, ${data})) - epoch(${data}) AS high
      FROM ${relation.sql} AS r WHERE ${data} >= ${start}
    ) AS steps
    GROUP BY id
  )`;
}
