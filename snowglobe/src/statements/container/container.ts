import type { Database, Schema } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { parameterDefinition } from "../../catalog/parameters";
import { alreadyExists, isMissing, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { succeeded, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { quoteIfNeeded } from "../../quoting";

/** ALTER DATABASE and ALTER SCHEMA, which differ only in where they lie. */
export async function alterContainer(
  statement: StatementOf<"alterDatabase"> | StatementOf<"alterSchema">,
  context: StatementContext,
  kind: "DATABASE" | "SCHEMA",
  look: () => Database | Schema,
): Promise<Outcome> {
  let object: Database | Schema;
  try {
    object = look();
  } catch (error) {
    if (statement.ifExists && isMissing(error)) return succeeded();
    throw error;
  }
  const changed = alter(statement.action, context, kind, object);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
}

function alter<T extends Database | Schema>(
  action: (StatementOf<"alterDatabase"> | StatementOf<"alterSchema">)["action"],
  context: StatementContext,
  kind: "DATABASE" | "SCHEMA",
  object: T,
): T {
  switch (action.action) {
    case "set": {
      requirePrivilege(context, object, "MODIFY");
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT");
      const parameters = { ...object.parameters, ...properties.parameters(kind) };
      properties.done();
      return { ...object, comment: comment ?? object.comment, parameters };
    }
    case "unset": {
      requirePrivilege(context, object, "MODIFY");
      for (const name of action.names) {
        if (name !== "COMMENT" && !parameterDefinition(name)) throw unsupported(`ALTER ${kind} UNSET ${name}`);
      }
      return {
        ...object,
        comment: action.names.includes("COMMENT") ? "" : object.comment,
        parameters: Object.fromEntries(
          Object.entries(object.parameters).filter(([name]) => !action.names.includes(name)),
        ),
      };
    }
    case "renameTo": {
      requireOwnership(context, object);
      if (action.name.length > (kind === "SCHEMA" ? 2 : 1)) throw unsupported(`ALTER ${kind} RENAME to this name`);
      const name = action.name.at(-1)!.name;
      const { catalog } = context.instance;
      if (action.name.length > 1 && action.name[0]!.name !== catalog.databaseOf(object).name) {
        throw unsupported("moving a schema to another database");
      }
      const taken = kind === "SCHEMA" ? catalog.schema(object.parentId, name) : catalog.find(kind, ACCOUNT, name);
      if (taken) throw alreadyExists(quoteIfNeeded(name));
      return { ...object, name };
    }
    case "enableManagedAccess":
    case "disableManagedAccess":
      requireOwnership(context, object);
      return { ...object, managedAccess: action.action === "enableManagedAccess" };
    case "swapWith":
      throw unsupported(`ALTER ${kind} ${action.action}`);
  }
}
