import type { CatalogObject, User } from "../catalog/objects";
import { PARAMETERS } from "../catalog/parameters";
import { ACCOUNT } from "../catalog/privileges";
import type { Instance } from "../statements/instance";
import { Session } from "./session";

/** The user that histories show for what the service itself runs. */
const SYSTEM_USER: User = {
  id: -1,
  kind: "USER",
  parentId: ACCOUNT,
  name: "SYSTEM",
  createdOn: 0,
  owner: null,
  comment: "",
  parameters: {},
  passwordHash: null,
  disabled: true,
  properties: {},
};

/**
 * A session in which the service runs what an object (a task, an alert) says: with the role that owns the object and no
 * other, names resolved from the object's schema. Source: "Introduction to tasks", system service.
 *
 * @param warehouse name; null: serverless
 */
export function openSystemSession(
  instance: Instance,
  object: Pick<CatalogObject, "owner" | "parentId" | "parameters">,
  warehouse: string | null,
): Session {
  const { catalog } = instance;
  const schema = catalog.require("SCHEMA", object.parentId);
  const owner = object.owner === null ? undefined : catalog.find("ROLE", ACCOUNT, object.owner);
  const found = warehouse === null ? undefined : catalog.find("WAREHOUSE", ACCOUNT, warehouse);
  const names = PARAMETERS.filter((one) => one.levels.includes("SESSION")).map((one) => one.name);
  return new Session(
    instance,
    {
      id: instance.nextSystemSession(),
      user: SYSTEM_USER,
      roleId: owner?.id ?? null,
      secondaryRoles: "NONE",
      databaseId: schema.parentId,
      schemaId: schema.id,
      warehouseId: found?.id ?? null,
      serverless: warehouse === null,
      parameters: new Map(Object.entries(object.parameters).filter(([name]) => names.includes(name))),
      variables: new Map(),
      transaction: null,
      queryIds: [],
    },
    () => undefined,
  );
}
