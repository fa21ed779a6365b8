import type { StatementModule } from "../../execution/statementModule";
import { alterAlert, createAlert, executeAlert } from "./alert";
import { ALERT_FUNCTIONS } from "./alertFunctions";
import { alertHistoryRelation } from "./alertHistoryFunction";
import { describeAlert, showAlerts } from "./showAlerts";
import { alertDdl } from "./alertDdl";

/** Alerts. */
export const alertModule: StatementModule = {
  definitions: { createAlert, alterAlert },
  commands: { executeAlert },
  show: { ALERTS: showAlerts },
  describe: { ALERT: describeAlert },
  functions: ALERT_FUNCTIONS,
  tableFunctions: { ALERT_HISTORY: alertHistoryRelation },
  ddl: { ALERT: alertDdl },
};
