import { StatementType } from "../../account/statementType";
import { alreadyExists, compilationError, unsupported } from "../../errors";
import type { DirectoryFile, Stage } from "../../catalog/objects";
import { requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { requireInSchema } from "../../execution/create";
import { find, place, tryFind } from "../../execution/lookup";
import { rows, succeeded, TEXT, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import type { PropertyValue } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import { filesNow } from "./directoryTable";
import { resolveFormat } from "./formatOptions";
import { quoteIfNeeded } from "../../quoting";

/** ALTER STAGE. Source: its page. */
export const alterStage: Handler<StatementOf<"alterStage">> = async (statement, context) => {
  const found = tryFind(context, "STAGE", statement.name, "ALTER STAGE");
  if (!found && statement.ifExists) return succeeded();
  const stage = found ?? find(context, "STAGE", statement.name, "ALTER STAGE");
  const { action } = statement;
  if (action.action === "refresh") return refreshed(stage, action.subpath ?? "", context);
  requireOwnership(context, stage);
  const changed = altered(action, stage, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

type Action = Exclude<StatementOf<"alterStage">["action"], { action: "refresh" }>;

function altered(action: Action, stage: Stage, context: StatementContext): Stage {
  switch (action.action) {
    case "renameTo": {
      const at = place(context, action.name, "ALTER STAGE");
      if (context.instance.catalog.find("STAGE", at.schema.id, at.name)) throw alreadyExists(quoteIfNeeded(at.name));
      if (at.schema.id !== stage.parentId) requireInSchema(context, at.schema, "CREATE STAGE");
      return { ...stage, parentId: at.schema.id, name: at.name };
    }
    case "set": {
      const properties = new Properties(action.properties, context);
      properties.refuse("URL", "STORAGE_INTEGRATION", "CREDENTIALS", "COPY_OPTIONS");
      properties.raw("ENCRYPTION");
      const comment = properties.text("COMMENT") ?? stage.comment;
      const format = properties.raw("FILE_FORMAT");
      const enabled = directoryEnabled(properties.raw("DIRECTORY"), context);
      properties.done();
      return {
        ...stage,
        comment,
        ...(format && { fileFormat: resolveFormat(format, context) }),
        ...(enabled !== undefined && { directory: enabled ? (stage.directory ?? []) : undefined }),
      };
    }
    case "unset":
      for (const name of action.names) if (name !== "COMMENT") throw unsupported(`ALTER STAGE UNSET ${name}`);
      return { ...stage, comment: "" };
  }
}

/** DIRECTORY = (ENABLE = ...); undefined where it is not given. */
export function directoryEnabled(value: PropertyValue | undefined, context: StatementContext): boolean | undefined {
  if (value === undefined) return undefined;
  if (value.kind !== "properties") throw compilationError("DIRECTORY takes (ENABLE = TRUE | FALSE)", "001003", "42000");
  const properties = new Properties(value.properties, context);
  const enabled = properties.boolean("ENABLE") ?? false;
  // Nothing tells this server of new files, so AUTO_REFRESH = TRUE could not be kept.
  if (properties.boolean("AUTO_REFRESH")) throw unsupported("DIRECTORY with AUTO_REFRESH = TRUE");
  properties.boolean("REFRESH_ON_CREATE");
  properties.done();
  return enabled;
}

/** ALTER STAGE ... REFRESH: brings the directory table to what the stage holds, and tells each change. */
async function refreshed(stage: Stage, subpath: string, context: StatementContext): Promise<Outcome> {
  requirePrivilege(context, stage, "WRITE");
  const before = stage.directory;
  if (!before) {
    throw compilationError(
      `Stage '${stage.name}' has no directory table: ALTER STAGE ${stage.name} SET DIRECTORY = (ENABLE = TRUE).`,
    );
  }
  const inside = ({ path }: DirectoryFile): boolean => path.startsWith(subpath);
  const known = new Map(before.filter(inside).map((file) => [file.path, file]));
  const now = await filesNow(stage, subpath, context);
  const told: (readonly [string, string, string])[] = [];
  for (const { path, md5, modifiedOn } of now) {
    const old = known.get(path);
    known.delete(path);
    if (!old) told.push([path, "REGISTERED_NEW", "File registered successfully."]);
    else if (old.md5 !== md5 || old.modifiedOn !== modifiedOn) {
      told.push([path, "REGISTERED_UPDATE", "File registered successfully."]);
    }
  }
  for (const path of known.keys()) told.push([path, "UNREGISTERED", "File unregistered successfully."]);
  const directory = [...before.filter((file) => !inside(file)), ...now];
  await context.instance.change({ signal: context.signal }, async (_, begin) =>
    (await begin()).put({ ...stage, directory }),
  );
  return rows(
    [
      ["file", TEXT],
      ["status", TEXT],
      ["description", TEXT],
    ],
    told,
    StatementType.DDL,
  );
}
