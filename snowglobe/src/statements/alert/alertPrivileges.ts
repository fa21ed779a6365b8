import type { Alert } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { SnowflakeError } from "../../errors";
import type { Instance } from "../../execution/instance";

/**
 * Why the alert's owner may not run it; undefined where it may. Source: "Setting up alerts based on data in Snowflake",
 * privileges: EXECUTE ALERT, and USAGE on the warehouse or EXECUTE MANAGED ALERT.
 */
export function mayRun(instance: Instance, alert: Alert): SnowflakeError | undefined {
  const owner = alert.owner === null ? undefined : instance.catalog.find("ROLE", ACCOUNT, alert.owner);
  if (!owner) return refusal("its owner role does not exist");
  const held = (privilege: string, objectId: number): boolean =>
    instance.privileges.holds([owner], privilege, objectId);
  if (!held("EXECUTE ALERT", ACCOUNT)) return refusal("EXECUTE ALERT privilege must be granted to owner role");
  if (alert.warehouse === null) {
    return held("EXECUTE MANAGED ALERT", ACCOUNT)
      ? undefined
      : refusal("EXECUTE MANAGED ALERT privilege must be granted to owner role");
  }
  const warehouse = instance.catalog.find("WAREHOUSE", ACCOUNT, alert.warehouse);
  if (warehouse && held("USAGE", warehouse.id)) return undefined;
  return refusal("USAGE privilege on the alert's warehouse must be granted to owner role");
}

function refusal(reason: string): SnowflakeError {
  return new SnowflakeError("091089", "23001", `Cannot execute alert, ${reason}`);
}
