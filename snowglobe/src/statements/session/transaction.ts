import type { StatementOf } from "../../sql/ast/statement";
import type { SqlRunner } from "../../storage";
import { riderOf } from "../../account/commitRider";
import type { Handler, StatementContext } from "../../execution/context";
import { commitLoads } from "../../account/loadHistory";
import { status, succeeded } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { commitConsumption } from "../stream/streamConsumption";

/**
 * BEGIN: a second one inside a transaction is ignored. Source: "BEGIN", usage notes.
 */
export const beginTransaction: Handler<StatementOf<"beginTransaction">> = async (statement, context) => {
  if (!context.session.transaction) {
    const storage = context.instance.storage.begin();
    context.session.transaction = { storage, name: statement.name?.name ?? storage.id, startedOn: context.startedOn };
  }
  return succeeded(StatementType.BEGIN);
};

/** COMMIT: without a transaction it does nothing. */
export const commit: Handler<StatementOf<"commit">> = async (_, context) => {
  await commitOpen(context);
  return status("Statement executed successfully.", StatementType.COMMIT);
};

export const rollback: Handler<StatementOf<"rollback">> = async (_, context) => {
  const open = context.session.transaction;
  if (open) {
    context.session.transaction = null;
    await context.instance.storage.rollback(open.storage);
  }
  return status("Statement executed successfully.", StatementType.ROLLBACK);
};

/** Commits what the session has open: DDL does so before it runs. Source: "Transactions", DDL. */
export async function commitOpen(context: StatementContext): Promise<void> {
  const open = context.session.transaction;
  if (!open) return;
  const loads = commitLoads(open.storage);
  const streams = commitConsumption(context.instance, open.storage);
  const rider = riderOf(context.session);
  const also = async (sql: SqlRunner): Promise<void> => {
    await loads?.(sql);
    await streams?.persist(sql);
    await rider?.persist((text, values) => sql.run(text, values as never));
  };
  const committed = (): void => {
    streams?.committed();
    rider?.committed();
  };
  await context.instance.storage.commit(open.storage, loads || streams || rider ? also : undefined, committed);
  context.session.transaction = null;
}

/** Runs statements in the session's transaction, or in one of their own that ends with them. */
export async function asOneTransaction(context: StatementContext, body: () => Promise<void>): Promise<void> {
  const { session, instance } = context;
  if (session.transaction) return body();
  const storage = instance.storage.begin();
  session.transaction = { storage, name: storage.id, startedOn: context.startedOn };
  try {
    await body();
    await commitOpen(context);
  } catch (error) {
    session.transaction = null;
    if (storage.state === "open") await instance.storage.rollback(storage);
    throw error;
  }
}
