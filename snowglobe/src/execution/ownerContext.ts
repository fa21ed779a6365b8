import type { CatalogObject } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import type { Binds } from "../translate/environment";
import type { StatementContext } from "./context";

export const NO_BINDS: Binds = { positional: [], named: new Map() };

/**
 * The statement as the owner of a view or dynamic table would run it: with the owner's role alone, and names resolved
 * from the object's own schema. Source: "Overview of views", "Dynamic table access control".
 */
export function ownerContext(context: StatementContext, object: CatalogObject): StatementContext {
  const { catalog } = context.instance;
  const owner = object.owner === null ? undefined : catalog.find("ROLE", ACCOUNT, object.owner);
  const schema = catalog.schemaOf(object);
  // A temporary view belongs to its session: it sees the session's other temporary objects with the session's rights.
  const roleId = object.sessionId === undefined ? (owner?.id ?? null) : context.session.roleId;
  return {
    ...context,
    binds: NO_BINDS,
    pipe: [],
    session: {
      ...context.session,
      roleId,
      ofOwner: true,
      invoker: context.session.invoker ?? context.session,
      secondaryRoles: "NONE",
      databaseId: schema.parentId,
      schemaId: schema.id,
    },
  };
}
