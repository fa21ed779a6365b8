import { randomUUID } from "node:crypto";
import { compilationError } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { SqlRunner } from "../../storage";
import { isAccountAdministrator } from "../../execution/authorize";
import { riderOf, type Handler, type SessionState, type StatementContext } from "../../execution/context";
import type { Instance } from "../../execution/instance";
import { rows, status, succeeded, TEXT, TIMESTAMP } from "../../execution/outcome";
import { sessionParameter } from "../../execution/parameters";
import { StatementType } from "../../account/statementType";
import { commitConsumption } from "../stream/streamConsumption";

/**
 * BEGIN: a second one inside a transaction is ignored. Source: "BEGIN", usage notes.
 */
export const beginTransaction: Handler<StatementOf<"beginTransaction">> = async (statement, context) => {
  if (!context.session.transaction) begin(context, statement.name?.name);
  return succeeded(StatementType.BEGIN);
};

/** COMMIT: without a transaction it does nothing. */
export const commit: Handler<StatementOf<"commit">> = async (_, context) => {
  await commitOpen(context);
  return status("Statement executed successfully.", StatementType.COMMIT);
};

export const rollback: Handler<StatementOf<"rollback">> = async (_, { session, instance }) => {
  await rollbackOpen(session, instance);
  return status("Statement executed successfully.", StatementType.ROLLBACK);
};

/** DESCRIBE TRANSACTION id. Source: "DESCRIBE TRANSACTION". */
export const describeTransaction: Handler<StatementOf<"describeTransaction">> = async (statement, context) => {
  const found = context.instance.transactions.find(statement.id);
  const seen = found && (found.user === context.session.user.name || isAccountAdministrator(context));
  if (!seen)
    throw compilationError(`Transaction '${statement.id}' does not exist or not authorized.`, "002003", "02000");
  return rows(
    [
      ["id", TEXT],
      ["user", TEXT],
      ["session name", TEXT],
      ["started_on", TIMESTAMP],
      ["state", TEXT],
      ["ended_on", TIMESTAMP],
    ],
    [[found.id, found.user, String(found.sessionId), found.startedOn, found.state, found.endedOn]],
    StatementType.DESCRIBE,
  );
};

/** Opens a transaction of the session, which has none. */
function begin({ session, instance, startedOn }: StatementContext, name: string = randomUUID()): void {
  const storage = instance.storage.begin();
  session.transaction = { storage, name, startedOn };
  const { user, id: sessionId } = session;
  instance.transactions.begin({ id: storage.id, name, user: user.name, sessionId, startedOn, state: "running" });
}

function ended(session: SessionState, instance: Instance, state: "committed" | "rolled back"): void {
  const { storage } = session.transaction!;
  session.transaction = null;
  session.lastTransaction = storage.id;
  instance.transactions.end(storage.id, state, instance.clock.now());
}

/** Undoes what the session has open. */
export async function rollbackOpen(session: SessionState, instance: Instance): Promise<void> {
  const open = session.transaction;
  if (!open) return;
  // Ended for the session whatever happens: nothing of it can be committed any more.
  ended(session, instance, "rolled back");
  if (open.storage.state === "open") await instance.storage.rollback(open.storage);
}

/**
 * With AUTOCOMMIT off the first DML statement after a transaction's end begins the next. Source: "Transactions",
 * AUTOCOMMIT.
 */
export function beginImplicitly(context: StatementContext): void {
  if (context.session.transaction || sessionParameter(context.session, "AUTOCOMMIT") === true) return;
  begin(context);
}

/** A statement outside of a transaction is one by itself: it has an id, too. Source: "Transactions", AUTOCOMMIT. */
export function noteSingle(context: StatementContext, state: "committed" | "rolled back"): void {
  const { session, instance, startedOn } = context;
  const id = instance.storage.nextTransactionId();
  const { user, id: sessionId } = session;
  instance.transactions.begin({ id, name: randomUUID(), user: user.name, sessionId, startedOn, state: "running" });
  instance.transactions.end(id, state, instance.clock.now());
  session.lastTransaction = id;
}

/** Commits what the session has open: DDL does so before it runs. Source: "Transactions", DDL. */
export async function commitOpen(context: StatementContext): Promise<void> {
  const open = context.session.transaction;
  if (!open) return;
  const loads = context.instance.loads.commit(open.storage);
  const streams = commitConsumption(context.instance, open.storage);
  const rider = riderOf(context.session);
  const also = async (sql: SqlRunner): Promise<void> => {
    await loads?.(sql);
    await context.instance.copies.commit(open.storage, sql);
    await streams?.persist(sql);
    await rider?.persist((text, values) => sql.run(text, values as never));
  };
  const committed = (): void => {
    streams?.committed();
    rider?.committed();
  };
  await context.instance.storage.commit(open.storage, loads || streams || rider ? also : undefined, committed);
  await context.instance.stageFiles.committed(open.storage);
  ended(context.session, context.instance, "committed");
}

/** Runs statements in the session's transaction, or in one of their own that ends with them. */
export async function asOneTransaction(context: StatementContext, body: () => Promise<void>): Promise<void> {
  const { session, instance } = context;
  if (session.transaction) return body();
  begin(context);
  try {
    await body();
    await commitOpen(context);
  } catch (error) {
    await rollbackOpen(session, instance);
    throw error;
  }
}
