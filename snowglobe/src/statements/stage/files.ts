import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, insufficientPrivileges, invalidValue } from "../../errors";
import type { StageLocation } from "../../sql/ast/query";
import type { StatementOf } from "../../sql/ast/statement";
import type { StageTarget } from "../../sql/ast/statements/stage";
import type { Expression } from "../../sql/ast/expression";
import { parseStatement } from "../../sql";
import { holds, requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { find, findRelation } from "../../execution/lookup";
import { INTEGER, rows, TEXT, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { contentDigest, folderOf, type StagedFile } from "../../account/stageFiles";
import { StatementType } from "../../account/statementType";
import { qualified, quoteIfNeeded } from "../../quoting";

/** A place in a stage, resolved: the folder of the stage's files and the path in it. */
export interface ResolvedLocation {
  readonly folder: string;
  readonly path: string;
  /** How messages and results name the stage, e.g. `my_stage`, lower case; '' for a table's or the user's stage. */
  readonly label: string;
  /** The stage as histories show it: `@D.S.MY_STAGE`, `@D.S.%T`, `@~`. */
  readonly stage: string;
  readonly fileFormat: FileFormatOptions;
}

/** @throws SnowflakeError when the stage is not there, or the role may not `use` it */
export function resolveLocation(
  location: StageLocation,
  context: StatementContext,
  use: "READ" | "WRITE",
): ResolvedLocation {
  const path = location.path;
  switch (location.stage.kind) {
    case "user":
      return { folder: folderOf(context.session.user.id), path, label: "", stage: "@~", fileFormat: {} };
    case "table": {
      const table = findRelation(context, location.stage.name, use === "READ" ? "GET" : "PUT");
      if (table.kind !== "TABLE") throw compilationError(`${table.name} has no table stage`);
      // A table stage has no privileges of its own. Source: "Choosing an internal stage for local files".
      requireOwnership(context, table);
      const [database, schema, name] = context.instance.catalog.pathOf(table);
      const stage = `@${qualified([database!, schema!])}.%${quoteIfNeeded(name!)}`;
      return { folder: folderOf(table.id), path, label: "", stage, fileFormat: {} };
    }
    case "named": {
      const stage = find(context, "STAGE", location.stage.name, use === "READ" ? "GET" : "PUT");
      // WRITE on an internal stage takes READ as well. Source: "Access control privileges", stages.
      requirePrivilege(context, stage, use);
      if (use === "WRITE" && stage.sessionId === undefined && !holds(context, "READ", stage.id)) {
        throw insufficientPrivileges("stage", stage.name);
      }
      return {
        folder: folderOf(stage.id),
        path,
        label: stage.name.toLowerCase(),
        stage: `@${context.instance.catalog.fullName(stage)}`,
        fileFormat: stage.fileFormat,
      };
    }
  }
}

function target(statement: StageTarget, context: StatementContext, use: "READ" | "WRITE"): ResolvedLocation {
  const location = statement.location ?? locationIn(variableText(statement.variable, context));
  return resolveLocation(location, context, use);
}

/** A stage location that came as text. */
export function locationIn(text: string): StageLocation {
  const parsed = parseStatement(`LIST ${text}`);
  if (parsed.kind !== "list" || !parsed.location) throw invalidValue(text, "stage");
  return parsed.location;
}

function variableText(variable: Expression | undefined, context: StatementContext): string {
  const value =
    variable?.kind === "bind"
      ? variable.name === undefined
        ? context.binds.positional[variable.index! - 1]
        : context.binds.named.get(variable.name)
      : variable?.kind === "sessionVariable"
        ? context.session.variables.get(variable.name)
        : undefined;
  if (!value?.value) throw invalidValue("?", "stage");
  return value.value;
}

/** PUT: the client reads the answer and moves the bytes itself. Source: "PUT". */
export const put: Handler<StatementOf<"put">> = async (statement, context) => {
  const location = target(statement, context, "WRITE");
  const properties = new Properties(statement.properties, context);
  const outcome = transfer("UPLOAD", statement.localPath, location, [], properties);
  properties.done();
  return outcome;
};

/** GET. Source: "GET". */
export const get: Handler<StatementOf<"get">> = async (statement, context) => {
  const location = target(statement, context, "READ");
  const properties = new Properties(statement.properties, context);
  const files = await context.instance.stageFiles.list(
    location.folder,
    location.path,
    properties.text("PATTERN"),
    context.signal,
  );
  const folder = location.path === "" || location.path.endsWith("/") ? location.path : parentOf(location.path);
  const outcome = transfer(
    "DOWNLOAD",
    statement.localPath,
    { ...location, path: folder },
    files.map((file) => file.name.slice(folder.length)),
    properties,
  );
  properties.done();
  return outcome;
};

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function transfer(
  direction: "UPLOAD" | "DOWNLOAD",
  localPath: string,
  location: ResolvedLocation,
  files: readonly string[],
  properties: Properties,
): Outcome {
  const path = location.path === "" || location.path.endsWith("/") ? location.path : `${location.path}/`;
  return {
    ...rows([["status", TEXT]], [], direction === "UPLOAD" ? StatementType.PUT : StatementType.GET),
    transfer: {
      direction,
      localPath,
      location: `${location.folder}/${path}`,
      files,
      autoCompress: properties.boolean("AUTO_COMPRESS") ?? true,
      sourceCompression: (properties.text("SOURCE_COMPRESSION") ?? "AUTO_DETECT").toLowerCase(),
      overwrite: properties.boolean("OVERWRITE") ?? false,
      parallel: properties.integer("PARALLEL", 1, 99) ?? 4,
    },
  };
}

/** LIST. Source: "LIST". */
export const list: Handler<StatementOf<"list">> = async (statement, context) => {
  const location = target(statement, context, "READ");
  const files = await context.instance.stageFiles.list(
    location.folder,
    location.path,
    statement.pattern,
    context.signal,
  );
  const shown = await Promise.all(
    files.map(async (file) => [shownName(location, file), file.size, await contentDigest(file.file), httpDate(file)]),
  );
  return rows(
    [
      ["name", TEXT],
      ["size", INTEGER],
      ["md5", TEXT],
      ["last_modified", TEXT],
    ],
    shown,
    StatementType.LIST,
  );
};

/** REMOVE. Source: "REMOVE". */
export const remove: Handler<StatementOf<"remove">> = async (statement, context) => {
  const location = target(statement, context, "WRITE");
  const files = await context.instance.stageFiles.list(
    location.folder,
    location.path,
    statement.pattern,
    context.signal,
  );
  for (const file of files) await context.instance.stageFiles.remove(file);
  return rows(
    [
      ["name", TEXT],
      ["result", TEXT],
    ],
    files.map((file) => [shownName(location, file), "removed"]),
    StatementType.REMOVE,
  );
};

function shownName(location: ResolvedLocation, file: StagedFile): string {
  return location.label === "" ? file.name : `${location.label}/${file.name}`;
}

function httpDate(file: StagedFile): string {
  return new Date(file.modifiedOn / 1000).toUTCString();
}
