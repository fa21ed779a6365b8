import type { Database } from "../../catalog/objects";
import { parseObjectName } from "../../sql";
import { invalidValue } from "../../errors";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { type ShownColumn, shownRelation, physicalName } from "../../execution/shownColumn";
import type { NotificationRecord } from "../../account/notificationHistory";

const DAY = 86_400 * 1e6;

const COLUMNS: readonly ShownColumn<NotificationRecord>[] = [
  ["CREATED", TIMESTAMP, (record) => record.createdOn],
  ["PROCESSED", TIMESTAMP, (record) => record.processedOn],
  ["MESSAGE_SOURCE", TEXT, () => "USER"],
  ["INTEGRATION_NAME", TEXT, (record) => record.integration],
  ["STATUS", TEXT, (record) => record.status],
  ["ERROR_MESSAGE", TEXT, (record) => record.errorMessage],
  ["ID", TEXT, (record) => record.id],
  ["ATTEMPT", INTEGER, (record) => (record.status === "QUEUED" ? 0 : 1)],
];

/** INFORMATION_SCHEMA.NOTIFICATION_HISTORY(...): a day back by default, newest first. Source: the page of that name. */
export function notificationHistoryRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const given = namedArguments(args, ["START_TIME", "END_TIME", "INTEGRATION_NAME", "RESULT_LIMIT"]);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const wanted = constantArgument(given, "INTEGRATION_NAME");
  const name = wanted ? parseObjectName(wanted).at(-1)!.name : undefined;
  const { catalog, notifications } = context.instance;
  const found = notifications.all().filter((record) => {
    if (name !== undefined && record.integration !== name) return false;
    const integration = catalog.find("NOTIFICATION INTEGRATION", 0, record.integration);
    return integration ? holds(context, "USAGE", integration.id) : holds(context, "MONITOR USAGE", 0);
  });
  const path = [database.name, "INFORMATION_SCHEMA", "NOTIFICATION_HISTORY"];
  const relation = shownRelation(path, COLUMNS, found, context);
  const at = `h.${physicalName(relation, "CREATED")}`;
  const end = instantArgument(given, "END_TIME", context) ?? literalTime(context.startedOn);
  const start = instantArgument(given, "START_TIME", context) ?? `(${end} - INTERVAL ${DAY / 1e6} SECOND)`;
  return {
    ...relation,
    sql: `(SELECT * FROM ${relation.sql} AS h WHERE ${at} >= ${start} AND ${at} <= ${end} ORDER BY ${at} DESC LIMIT ${limit})`,
  };
}
