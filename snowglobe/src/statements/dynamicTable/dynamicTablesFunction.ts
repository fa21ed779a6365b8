import type { Database, DynamicTable } from "../../catalog/objects";
import { compilationError, invalidValue } from "../../errors";
import { parseObjectName } from "../../sql";
import { ARRAY, FLOAT, OBJECT } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds, sees } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { relationOf } from "../../execution/sqlRelation";
import { HISTORY_KEPT, type RefreshRecord, type RefreshState } from "../../account/refreshHistory";
import { schedulingState } from "./schedulingState";

const COLUMNS: readonly ColumnSpec[] = [
  ["NAME", TEXT],
  ["SCHEMA_NAME", TEXT],
  ["DATABASE_NAME", TEXT],
  ["QUALIFIED_NAME", TEXT],
  ["TARGET_LAG_SEC", INTEGER],
  ["TARGET_LAG_TYPE", TEXT],
  ["SCHEDULING_STATE", OBJECT],
  ["MEAN_LAG_SEC", INTEGER],
  ["MAXIMUM_LAG_SEC", INTEGER],
  ["TIME_ABOVE_TARGET_LAG_SEC", INTEGER],
  ["TIME_WITHIN_TARGET_LAG_RATIO", FLOAT],
  ["LATEST_DATA_TIMESTAMP", TIMESTAMP],
  ["LAST_COMPLETED_REFRESH_STATE", TEXT],
  ["LAST_COMPLETED_REFRESH_STATE_CODE", TEXT],
  ["LAST_COMPLETED_REFRESH_STATE_MESSAGE", TEXT],
  ["EXECUTING_REFRESH_QUERY_ID", TEXT],
  ["RECOMMENDATIONS", OBJECT],
  ["EXECUTE_AS_USER", TEXT],
  ["SECONDARY_ROLE_NAMES", ARRAY],
];

/** Those whose values {@link lagSql} gives; rows made in TypeScript have none. */
const MEASURED: Readonly<Record<string, string>> = {
  MEAN_LAG_SEC: "round(m.mean)",
  MAXIMUM_LAG_SEC: "round(m.maximum)",
  TIME_ABOVE_TARGET_LAG_SEC: "round(m.above)",
  TIME_WITHIN_TARGET_LAG_RATIO: "1 - m.above / m.lasted",
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

  const relation = relationOf(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLES"],
    [...COLUMNS, ["ID", INTEGER], ["PLACE", INTEGER]],
    found.map((table, place) => [...row(table, history.get(table.id), context), table.id, place]),
  );
  const columns = relation.columns.slice(0, COLUMNS.length);
  const [id, place] = relation.columns.slice(COLUMNS.length).map((column) => `t.${column.physical}`);
  const start = instantArgument(given, "REFRESH_DATA_TIMESTAMP_START", context);
  const measured = lagSql(
    found.filter((table) => table.suspended === null && holds(context, "MONITOR", table.id)),
    history,
    start ?? literalTime(context.startedOn - HISTORY_KEPT),
    literalTime(context.startedOn),
  );
  const shown = columns.map(({ name: column, physical }, index) => {
    const value = MEASURED[column];
    return value
      ? `CAST(${value} AS ${COLUMNS[index]![1] === INTEGER ? "DECIMAL(18,0)" : "DOUBLE"}) AS ${physical}`
      : `t.${physical}`;
  });
  return {
    ...relation,
    columns,
    sql: `(SELECT ${shown.join(", ")} FROM ${relation.sql} AS t LEFT JOIN ${measured} AS m ON m.id = ${id} ORDER BY ${place})`,
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

function row(table: DynamicTable, refreshes: Refreshes | undefined, context: StatementContext): Cell[] {
  const { catalog } = context.instance;
  const [database, schema] = catalog.pathOf(table);
  const monitored = holds(context, "MONITOR", table.id);
  const only = (cell: Cell): Cell => (monitored ? cell : null);
  const { targetLag } = table;
  return [
    table.name,
    schema,
    database,
    catalog.fullName(table),
    only(targetLag?.kind === "TIME" ? targetLag.seconds : null),
    only(targetLag && (targetLag.kind === "TIME" ? "USER_DEFINED" : "DOWNSTREAM")),
    only(JSON.stringify(schedulingState(table, "RUNNING"))),
    ...Object.keys(MEASURED).map(() => null),
    only(table.content?.dataTimestamp),
    only(refreshes?.last?.state),
    only(refreshes?.last?.stateCode),
    only(refreshes?.last?.stateMessage),
    only(refreshes?.running?.queryId),
    only(recommendations(table)),
    null,
    null,
  ];
}

/** What an account would advise. Source: "Dynamic Tables Insights": those that need no measured refreshes. */
function recommendations({ requestedRefreshMode, refreshMode, refreshModeReason }: DynamicTable): string | null {
  if (requestedRefreshMode !== "AUTO" || refreshMode !== "FULL") return null;
  return JSON.stringify({
    recommendations: [
      {
        name: "AUTO_RESOLVED_TO_FULL_REFRESH",
        severity: "INFO",
        message: `Refresh mode AUTO was resolved to FULL: ${refreshModeReason ?? ""}`,
      },
    ],
  });
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
