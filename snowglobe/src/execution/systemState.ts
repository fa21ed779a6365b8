import type { CatalogObject, User } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import type { SessionState } from "./context";
import type { Instance } from "./instance";

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
 * The state of a session in which the service runs what an object (a dynamic table, a task) says: with the role that owns
 * the object and no other, names resolved from the object's schema. Sources: "Dynamic table access control",
 * "Introduction to tasks", system service.
 */
export function systemState(
  instance: Instance,
  object: Pick<CatalogObject, "owner" | "parentId">,
  more: Pick<SessionState, "id"> &
    Partial<Pick<SessionState, "user" | "secondaryRoles" | "warehouseId" | "serverless" | "parameters" | "task">>,
): SessionState {
  const schema = instance.catalog.require("SCHEMA", object.parentId);
  const owner = object.owner === null ? undefined : instance.catalog.find("ROLE", ACCOUNT, object.owner);
  return {
    user: SYSTEM_USER,
    client: "",
    clientVersion: "",
    roleId: owner?.id ?? null,
    ofOwner: true,
    secondaryRoles: "NONE",
    databaseId: schema.parentId,
    schemaId: schema.id,
    warehouseId: null,
    parameters: new Map(),
    variables: new Map(),
    transaction: null,
    queryIds: [],
    ...more,
  };
}
