import type { Statement } from "../sql/ast/statement";
import { translateDuckDbError } from "../translate";
import type { StatementContext } from "./context";
import type { Outcome } from "./outcome";
import { noteEnd, noteOutcome, queryRecord } from "./queryRecord";

/** Query ids that a session remembers for LAST_QUERY_ID. */
const REMEMBERED_QUERIES = 1_000;

/**
 * Runs a statement inside another one under a query id of its own: it stands in the history, and its result can be read by
 * RESULT_SCAN.
 *
 * @param text what the statement's spans refer to
 */
export async function recordedStatement(
  statement: Statement,
  text: string,
  queryId: string,
  { instance, session }: StatementContext,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const record = queryRecord(statement, text, queryId, session, instance);
  instance.queries.add(record);
  try {
    const outcome = await run();
    instance.results.keep(session.user.id, { ...outcome, queryId, numberOfBinds: 0 });
    noteOutcome(record, outcome);
    return outcome;
  } catch (error) {
    const { code, message } = translateDuckDbError(error);
    record.error = { code, message };
    throw error;
  } finally {
    await instance.results.endStatement(queryId);
    noteEnd(record, session, instance);
    session.queryIds.unshift(queryId);
    session.queryIds.splice(REMEMBERED_QUERIES);
  }
}
