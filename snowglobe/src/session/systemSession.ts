import type { CatalogObject } from "../catalog/objects";
import { PARAMETERS } from "../catalog/parameters";
import { ACCOUNT } from "../catalog/privileges";
import type { SessionState } from "../execution/context";
import type { Instance } from "../execution/instance";
import { systemState } from "../execution/systemState";
import { Session } from "./session";

/**
 * A session in which the service runs what an object says, with the object's own session parameters.
 *
 * @param warehouse name; null: serverless
 * @param more what runs: its functions answer from it
 */
export function openSystemSession(
  instance: Instance,
  object: Pick<CatalogObject, "owner" | "parentId" | "parameters">,
  warehouse: string | null,
  more: Pick<SessionState, "task"> = {},
): Session {
  const found = warehouse === null ? undefined : instance.catalog.find("WAREHOUSE", ACCOUNT, warehouse);
  const names = PARAMETERS.filter((one) => one.levels.includes("SESSION")).map((one) => one.name);
  const state = systemState(instance, object, {
    id: instance.nextSystemSession(),
    warehouseId: found?.id ?? null,
    serverless: warehouse === null,
    parameters: new Map(Object.entries(object.parameters).filter(([name]) => names.includes(name))),
    ...more,
  });
  return new Session(instance, state, () => undefined);
}
