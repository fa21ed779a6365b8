import type { DataType } from "../../sql/ast/dataType";
import type { Show } from "../../sql/ast/statements/metadata";
import { insufficientPrivileges, unsupported } from "../../errors";
import { isAccountAdministrator } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import type { ShowHandler } from "../../execution/listing";
import { TEXT, TIMESTAMP } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import type { LockState } from "../../storage";
import { type ShownColumn, shown } from "../../execution/shownColumn";
import type { TransactionRecord } from "../../account/transactionLog";

const ID: DataType = { kind: "NUMBER", precision: 38, scale: 0 };

/** A lock with what it is on and whose it is. */
interface Lock extends LockState {
  readonly resource: string;
  readonly user: string | undefined;
  readonly sessionId: number | undefined;
}

const LOCK_COLUMNS: readonly ShownColumn<Lock>[] = [
  ["resource", TEXT, (lock) => lock.resource],
  ["type", TEXT, () => "PARTITIONS"],
  ["transaction", ID, (lock) => lock.transaction],
  ["transaction_started_on", TIMESTAMP, (lock) => lock.startedAt],
  ["status", TEXT, (lock) => (lock.acquiredAt === undefined ? "WAITING" : "HOLDING")],
  ["acquired_on", TIMESTAMP, (lock) => lock.acquiredAt],
  ["query_id", TEXT, (lock) => lock.statementId],
];

/** What account administrators see, too. */
const SESSION: ShownColumn<Lock> = ["session", ID, (lock) => lock.sessionId];

/** SHOW LOCKS [IN ACCOUNT]. Source: "SHOW LOCKS". */
export const showLocks: ShowHandler = async (statement, context) => {
  const ofAccount = isOfAccount(statement, context);
  const { instance } = context;
  const names = tableNames(instance);
  const found = instance.storage.lockStates().map((lock): Lock => {
    const record = instance.queries.find(lock.statementId);
    const transaction = instance.transactions.find(lock.transaction);
    return {
      ...lock,
      resource: names.get(lock.id) ?? String(lock.id),
      user: record?.user ?? transaction?.user,
      sessionId: record?.sessionId ?? transaction?.sessionId,
    };
  });
  const columns = isAccountAdministrator(context) ? [...LOCK_COLUMNS, SESSION] : LOCK_COLUMNS;
  const visible = found.filter((lock) => ofAccount || lock.user === context.session.user.name);
  return shown(columns, visible, context, StatementType.SHOW);
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

const TRANSACTION_COLUMNS: readonly ShownColumn<TransactionRecord>[] = [
  ["id", ID, (transaction) => transaction.id],
  ["user", TEXT, (transaction) => transaction.user],
  ["session", ID, (transaction) => transaction.sessionId],
  ["name", TEXT, (transaction) => transaction.name],
  ["started_on", TIMESTAMP, (transaction) => transaction.startedOn],
  ["state", TEXT, (transaction) => transaction.state],
  ["scope", ID, () => 0],
];

/** SHOW TRANSACTIONS [IN ACCOUNT]: those that run. Source: "SHOW TRANSACTIONS". */
export const showTransactions: ShowHandler = async (statement, context) => {
  const ofAccount = isOfAccount(statement, context);
  const running = context.instance.transactions
    .running()
    .filter(({ user }) => ofAccount || user === context.session.user.name);
  return shown(TRANSACTION_COLUMNS, running, context, StatementType.SHOW);
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
