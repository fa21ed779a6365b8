import type { Database } from "../../catalog/objects";
import { invalidValue } from "../../errors";
import { ARRAY, OBJECT, TIMESTAMP_NTZ } from "../../sql/ast/dataType";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import type { RefreshRecord } from "../../account/refreshHistory";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { type ShownColumn, shownRelation, physicalName } from "../../execution/shownColumn";
import { isNamed } from "./namedTable";
import { qualified } from "../../quoting";

const DAY = 86_400 * 1e6;

const COLUMNS: readonly ShownColumn<RefreshRecord>[] = [
  ["NAME", TEXT, (record) => record.name],
  ["SCHEMA_NAME", TEXT, (record) => record.schemaName],
  ["DATABASE_NAME", TEXT, (record) => record.databaseName],
  ["STATE", TEXT, (record) => record.state],
  ["STATE_CODE", TEXT, (record) => record.stateCode],
  ["STATE_MESSAGE", TEXT, (record) => record.stateMessage],
  ["QUERY_ID", TEXT, (record) => record.queryId],
  ["DATA_TIMESTAMP", TIMESTAMP, (record) => record.dataTimestamp],
  ["REFRESH_START_TIME", TIMESTAMP, (record) => record.startedOn],
  ["REFRESH_END_TIME", TIMESTAMP, (record) => record.endedOn],
  ["COMPLETION_TARGET", TIMESTAMP, (record) => record.completionTarget],
  ["QUALIFIED_NAME", TEXT, qualifiedName],
  ["LAST_COMPLETED_DEPENDENCY", OBJECT, dependencyText],
  ["STATISTICS", OBJECT, statisticsText],
  ["REFRESH_ACTION", TEXT, (record) => record.action],
  ["REINIT_REASON", TEXT, (record) => record.reinitReason],
  ["REFRESH_TRIGGER", TEXT, (record) => record.trigger],
  ["TARGET_LAG_SEC", INTEGER, (record) => record.targetLag],
  [
    "GRAPH_HISTORY_VALID_FROM",
    TIMESTAMP_NTZ,
    (record, context) =>
      context.instance.graphHistory.validFrom(record.objectId, record.endedOn ?? record.dataTimestamp) ?? null,
  ],
  ["INPUTS_WITH_CHANGED_DATA", ARRAY, (record) => (record.changedInputs ? JSON.stringify(record.changedInputs) : null)],
  ["WAREHOUSE", TEXT, (record) => record.warehouse ?? null],
  ["EXECUTE_AS_USER", TEXT, (record) => record.executeAsUser ?? null],
  ["SECONDARY_ROLE_NAMES", ARRAY, (record) => (record.secondaryRoles ? JSON.stringify(record.secondaryRoles) : null)],
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
        (!wanted || isNamed(record, wanted)) &&
        (prefix === undefined || qualifiedName(record).toUpperCase().startsWith(prefix)) &&
        (!errorOnly || record.state === "FAILED" || record.state === "UPSTREAM_FAILED") &&
        holds(context, "MONITOR", record.objectId),
    );
  const relation = shownRelation(
    [database.name, "INFORMATION_SCHEMA", "DYNAMIC_TABLE_REFRESH_HISTORY"],
    COLUMNS,
    found,
    context,
  );
  const at = `h.${physicalName(relation, "DATA_TIMESTAMP")}`;
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

function dependencyText({ lastCompletedDependency: dependency }: RefreshRecord): string | null | undefined {
  return (
    dependency &&
    JSON.stringify({
      data_timestamp: new Date(dependency.dataTimestamp / 1000).toISOString(),
      qualified_name: dependency.qualifiedName,
    })
  );
}

function statisticsText({ statistics, failedAfter, state }: RefreshRecord): string | null | undefined {
  if (failedAfter) return JSON.stringify({ ...failedAfter, queuedTimeMs: 0 });
  return (
    statistics &&
    JSON.stringify({
      ...statistics,
      // There are no micro-partitions and no queue here.
      ...(state === "SUCCEEDED" && { numAddedPartitions: 0, numRemovedPartitions: 0 }),
      queuedTimeMs: 0,
    })
  );
}
