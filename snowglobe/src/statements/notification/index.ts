import type { StatementModule } from "../../execution/statementModule";
import { NOTIFICATION_FUNCTIONS } from "./notificationFunctions";
import { notificationHistoryRelation } from "./notificationHistoryFunction";
import {
  alterNotificationIntegration,
  createNotificationIntegration,
  describeNotificationIntegration,
  showNotificationIntegrations,
} from "./notificationIntegration";
import { SENDERS } from "./sendNotification";
import { integrationDdl } from "./integrationDdl";

/** Notification integrations and what sends through them. */
export const notificationModule: StatementModule = {
  definitions: { createNotificationIntegration, alterIntegration: alterNotificationIntegration },
  show: { "NOTIFICATION INTEGRATIONS": showNotificationIntegrations, INTEGRATIONS: showNotificationIntegrations },
  describe: {
    INTEGRATION: describeNotificationIntegration,
    "NOTIFICATION INTEGRATION": describeNotificationIntegration,
  },
  functions: NOTIFICATION_FUNCTIONS,
  tableFunctions: { NOTIFICATION_HISTORY: notificationHistoryRelation },
  acting: SENDERS,
  ddl: { "NOTIFICATION INTEGRATION": integrationDdl },
};
