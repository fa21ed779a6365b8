import type { StatementModule } from "../../execution/statementModule";
import { CLIENT_FUNCTIONS } from "./clientFunctions";
import { showVariables } from "./showVariables";
import { SESSION_ACTIONS } from "./sessionActions";
import { showLocks, showTransactions } from "./showLocks";
import { alterSession } from "./sessionParameters";
import { SYSTEM_WAIT } from "./systemWait";
import { beginTransaction, commit, describeTransaction, rollback } from "./transaction";
import { TRANSACTION_FUNCTIONS } from "./transactionFunctions";
import { use, useSecondaryRoles } from "./use";
import { setVariables, unsetVariables } from "./variables";

/** What a session sets for itself, and its transactions. */
export const sessionModule: StatementModule = {
  queries: { describeTransaction },
  commands: { use, useSecondaryRoles, alterSession, setVariables, unsetVariables, beginTransaction, commit, rollback },
  functions: { ...TRANSACTION_FUNCTIONS, ...CLIENT_FUNCTIONS },
  show: { LOCKS: showLocks, TRANSACTIONS: showTransactions, VARIABLES: showVariables },
  acting: { ...SESSION_ACTIONS, SYSTEM$WAIT: SYSTEM_WAIT },
};
