import type { StatementModule } from "../../execution/statementModule";
import { callActing } from "./actingFunctions";
import { describeResult } from "./describeResult";
import { pipe } from "./pipe";
import { explain } from "./explain";
import { QUERY_HISTORY_FUNCTIONS } from "./queryHistoryFunction";
import { queryHistoryView } from "./queryUsage";
import { query } from "./query";

/** Queries, pipes of statements, and CALL of what the account itself can do. */
export const queryModule: StatementModule = {
  queries: { queryStatement: query, pipe, call: callActing, describeResult, explain },
  tableFunctions: QUERY_HISTORY_FUNCTIONS,
  accountUsage: { QUERY_HISTORY: queryHistoryView },
};
