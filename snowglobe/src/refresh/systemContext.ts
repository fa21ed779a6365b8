import { randomUUID } from "node:crypto";
import type { DynamicTable } from "../catalog/objects";
import { unsupported } from "../errors";
import type { StatementContext } from "../execution/context";
import { ACCOUNT } from "../catalog/privileges";
import type { Instance } from "../execution/instance";
import { NO_BINDS } from "../execution/ownerContext";
import { systemState } from "../execution/systemState";
import { executingUser, type RefreshUser } from "./refreshUser";

/**
 * What a refresh runs in: the owner's role alone, or with a user's secondary roles, names resolved from the table's
 * schema, no session settings. Source: "Dynamic table access control".
 *
 * @param more.as the user of REFRESH COPY SESSION; absent: that of EXECUTE AS USER, if the table has one
 */
export function systemContext(
  instance: Instance,
  table: Pick<DynamicTable, "owner" | "parentId" | "namesFrom" | "queryText" | "executeAs"> &
    Partial<Pick<DynamicTable, "warehouse">>,
  more: { readonly signal?: AbortSignal; readonly queryId?: string; readonly as?: RefreshUser } = {},
): StatementContext {
  const as = more.as ?? executingUser(table, instance);
  const name = as?.warehouse ?? table.warehouse;
  const warehouse = name === undefined ? undefined : instance.catalog.find("WAREHOUSE", ACCOUNT, name);
  return {
    instance,
    session: systemState(
      instance,
      { owner: table.owner, parentId: table.namesFrom ?? table.parentId },
      { id: 0, warehouseId: warehouse?.id ?? null, ...(as && { user: as.user, secondaryRoles: as.secondaryRoles }) },
    ),
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
