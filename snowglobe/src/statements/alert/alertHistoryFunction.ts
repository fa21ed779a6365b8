import type { Alert, Database } from "../../catalog/objects";
import { invalidValue } from "../../errors";
import { parseObjectName } from "../../sql";
import { raiseSql } from "../../translate";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { nextRun } from "../../execution/schedule";
import type { AlertRun } from "../../account/alertHistory";
import { isAccountAdmin } from "./alertViewer";
import { newAlertRun } from "./newAlertRun";
import { type ShownColumn, shownRelation, physicalName } from "../../execution/shownColumn";

const DAY = 86_400 * 1e6;
/** How far back runs are shown, and how far ahead the next ones, in microseconds. Source: "ALERT_HISTORY". */
const BACK = 7 * DAY;
const AHEAD = 8 * DAY;

const COLUMNS: readonly ShownColumn<AlertRun>[] = [
  ["NAME", TEXT, (run) => run.name],
  ["DATABASE_NAME", TEXT, (run) => run.databaseName],
  ["SCHEMA_NAME", TEXT, (run) => run.schemaName],
  ["CONDITION", TEXT, (run) => run.condition],
  ["CONDITION_QUERY_ID", TEXT, (run) => run.conditionQueryId],
  ["ACTION", TEXT, (run) => run.action],
  ["ACTION_QUERY_ID", TEXT, (run) => run.actionQueryId],
  ["STATE", TEXT, (run) => run.state],
  ["SQL_ERROR_CODE", INTEGER, (run) => (run.errorCode === null ? null : Number(run.errorCode))],
  ["SQL_ERROR_MESSAGE", TEXT, (run) => run.errorMessage],
  ["SCHEDULED_TIME", TIMESTAMP, (run) => run.scheduledTime],
  ["COMPLETED_TIME", TIMESTAMP, (run) => run.completedOn],
  ["SCHEDULED_FROM", TEXT, (run) => run.scheduledFrom],
];

/**
 * INFORMATION_SCHEMA.ALERT_HISTORY(...): runs of all the account's alerts that the role owns, newest first, with the next
 * run of each started alert on a schedule. Source: "ALERT_HISTORY".
 */
export function alertHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, [
    "SCHEDULED_TIME_RANGE_START",
    "SCHEDULED_TIME_RANGE_END",
    "RESULT_LIMIT",
    "ALERT_NAME",
  ]);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const wanted = constantArgument(given, "ALERT_NAME");
  const name = wanted ? parseObjectName(wanted).at(-1)!.name.toUpperCase() : undefined;
  const { catalog, alertHistory } = context.instance;
  const upcoming = catalog.list("ALERT").flatMap((alert) => nextRunOf(alert, context));
  const found = [...alertHistory.all(), ...upcoming].filter(
    (run) => (name === undefined || run.name.toUpperCase() === name) && visible(run, context),
  );
  const relation = shownRelation([database.name, "INFORMATION_SCHEMA", "ALERT_HISTORY"], COLUMNS, found, context);
  const at = `h.${physicalName(relation, "SCHEDULED_TIME")}`;
  const [oldest, latest] = [literalTime(context.startedOn - BACK), literalTime(context.startedOn + AHEAD)];
  const from = instantArgument(given, "SCHEDULED_TIME_RANGE_START", context);
  const start = from === undefined ? oldest : withinRange(from, oldest);
  const end = instantArgument(given, "SCHEDULED_TIME_RANGE_END", context) ?? latest;
  return {
    ...relation,
    sql: `(SELECT * FROM ${relation.sql} AS h WHERE ${at} >= ${start} AND ${at} <= ${end} ORDER BY ${at} DESC LIMIT ${limit})`,
  };
}

/** The start of the range as DuckDB text; raises an error when it lies before what is kept. */
function withinRange(start: string, oldest: string): string {
  const error = raiseSql("001014", "22023", "'The time range of ALERT_HISTORY must lie within the last 7 days.'");
  return `(CASE WHEN ${start} < ${oldest} THEN ${error} ELSE ${start} END)`;
}

/** Source: "ALERT_HISTORY", usage notes: to the owner, and to ACCOUNTADMIN. */
function visible(run: AlertRun, context: StatementContext): boolean {
  const alert = context.instance.catalog.object(run.objectId);
  if (alert && owns(context, alert)) return true;
  return isAccountAdmin(context);
}

function nextRunOf(alert: Alert, context: StatementContext): AlertRun[] {
  const at = nextRun(alert, context.startedOn);
  if (at === undefined) return [];
  return [newAlertRun(context.instance.catalog, alert, { scheduledTime: at, scheduledFrom: "SCHEDULE" })];
}
