import { lockWait } from "../../execution/parameters";
import type { CatalogObject } from "../../catalog/objects";
import { isReadable } from "../../catalog/catalog";
import { alreadyExists, compilationError, doesNotExist, isMissing, wrongKind } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { ObjectName } from "../../sql/ast/identifier";
import { requireOwnership, shownKind } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { putAway } from "../../execution/create";
import { catalogKind } from "../access/grant";
import {
  currentDatabase,
  findDatabase,
  findDatabaseRole,
  missing,
  place,
  tryFindDatabaseRole,
  tryFindOnAccount,
  type SchemaObjectKind,
} from "../../execution/lookup";
import { status } from "../../execution/outcome";
import { findRoutine } from "../../execution/routines";
import { isSystemRole } from "../access/role";
import { requireUnused } from "../policy/policy";
import { requireUnmasking } from "../tag/tag";
import { requireRemovable, unlinkDropped } from "../task/taskLinks";
import { qualified, quoteIfNeeded } from "../../quoting";

/** DROP of every kind. Source: "DROP <object>". */
export const drop: Handler<StatementOf<"drop">> = async (statement, context) => {
  const kind = catalogKind(statement.objectKind);
  const name = quoteIfNeeded(statement.name.at(-1)!.name);
  const object =
    kind === "FUNCTION" || kind === "PROCEDURE"
      ? routineToDrop(kind, statement, context)
      : lookUp(kind, statement.name, context, statement.ifExists);
  if (!object) return status(`Drop statement executed successfully (${name} already dropped).`);
  // DROP TABLE drops dynamic tables too. Source: "DROP DYNAMIC TABLE", usage notes.
  if (object.kind !== kind && !(kind === "TABLE" && object.kind === "DYNAMIC TABLE")) {
    throw wrongKind(object.kind, kind);
  }
  requireOwnership(context, object);
  if (object.kind === "ROLE" && isSystemRole(object.name))
    throw compilationError(`Cannot drop system role ${object.name}`);
  if (object.kind === "TASK") requireRemovable(context, object);
  if (object.kind === "TAG") requireUnmasking(object);
  if (object.kind === "MASKING POLICY" || object.kind === "ROW ACCESS POLICY") {
    requireUnused(object, context.instance.catalog);
  }
  const storageId = "storageId" in object ? object.storageId : undefined;
  // A stream is locked by its own id while a transaction consumes it.
  const lockId = object.kind === "STREAM" ? object.id : storageId;
  const locks = lockId === undefined ? [] : [{ id: lockId, mode: "ddl" as const, name }];
  await context.instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
    const change = await begin();
    putAway(context, change, object);
    if (object.kind === "TASK") unlinkDropped(change, object, context.startedOn);
    if (object.sessionId !== undefined && storageId !== undefined) await writer.dropTable(storageId);
  });
  forgetCurrent(context, object);
  return status(`${name} successfully dropped.`);
};

function routineToDrop(
  kind: "FUNCTION" | "PROCEDURE",
  statement: StatementOf<"drop">,
  context: StatementContext,
): CatalogObject | undefined {
  try {
    return findRoutine(context, kind, statement.name, statement.argumentTypes ?? [], `DROP ${kind}`);
  } catch (error) {
    if (statement.ifExists && isMissing(error)) return undefined;
    throw error;
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
      if (!found && !ifExists) throw doesNotExist(shownKind({ kind }), name.at(-1)!.name);
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
    case "DATABASE ROLE": {
      const found =
        ifExists && name.length > 1 && !catalog.database(name[0]!.name)
          ? undefined
          : tryFindDatabaseRole(context, name);
      return found || ifExists ? found : findDatabaseRole(context, name);
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
    if (ifExists && isMissing(error)) return undefined;
    throw error;
  }
  const found = isReadable(kind)
    ? catalog.readable(at.schema.id, at.name, context.session.id)
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
  const taken = isReadable(kind)
    ? catalog.readable(parentId, own, context.session.id)
    : catalog.find(kind, parentId, own);
  if (taken && kind === "DYNAMIC TABLE") {
    throw compilationError(`Dynamic table '${quoteIfNeeded(own)}' already exists.`, "002002", "42710");
  }
  if (taken) throw alreadyExists(quoteIfNeeded(own));
  const found = catalog.dropped(kind, parentId, own)[0];
  if (!found) {
    throw compilationError(`${kind} '${quoteIfNeeded(own)}' did not exist or was purged.`, "002003", "02000");
  }
  requireOwnership(context, found);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    const change = await begin();
    for (const object of [found, ...droppedWith(found, context)]) {
      change.put({ ...object, droppedOn: undefined, droppedWith: undefined });
    }
  });
  return status(`${kind.charAt(0)}${kind.slice(1).toLowerCase()} ${quoteIfNeeded(own)} successfully restored.`);
};

/** What was dropped with its container comes back with it. */
function droppedWith(container: CatalogObject, context: StatementContext): CatalogObject[] {
  return [...context.instance.catalog.all()].filter((object) => object.droppedWith === container.id);
}
