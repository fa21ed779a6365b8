import { randomUUID } from "node:crypto";
import type { Catalog } from "../../catalog/catalog";
import type { Alert } from "../../catalog/objects";
import type { AlertRun } from "../../account/alertHistory";

/** A run of an alert of which nothing has been done yet. */
export function newAlertRun(
  catalog: Catalog,
  alert: Alert,
  occasion: Pick<AlertRun, "scheduledTime" | "scheduledFrom">,
): AlertRun {
  const [databaseName, schemaName, name] = catalog.pathOf(alert);
  return {
    id: randomUUID(),
    objectId: alert.id,
    name: name!,
    schemaName: schemaName!,
    databaseName: databaseName!,
    condition: alert.condition,
    conditionQueryId: null,
    action: alert.action,
    actionQueryId: null,
    state: "SCHEDULED",
    errorCode: null,
    errorMessage: null,
    completedOn: null,
    scheduledTime: occasion.scheduledTime,
    scheduledFrom: occasion.scheduledFrom,
  };
}
