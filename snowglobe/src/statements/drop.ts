import type { CatalogChange } from "../catalog/change";
import type { CatalogObject } from "../catalog/objects";
import { RELATION_KINDS } from "../catalog/objects";
import { alreadyExists, compilationError, doesNotExist } from "../errors";
import { qualified, quoteIfNeeded } from "../catalog/names";
import type { StatementOf } from "../sql/ast/statement";
import type { ObjectName } from "../sql/ast/identifier";
import { requireOwnership } from "./authorize";
import type { Handler, StatementContext } from "./context";
import { putAway } from "./create";
import { catalogKind } from "./grant";
import { currentDatabase, findDatabase, missing, place, tryFindOnAccount, type SchemaObjectKind } from "./lookup";
import { status } from "./outcome";
import { isSystemRole } from "./role";

/** DROP of every kind. Source: "DROP <object>". */
export const drop: Handler<StatementOf<"drop">> = async (statement, context) => {
  const kind = catalogKind(statement.objectKind);
  const name = quoteIfNeeded(statement.name.at(-1)!.name);
  const object = lookUp(kind, statement.name, context, statement.ifExists);
  if (!object) return status(`Drop statement executed successfully (${name} already dropped).`);
  if (object.kind !== kind) {
    throw compilationError(
      `Object found is of type '${object.kind.replaceAll(" ", "_")}', not specified type '${kind.replaceAll(" ", "_")}'.`,
      "002203",
      "42601",
    );
  }
  requireOwnership(context, object);
  if (object.kind === "ROLE" && isSystemRole(object.name))
    throw compilationError(`Cannot drop system role ${object.name}`);
  const storageId = "storageId" in object ? object.storageId : undefined;
  const locks = storageId === undefined ? [] : [{ id: storageId, mode: "ddl" as const, name }];
  await context.instance.change({ locks, signal: context.signal }, async (writer, begin) => {
    const change = await begin();
    for (const one of withContent(object, context)) {
      putAway(context, change, one);
      if (one.sessionId !== undefined && "storageId" in one) await writer.dropTable(one.storageId);
    }
    if (object.kind === "ROLE") handOver(change, object.name, context);
  });
  forgetCurrent(context, object);
  return status(`${name} successfully dropped.`);
};

/** The object and all that lies in it. */
function withContent(object: CatalogObject, context: StatementContext): CatalogObject[] {
  if (object.kind !== "DATABASE" && object.kind !== "SCHEMA") return [object];
  const inside = context.instance.catalog.childrenOf(object.id).flatMap((child) => withContent(child, context));
  return [...inside.filter((child) => child.sessionId === undefined), object];
}

/** What a dropped role owned goes to the role that dropped it. Source: "DROP ROLE", usage notes. */
function handOver(change: CatalogChange, role: string, context: StatementContext): void {
  const { roleId } = context.session;
  const heir = roleId === null ? undefined : context.instance.catalog.object(roleId);
  for (const object of context.instance.catalog.all()) {
    if (object.owner === role) change.put({ ...object, owner: heir?.name ?? "ACCOUNTADMIN" });
  }
}

function forgetCurrent(context: StatementContext, object: CatalogObject): void {
  const { session } = context;
  if (session.warehouseId === object.id) session.warehouseId = null;
  if (session.schemaId === object.id) session.schemaId = null;
  if (session.roleId === object.id) session.roleId = null;
  if (session.databaseId === object.id) {
    session.databaseId = null;
    session.schemaId = null;
  }
}

function lookUp(
  kind: CatalogObject["kind"],
  name: ObjectName,
  context: StatementContext,
  ifExists: boolean,
): CatalogObject | undefined {
  const { catalog } = context.instance;
  switch (kind) {
    case "DATABASE":
    case "WAREHOUSE":
    case "ROLE":
    case "USER":
    case "NOTIFICATION INTEGRATION": {
      const found = tryFindOnAccount(context, kind, name);
      if (!found && !ifExists) throw doesNotExist(kind.charAt(0) + kind.slice(1).toLowerCase(), name.at(-1)!.name);
      return found;
    }
    case "SCHEMA": {
      const database =
        name.length > 1
          ? ifExists
            ? catalog.database(name[0]!.name)
            : findDatabase(context, name[0]!.name)
          : currentDatabase(context, "DROP SCHEMA");
      const found = database && catalog.schema(database.id, name.at(-1)!.name);
      if (!found && !ifExists) throw doesNotExist("Schema", qualified(name.map((part) => part.name)));
      return found;
    }
    default:
      return inSchema(kind, name, context, ifExists);
  }
}

function inSchema(
  kind: SchemaObjectKind,
  name: ObjectName,
  context: StatementContext,
  ifExists: boolean,
): CatalogObject | undefined {
  const { catalog } = context.instance;
  let at;
  try {
    at = place(context, name, `DROP ${kind}`);
  } catch (error) {
    if (ifExists) return undefined;
    throw error;
  }
  const found = (RELATION_KINDS as readonly string[]).includes(kind)
    ? catalog.relation(at.schema.id, at.name, context.session.id)
    : catalog.find(kind, at.schema.id, at.name, context.session.id);
  if (!found && !ifExists) throw missing(context, kind, name, `DROP ${kind}`);
  return found;
}

/** UNDROP of a database, schema, table or dynamic table: the latest dropped one of the name. Source: "UNDROP <object>". */
export const undrop: Handler<StatementOf<"undrop">> = async (statement, context) => {
  const kind = catalogKind(statement.objectKind);
  const { catalog } = context.instance;
  const own = statement.name.at(-1)!.name;
  const parentId =
    kind === "DATABASE"
      ? 0
      : kind === "SCHEMA"
        ? (statement.name.length > 1
            ? findDatabase(context, statement.name[0]!.name)
            : currentDatabase(context, "UNDROP SCHEMA")
          ).id
        : place(context, statement.name, `UNDROP ${kind}`).schema.id;
  const found = catalog.dropped(kind, parentId, own)[0];
  if (!found) {
    throw compilationError(`${kind} '${quoteIfNeeded(own)}' did not exist or was purged.`, "002003", "02000");
  }
  const taken = (RELATION_KINDS as readonly string[]).includes(kind)
    ? catalog.relation(parentId, own, context.session.id)
    : catalog.find(kind, parentId, own);
  if (taken) throw alreadyExists(quoteIfNeeded(own));
  requireOwnership(context, found);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const object of [found, ...droppedWith(found, context)]) change.put({ ...object, droppedOn: undefined });
  });
  return status(`${kind.charAt(0)}${kind.slice(1).toLowerCase()} ${quoteIfNeeded(own)} successfully restored.`);
};

/** What was dropped in the same statement as its container comes back with it. */
function droppedWith(container: CatalogObject, context: StatementContext): CatalogObject[] {
  return [...context.instance.catalog.all()].filter(
    (object) =>
      object.droppedOn === container.droppedOn && object.id !== container.id && liesIn(object, container, context),
  );
}

function liesIn(object: CatalogObject, container: CatalogObject, context: StatementContext): boolean {
  for (let id = object.parentId; id !== 0; id = context.instance.catalog.object(id)?.parentId ?? 0) {
    if (id === container.id) return true;
  }
  return false;
}
