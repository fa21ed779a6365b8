import type { Task } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { SnowflakeError } from "../../errors";
import type { Instance } from "../../execution/instance";

/**
 * Why the task's owner may not run it; undefined where it may. Source: "Introduction to tasks", task security: EXECUTE
 * TASK, and USAGE on the warehouse or EXECUTE MANAGED TASK.
 */
export function mayRun(instance: Instance, task: Task): SnowflakeError | undefined {
  const owner = task.owner === null ? undefined : instance.catalog.find("ROLE", ACCOUNT, task.owner);
  if (!owner) return refusal(`Cannot execute task, its owner role does not exist`);
  const held = (privilege: string, objectId: number): boolean =>
    instance.privileges.holds([owner], privilege, objectId);
  if (!held("EXECUTE TASK", ACCOUNT)) {
    return refusal("Cannot execute task , EXECUTE TASK privilege must be granted to owner role");
  }
  if (task.warehouse === null) {
    return held("EXECUTE MANAGED TASK", ACCOUNT)
      ? undefined
      : refusal("Cannot execute task , EXECUTE MANAGED TASK privilege must be granted to owner role");
  }
  const warehouse = instance.catalog.find("WAREHOUSE", ACCOUNT, task.warehouse);
  if (warehouse && held("USAGE", warehouse.id)) return undefined;
  return refusal("Cannot execute task , USAGE privilege on the task's warehouse must be granted to owner role");
}

function refusal(message: string): SnowflakeError {
  return new SnowflakeError("091089", "23001", message);
}
