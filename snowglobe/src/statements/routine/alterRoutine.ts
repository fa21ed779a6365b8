import type { Procedure, UserFunction } from "../../catalog/objects";
import { isMissing, unsupported } from "../../errors";
import { requireOwnership } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { place } from "../../execution/lookup";
import { succeeded, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { findRoutine } from "../../execution/routines";
import type { AlterRoutine } from "../../sql/ast/statements/routine";

/** Sources: "ALTER FUNCTION", "ALTER PROCEDURE". */
export async function alterRoutine(statement: AlterRoutine, context: StatementContext): Promise<Outcome> {
  const kind = statement.kind === "alterFunction" ? "FUNCTION" : "PROCEDURE";
  let found: UserFunction | Procedure;
  try {
    found = findRoutine(context, kind, statement.name, statement.argumentTypes, `ALTER ${kind}`);
  } catch (error) {
    if (statement.ifExists && isMissing(error)) return succeeded();
    throw error;
  }
  requireOwnership(context, found);
  const changed = altered(found, statement, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
}

function altered(
  routine: UserFunction | Procedure,
  { action }: AlterRoutine,
  context: StatementContext,
): UserFunction | Procedure {
  switch (action.action) {
    case "setSecure":
      return { ...routine, secure: true };
    case "unsetSecure":
      return { ...routine, secure: false };
    case "executeAs":
      if (routine.kind !== "PROCEDURE") throw unsupported("EXECUTE AS of a function");
      return { ...routine, executeAs: action.as };
    case "renameTo": {
      const at = place(context, action.name, `ALTER ${routine.kind}`);
      return { ...routine, parentId: at.schema.id, name: at.name };
    }
    case "set": {
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT") ?? routine.comment;
      properties.done();
      return { ...routine, comment };
    }
    case "unset":
      if (action.names.some((name) => name !== "COMMENT")) throw unsupported(`ALTER ${routine.kind} UNSET of this`);
      return { ...routine, comment: "" };
  }
}
