import { compilationError, insufficientPrivileges, invalidArguments, type SnowflakeError } from "../../errors";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ActingFunction } from "../../execution/actingFunction";
import { holds, isAccountAdministrator, owns } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import type { OpenSession } from "../../execution/openSessions";

/** The functions that end what others began: statements, transactions, sessions. */
export const SESSION_ACTIONS: Readonly<Record<string, ActingFunction>> = {
  /** By who began the transaction, or an account administrator. Source: its page. */
  SYSTEM$ABORT_TRANSACTION: {
    type: VARCHAR,
    act: async (values, context) => {
      const id = only(values, "SYSTEM$ABORT_TRANSACTION");
      const { transactions, sessions } = context.instance;
      const record = transactions.find(id);
      const may = record && (record.user === context.session.user.name || isAccountAdministrator(context));
      if (!may) throw missing("Transaction", id);
      const holder = record.state === "running" ? sessions.withTransaction(id) : undefined;
      if (!holder) return `Transaction id: ${id} has ended already: ${record.state}`;
      if (holder.state.id === context.session.id) {
        throw compilationError("A session ends its own transaction by ROLLBACK", "002014", "22023");
      }
      await holder.abortTransaction(`by user ${context.session.user.name}.`);
      return `Aborted transaction id: ${id}`;
    },
  },
  /** Source: its page. */
  SYSTEM$ABORT_SESSION: {
    type: VARCHAR,
    act: async (values, context) => {
      const id = only(values, "SYSTEM$ABORT_SESSION");
      const session = sessionOf(id, context);
      // Its own end comes after the answer: what runs in it is this very statement.
      const ending = session.terminate();
      if (session.state.id !== context.session.id) await ending;
      return `session [${id}] terminated.`;
    },
  },
  /** Source: its page. */
  SYSTEM$CANCEL_QUERY: {
    type: VARCHAR,
    act: async (values, context) => {
      const id = only(values, "SYSTEM$CANCEL_QUERY");
      const session = context.instance.sessions.running(id);
      if (!session) return "Identified SQL statement is not currently executing.";
      requireMayCancel(session, context);
      session.running.get(id)!();
      return `query [${id}] terminated.`;
    },
  },
  /** Source: its page. */
  SYSTEM$CANCEL_ALL_QUERIES: {
    type: VARCHAR,
    act: async (values, context) => {
      const session = sessionOf(only(values, "SYSTEM$CANCEL_ALL_QUERIES"), context);
      const others = [...session.running].filter(([id]) => id !== context.queryId);
      for (const [, cancel] of others) cancel();
      return `${others.length} cancelled.`;
    },
  },
};

function only(values: readonly (string | null)[], name: string): string {
  if (values.length === 1 && values[0] !== null) return values[0]!;
  throw invalidArguments(
    name,
    values.map(() => "VARCHAR"),
  );
}

function sessionOf(id: string, context: StatementContext): OpenSession {
  const session = context.instance.sessions.find(Number(id));
  if (!session) throw missing("Session", id);
  requireMayCancel(session, context);
  return session;
}

function missing(what: string, id: string): SnowflakeError {
  return compilationError(`${what} '${id}' does not exist or not authorized.`, "002003", "02000");
}

/**
 * One's own, by OWNERSHIP on the user, by OPERATE or OWNERSHIP on the warehouse, or as account administrator.
 * Source: "SYSTEM$CANCEL_QUERY", usage notes.
 */
function requireMayCancel({ state }: OpenSession, context: StatementContext): void {
  if (state.user.id === context.session.user.id || isAccountAdministrator(context)) return;
  const { catalog } = context.instance;
  const user = catalog.object(state.user.id);
  if (user && owns(context, user)) return;
  const warehouse = state.warehouseId === null ? undefined : catalog.object(state.warehouseId);
  if (warehouse && (owns(context, warehouse) || holds(context, "OPERATE", warehouse.id))) return;
  throw insufficientPrivileges("user", state.user.name);
}
