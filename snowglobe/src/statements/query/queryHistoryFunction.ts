import type { Database } from "../../catalog/objects";
import { invalidValue } from "../../errors";
import type { QueryRecord } from "../../account/queryHistory";
import { holds } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { constantArgument, instantArgument, literalTime, namedArguments } from "../../execution/functionArguments";
import { BOOLEAN, INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { physicalName, shownRelation, type ShownColumn } from "../../execution/shownColumn";
import type { InformationFunction } from "../../execution/statementModule";
import { parseObjectName } from "../../sql";
import { ARRAY, type DataType } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";

const ID: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

const milliseconds = ({ startedOn, endedOn }: QueryRecord, now: number): number =>
  Math.round(((endedOn ?? now) - startedOn) / 1000);

export const COLUMNS: readonly ShownColumn<QueryRecord>[] = [
  ["QUERY_ID", TEXT, ({ queryId }) => queryId],
  ["QUERY_TEXT", TEXT, ({ text }) => text],
  ["DATABASE_NAME", TEXT, ({ databaseName }) => databaseName],
  ["SCHEMA_NAME", TEXT, ({ schemaName }) => schemaName],
  ["QUERY_TYPE", TEXT, ({ queryType }) => queryType],
  ["SESSION_ID", ID, ({ sessionId }) => sessionId],
  ["AUTHN_EVENT_ID", ID],
  ["USER_NAME", TEXT, ({ user }) => user],
  ["USER_TYPE", TEXT],
  ["USER_DATABASE_NAME", TEXT],
  ["USER_SCHEMA_NAME", TEXT],
  ["ROLE_NAME", TEXT, ({ roleName }) => roleName],
  ["WAREHOUSE_NAME", TEXT, ({ warehouse }) => warehouse?.name],
  ["WAREHOUSE_SIZE", TEXT, ({ warehouse }) => warehouse?.size],
  ["WAREHOUSE_TYPE", TEXT, ({ warehouse }) => warehouse?.type],
  ["CLUSTER_NUMBER", INTEGER, ({ warehouse }) => (warehouse ? 1 : null)],
  ["QUERY_TAG", TEXT, ({ queryTag }) => queryTag],
  ["EXECUTION_STATUS", TEXT, statusOf],
  ["ERROR_CODE", ID, ({ error }) => error && Number(error.code)],
  ["ERROR_MESSAGE", TEXT, ({ error }) => error?.message],
  ["START_TIME", TIMESTAMP, ({ startedOn }) => startedOn],
  // Of a statement that still runs: the epoch.
  ["END_TIME", TIMESTAMP, ({ endedOn }) => endedOn ?? 0],
  ["TOTAL_ELAPSED_TIME", INTEGER, (query, { startedOn }) => milliseconds(query, startedOn)],
  ["BYTES_SCANNED", INTEGER],
  ["ROWS_PRODUCED", INTEGER, ({ rowsProduced }) => rowsProduced],
  ["COMPILATION_TIME", INTEGER],
  ["EXECUTION_TIME", INTEGER, (query, { startedOn }) => milliseconds(query, startedOn)],
  ...[...["QUEUED_PROVISIONING_TIME", "QUEUED_REPAIR_TIME", "QUEUED_OVERLOAD_TIME", "TRANSACTION_BLOCKED_TIME"]].map(
    (name): ShownColumn<QueryRecord> => [name, INTEGER, () => 0],
  ),
  ["OUTBOUND_DATA_TRANSFER_CLOUD", TEXT],
  ["OUTBOUND_DATA_TRANSFER_REGION", TEXT],
  ["OUTBOUND_DATA_TRANSFER_BYTES", INTEGER, () => 0],
  ["INBOUND_DATA_TRANSFER_CLOUD", TEXT],
  ["INBOUND_DATA_TRANSFER_REGION", TEXT],
  ["INBOUND_DATA_TRANSFER_BYTES", INTEGER, () => 0],
  ["LIST_EXTERNAL_FILE_TIME", INTEGER, () => 0],
  ["CREDITS_USED_CLOUD_SERVICES", { kind: "FLOAT" }, () => 0],
  ["RELEASE_VERSION", TEXT, (_, { instance }) => instance.settings.version],
  ...["INVOCATIONS", "SENT_ROWS", "RECEIVED_ROWS", "SENT_BYTES", "RECEIVED_BYTES"].map(
    (name): ShownColumn<QueryRecord> => [`EXTERNAL_FUNCTION_TOTAL_${name}`, INTEGER, () => 0],
  ),
  ["IS_CLIENT_GENERATED_STATEMENT", BOOLEAN, () => false],
  ["QUERY_HASH", TEXT],
  ["QUERY_HASH_VERSION", INTEGER],
  ["QUERY_PARAMETERIZED_HASH", TEXT],
  ["QUERY_PARAMETERIZED_HASH_VERSION", INTEGER],
  ["TRANSACTION_ID", ID, ({ transactionId }) => transactionId ?? "0"],
  ["QUERY_ACCELERATION_BYTES_SCANNED", INTEGER, () => 0],
  ["QUERY_ACCELERATION_PARTITIONS_SCANNED", INTEGER, () => 0],
  ["QUERY_ACCELERATION_UPPER_LIMIT_SCALE_FACTOR", INTEGER, () => 0],
  ["BYTES_WRITTEN_TO_RESULT", INTEGER],
  ["ROWS_WRITTEN_TO_RESULT", INTEGER, ({ rowsProduced }) => rowsProduced],
  ["ROWS_INSERTED", INTEGER, ({ rowsInserted }) => rowsInserted],
  ["QUERY_RETRY_TIME", INTEGER],
  ["QUERY_RETRY_CAUSE", TEXT],
  ["FAULT_HANDLING_TIME", INTEGER],
  ["BIND_VALUES", ARRAY],
  ["AGENT_TYPE", TEXT],
];

function statusOf({ endedOn, error }: QueryRecord): string {
  return endedOn === undefined ? "RUNNING" : error ? "FAILED_WITH_ERROR" : "SUCCESS";
}

const RANGE = ["END_TIME_RANGE_START", "END_TIME_RANGE_END", "RESULT_LIMIT", "INCLUDE_CLIENT_GENERATED_STATEMENT"];

/** What one of the functions is about: the argument that says which statements, and its default. */
interface Dimension {
  readonly argument: string;
  readonly own: (context: StatementContext) => string;
  readonly of: (query: QueryRecord) => string | undefined;
}

const NAME = (text: string): string => parseObjectName(text).at(-1)!.name;

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  QUERY_HISTORY_BY_SESSION: {
    argument: "SESSION_ID",
    own: ({ session }) => String(session.id),
    of: ({ sessionId }) => String(sessionId),
  },
  QUERY_HISTORY_BY_USER: {
    argument: "USER_NAME",
    own: ({ session }) => session.user.name,
    of: ({ user }) => user,
  },
  QUERY_HISTORY_BY_WAREHOUSE: {
    argument: "WAREHOUSE_NAME",
    own: ({ session, instance }) =>
      (session.warehouseId === null ? undefined : instance.catalog.object(session.warehouseId)?.name) ?? "",
    of: ({ warehouse }) => warehouse?.name,
  },
};

/**
 * INFORMATION_SCHEMA.QUERY_HISTORY and its family: the statements that this process still remembers, the newest first.
 * Source: "QUERY_HISTORY , QUERY_HISTORY_BY_*".
 */
export const QUERY_HISTORY_FUNCTIONS: Readonly<Record<string, InformationFunction>> = {
  QUERY_HISTORY: (args, context, database) => history("QUERY_HISTORY", args, context, database),
  ...Object.fromEntries(
    Object.keys(DIMENSIONS).map((name): [string, InformationFunction] => [
      name,
      (args, context, database) => history(name, args, context, database),
    ]),
  ),
};

function history(
  name: string,
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const dimension = DIMENSIONS[name];
  const given = namedArguments(args, dimension ? [dimension.argument, ...RANGE] : RANGE);
  const limit = Number(constantArgument(given, "RESULT_LIMIT") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw invalidValue(String(limit), "RESULT_LIMIT");
  const asked = dimension && constantArgument(given, dimension.argument);
  const wanted =
    asked === undefined ? dimension?.own(context) : dimension!.argument === "SESSION_ID" ? asked : NAME(asked);
  const found = [...context.instance.queries.all()].filter(
    (query) => (!dimension || dimension.of(query) === wanted) && sees(query, context),
  );
  const relation = shownRelation([database.name, "INFORMATION_SCHEMA", name], COLUMNS, found, context);
  const at = `h.${physicalName(relation, "END_TIME")}`;
  const started = `h.${physicalName(relation, "START_TIME")}`;
  const running = `${at} = ${literalTime(0)}`;
  const start = instantArgument(given, "END_TIME_RANGE_START", context);
  const end = instantArgument(given, "END_TIME_RANGE_END", context);
  const conditions = [
    start !== undefined && `(${running} OR ${at} >= ${start})`,
    end !== undefined && `NOT ${running} AND ${at} <= ${end}`,
  ].filter(Boolean);
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  const order = `(${running}) DESC, ${at} DESC, ${started} DESC`;
  return { ...relation, sql: `(SELECT * FROM ${relation.sql} AS h${where} ORDER BY ${order} LIMIT ${limit})` };
}

/** Own statements, and those on warehouses that the session may watch or operate. */
function sees({ user, warehouse }: QueryRecord, context: StatementContext): boolean {
  if (user === context.session.user.name) return true;
  return warehouse !== null && ["MONITOR", "OPERATE"].some((privilege) => holds(context, privilege, warehouse.id));
}
