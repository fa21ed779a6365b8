import type { SystemFunction } from "../../execution/statementModule";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ScalarFunction } from "../../translate/environment";

function sessionText(id: string | undefined): ScalarFunction {
  return {
    kind: "expression",
    sql: id === undefined ? "CAST(NULL AS VARCHAR)" : `'${id}'`,
    type: VARCHAR,
    volatility: "session",
  };
}

/** Ids of the open transaction and of the last one; NULL without one. Sources: their pages. */
export const TRANSACTION_FUNCTIONS: Readonly<Record<string, SystemFunction>> = {
  CURRENT_TRANSACTION: (_, { session }) => sessionText(session.transaction?.storage.id),
  LAST_TRANSACTION: (_, { session }) => sessionText(session.lastTransaction),
};
