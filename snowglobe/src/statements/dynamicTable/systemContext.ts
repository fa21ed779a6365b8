import { randomUUID } from "node:crypto";
import type { DynamicTable, User } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { unsupported } from "../../errors";
import type { SessionState, StatementContext } from "../context";
import type { Instance } from "../instance";
import { NO_BINDS } from "../ownerContext";

/** The user that the query history shows for what the service itself runs. */
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
 * What a refresh runs in: the owner's role alone, names resolved from the table's schema, no session settings. Source:
 * "Dynamic table access control".
 */
export function systemContext(
  instance: Instance,
  table: Pick<DynamicTable, "owner" | "parentId" | "queryText">,
  more: { readonly signal?: AbortSignal; readonly queryId?: string } = {},
): StatementContext {
  const schema = instance.catalog.require("SCHEMA", table.parentId);
  const owner = table.owner === null ? undefined : instance.catalog.find("ROLE", ACCOUNT, table.owner);
  const session: SessionState = {
    id: 0,
    user: SYSTEM_USER,
    roleId: owner?.id ?? null,
    secondaryRoles: "NONE",
    databaseId: schema.parentId,
    schemaId: schema.id,
    warehouseId: null,
    parameters: new Map(),
    variables: new Map(),
    transaction: null,
    queryIds: [],
  };
  return {
    instance,
    session,
    text: table.queryText,
    queryId: more.queryId ?? randomUUID(),
    binds: NO_BINDS,
    describeOnly: false,
    signal: more.signal ?? new AbortController().signal,
    startedOn: instance.clock.now(),
    pipe: [],
    run: () => Promise.reject(unsupported("a statement inside a refresh")),
  };
}
