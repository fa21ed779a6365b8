import type { QueryRecord } from "../account/queryHistory";
import type { DmlStatistics } from "../account/result";
import type { Statement } from "../sql/ast/statement";
import type { SessionState } from "./context";
import type { Instance } from "./instance";
import type { Outcome } from "./outcome";
import { sessionParameter } from "./parameters";

/** Kinds whose words are not those of their node. */
const OWN: Readonly<Partial<Record<Statement["kind"], string>>> = {
  queryStatement: "SELECT",
  truncate: "TRUNCATE_TABLE",
  copyIntoTable: "COPY",
  copyIntoLocation: "UNLOAD",
  put: "PUT_FILES",
  get: "GET_FILES",
  list: "LIST_FILES",
  remove: "REMOVE_FILES",
  describeResult: "DESCRIBE",
  describeTransaction: "DESCRIBE",
  showGrants: "SHOW",
  useSecondaryRoles: "USE",
  setVariables: "SET",
  unsetVariables: "UNSET",
  grantPrivileges: "GRANT",
  grantRole: "GRANT",
  grantOwnership: "GRANT",
  revokePrivileges: "REVOKE",
  revokeRole: "REVOKE",
  executeFile: "EXECUTE_IMMEDIATE",
};

/** QUERY_TYPE of the query history. Source: "QUERY_HISTORY , QUERY_HISTORY_BY_*". */
function queryTypeOf(statement: Statement): string {
  if (statement.kind === "createTable" && statement.source?.kind === "query") return "CREATE_TABLE_AS_SELECT";
  return OWN[statement.kind] ?? statement.kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * What the history says of a statement as it begins.
 *
 * @param text that the statement's span refers to: several statements may stand in it
 */
export function queryRecord(
  statement: Statement,
  text: string,
  queryId: string,
  session: SessionState,
  instance: Instance,
): QueryRecord {
  const { catalog } = instance;
  const named = (id: number | null) => {
    const object = id === null ? undefined : catalog.object(id);
    return object?.droppedOn === undefined ? object : undefined;
  };
  const warehouse = named(session.warehouseId);
  return {
    queryId,
    user: session.user.name,
    sessionId: session.id,
    text: text.slice(statement.span.start, statement.span.end),
    queryType: queryTypeOf(statement),
    databaseName: named(session.databaseId)?.name ?? null,
    schemaName: named(session.schemaId)?.name ?? null,
    roleName: named(session.roleId)?.name ?? null,
    warehouse: warehouse?.kind === "WAREHOUSE" ? warehouse : null,
    queryTag: String(sessionParameter(session, "QUERY_TAG")),
    startedOn: instance.clock.now(),
    versionBefore: instance.storage.lastVersion,
    ...(session.transaction && { transactionId: session.transaction.storage.id }),
  };
}

/** Notes what a statement answered: of DML one row, which says how many it changed. */
export function noteOutcome(
  record: QueryRecord,
  { statistics, total }: Pick<Outcome, "total"> & { statistics?: DmlStatistics },
): void {
  record.rowsProduced = statistics ? 1 : total;
  record.rowsInserted = statistics?.numRowsInserted;
}

/** Notes that a statement has ended, and in which transaction, if it began one. */
export function noteEnd(record: QueryRecord, session: SessionState, instance: Instance): void {
  record.transactionId ??= session.transaction?.storage.id;
  record.versionAfter = instance.storage.lastVersion;
  record.endedOn = instance.clock.now();
}
