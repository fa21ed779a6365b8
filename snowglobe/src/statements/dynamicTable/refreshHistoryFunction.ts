import type { Database } from "../../catalog/objects";
import { qualified } from "../../catalog/names";
import { invalidValue } from "../../errors";
import { ARRAY, OBJECT, TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { INTEGER, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import type { RefreshRecord } from "../../account/refreshHistory";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { relationOf } from "../../execution/sqlRelation";

const DAY = 86_400 * 1e6;

const COLUMNS: readonly ColumnSpec[] = [
  ["NAME", TEXT],
  ["SCHEMA_NAME", TEXT],
  ["DATABASE_NAME", TEXT],
  ["STATE", TEXT],
  ["STATE_CODE", TEXT],
  ["STATE_MESSAGE", TEXT],
  ["QUERY_ID", TEXT],
  ["DATA_TIMESTAMP", TIMESTAMP],
  ["REFRESH_START_TIME", TIMESTAMP],
  ["REFRESH_END_TIME", TIMESTAMP],
  ["COMPLETION_TARGET", TIMESTAMP],
  ["QUALIFIED_NAME", TEXT],
  ["LAST_COMPLETED_DEPENDENCY", OBJECT],
  ["STATISTICS", OBJECT],
  ["REFRESH_ACTION", TEXT],
  ["REINIT_REASON", TEXT],
  ["REFRESH_TRIGGER", TEXT],
  ["TARGET_LAG_SEC", INTEGER],
  ["GRAPH_HISTORY_VALID_FROM", TIMESTAMP_NTZ],
  ["INPUTS_WITH_CHANGED_DATA", ARRAY],
  ["WAREHOUSE", TEXT],
  ["EXECUTE_AS_USER", TEXT],
  ["SECONDARY_ROLE_NAMES", ARRAY],
];

/** INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY(...). Source: the page of that name. Newest first, a day back by default. */
export function refreshHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, [
    "DATA_TIMESTAMP_START",
    "DATA_TIMESTAMP_END",
    "RESULT_LIMIT",
    "NAME",
    "NAME_PREFIX",
    "ERROR_ONLY",
  ]);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const name = constantArgument(given, "NAME");
  const wanted = name === undefined ? undefined : parseObjectName(name).map((part) => part.name.toUpperCase());
  const prefix = constantArgument(given, "NAME_PREFIX")?.toUpperCase();
  const errorOnly = /^true$/i.test(constantArgument(given, "ERROR_ONLY") ?? "false");
  const found = context.instance.refreshHistory
    .all()
    .filter(
      (record) =>
        record.databaseName === database.name &&
        (!wanted || matches(record, wanted)) &&
        (prefix === undefined || qualifiedName(record).toUpperCase().startsWith(prefix)) &&
        (!errorOnly || record.state === "FAILED" || record.state === "UPSTREAM_FAILED") &&
        holds(context, "MONITOR", record.objectId),
    );
  const relation = relationOf(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLE_REFRESH_HISTORY"],
    COLUMNS,
    found.map((record) => row(record, context)),
  );
  const at = `h.${relation.columns[COLUMNS.findIndex(([column]) => column === "DATA_TIMESTAMP")]!.physical}`;
  const start = instantArgument(given, "DATA_TIMESTAMP_START", context) ?? literalTime(context.startedOn - DAY);
  const end = instantArgument(given, "DATA_TIMESTAMP_END", context) ?? literalTime(context.startedOn);
  return {
    ...relation,
    sql: `(SELECT * FROM ${relation.sql} AS h WHERE ${at} >= ${start} AND ${at} <= ${end} ORDER BY ${at} DESC LIMIT ${limit})`,
  };
}

function qualifiedName(record: RefreshRecord): string {
  return qualified([record.databaseName, record.schemaName, record.name]);
}

function matches(record: RefreshRecord, wanted: readonly string[]): boolean {
  const path = [record.databaseName, record.schemaName, record.name].map((part) => part.toUpperCase());
  return wanted.every((part, index) => part === path[path.length - wanted.length + index]);
}

function row(record: RefreshRecord, context: StatementContext): Cell[] {
  const dependency = record.lastCompletedDependency;
  const statistics = record.statistics && {
    ...record.statistics,
    // There are no micro-partitions and no queue here.
    ...(record.state === "SUCCEEDED" && { numAddedPartitions: 0, numRemovedPartitions: 0 }),
    queuedTimeMs: 0,
  };
  return [
    record.name,
    record.schemaName,
    record.databaseName,
    record.state,
    record.stateCode,
    record.stateMessage,
    record.queryId,
    record.dataTimestamp,
    record.startedOn,
    record.endedOn,
    record.completionTarget,
    qualifiedName(record),
    dependency &&
      JSON.stringify({
        data_timestamp: new Date(dependency.dataTimestamp / 1000).toISOString(),
        qualified_name: dependency.qualifiedName,
      }),
    statistics && JSON.stringify(statistics),
    record.action,
    record.reinitReason,
    record.trigger,
    record.targetLag,
    context.instance.graphHistory.validFrom(record.objectId, record.endedOn ?? record.dataTimestamp) ?? null,
    record.changedInputs ? JSON.stringify(record.changedInputs) : null,
    record.warehouse ?? null,
    null,
    null,
  ];
}
