import type { DataType } from "../../sql/ast/dataType";
import type { Show } from "../../sql/ast/statements/metadata";
import { insufficientPrivileges, unsupported } from "../../errors";
import { isAccountAdministrator } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import type { ShowHandler } from "../../execution/listing";
import { rows, TEXT, TIMESTAMP, type ColumnSpec } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";

const ID: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

const LOCK_COLUMNS: readonly ColumnSpec[] = [
  ["resource", TEXT],
  ["type", TEXT],
  ["transaction", ID],
  ["transaction_started_on", TIMESTAMP],
  ["status", TEXT],
  ["acquired_on", TIMESTAMP],
  ["query_id", TEXT],
];

/** SHOW LOCKS [IN ACCOUNT]. Source: "SHOW LOCKS". */
export const showLocks: ShowHandler = async (statement, context) => {
  const ofAccount = isOfAccount(statement, context);
  const isAdministrator = isAccountAdministrator(context);
  const { instance } = context;
  const names = tableNames(instance);
  const found = instance.storage.lockStates().flatMap((lock) => {
    const record = instance.queries.find(lock.statementId);
    const transaction = instance.transactions.find(lock.transaction);
    const user = record?.user ?? transaction?.user;
    const sessionId = record?.sessionId ?? transaction?.sessionId;
    if (!ofAccount && user !== context.session.user.name) return [];
    const row = [
      names.get(lock.id) ?? String(lock.id),
      "PARTITIONS",
      lock.transaction,
      lock.startedAt,
      lock.acquiredAt === undefined ? "WAITING" : "HOLDING",
      lock.acquiredAt,
      lock.statementId,
    ];
    return [isAdministrator ? [...row, sessionId] : row];
  });
  return rows(isAdministrator ? [...LOCK_COLUMNS, ["session", ID]] : LOCK_COLUMNS, found, StatementType.SHOW);
};

/** What locks are on: a table by where it lies, a stream by its own id. */
function tableNames({ catalog }: Instance): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const object of catalog.all()) {
    if (object.droppedOn !== undefined) continue;
    if ("storageId" in object) names.set(object.storageId, catalog.fullName(object));
    else if (object.kind === "STREAM") names.set(object.id, catalog.fullName(object));
  }
  return names;
}

/** SHOW TRANSACTIONS [IN ACCOUNT]: those that run. Source: "SHOW TRANSACTIONS". */
export const showTransactions: ShowHandler = async (statement, context) => {
  const ofAccount = isOfAccount(statement, context);
  const running = context.instance.transactions
    .running()
    .filter(({ user }) => ofAccount || user === context.session.user.name);
  return rows(
    [
      ["id", ID],
      ["user", TEXT],
      ["session", ID],
      ["name", TEXT],
      ["started_on", TIMESTAMP],
      ["state", TEXT],
      ["scope", ID],
    ],
    running.map(({ id, user, sessionId, name, startedOn, state }) => [id, user, sessionId, name, startedOn, state, 0]),
    StatementType.SHOW,
  );
};

/** IN ACCOUNT is for account administrators. */
function isOfAccount(statement: Show, context: StatementContext): boolean {
  if (statement.like !== undefined || statement.limit !== undefined || statement.startsWith !== undefined) {
    throw unsupported(`SHOW ${statement.objects} with a filter`);
  }
  if (!statement.scope) return false;
  if (statement.scope.objectKind !== "ACCOUNT") throw unsupported(`SHOW ${statement.objects} IN another scope`);
  if (!isAccountAdministrator(context)) throw insufficientPrivileges("account", context.instance.accountName);
  return true;
}
