import type { DirectoryFile, Stage } from "../../catalog/objects";
import { contentDigest, folderOf } from "../../account/stageFiles";
import { compilationError } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { type ShownColumn, shownRelation } from "../../execution/shownColumn";
import type { StageSource } from "../../sql/ast/query";
import type { SqlRelation } from "../../translate";

/** The files of a stage as they are now. @param prefix path that they begin with */
export async function filesNow(stage: Stage, prefix: string, context: StatementContext): Promise<DirectoryFile[]> {
  const { stageFiles } = context.instance;
  const found: DirectoryFile[] = [];
  for (const file of await stageFiles.list(folderOf(stage.id), prefix, undefined, context.signal)) {
    const { name, size, modifiedOn } = file;
    found.push({ path: name, size, modifiedOn, md5: await contentDigest(file.file) });
  }
  return found;
}

interface Listed extends DirectoryFile {
  readonly stage: Stage;
}

const MODIFIED = 2;

const COLUMNS: readonly ShownColumn<Listed>[] = [
  ["RELATIVE_PATH", TEXT, ({ path }) => path],
  ["SIZE", INTEGER, ({ size }) => size],
  ["LAST_MODIFIED", TIMESTAMP, ({ modifiedOn }) => modifiedOn],
  ["MD5", TEXT, ({ md5 }) => md5],
  ["ETAG", TEXT, ({ md5 }) => md5],
  ["FILE_URL", TEXT, fileUrl],
];

/** Nobody serves it here: it names the file, as Snowflake's own does. */
function fileUrl({ path, stage }: Listed, { instance }: StatementContext): string {
  const place = instance.catalog.pathOf(stage).map(encodeURIComponent).join("/");
  const host = `${instance.accountName.toLowerCase()}.snowflakecomputing.com`;
  return `https://${host}/api/files/${place}/${path.split("/").map(encodeURIComponent).join("%2f")}`;
}

/** DIRECTORY(@stage). Source: "Query directory tables". @throws SnowflakeError where it is not enabled */
export function directoryRelation({ location }: StageSource, context: StatementContext): SqlRelation {
  if (location.stage.kind !== "named") throw compilationError("Only named stages have directory tables.");
  const stage = find(context, "STAGE", location.stage.name, "SELECT");
  requirePrivilege(context, stage, "READ", "USAGE");
  if (!stage.directory) {
    throw compilationError(
      `Stage '${stage.name}' has no directory table: ALTER STAGE ${stage.name} SET DIRECTORY = (ENABLE = TRUE).`,
      "002003",
      "02000",
    );
  }
  const files = stage.directory.filter(({ path }) => path.startsWith(location.path));
  const rows = files.map((file) => ({ ...file, stage }));
  const relation = shownRelation(context.instance.catalog.pathOf(stage), COLUMNS, rows, context);
  const { physical } = relation.columns[MODIFIED]!;
  // Times are TIMESTAMP_TZ here.
  return {
    ...relation,
    sql: `(SELECT * REPLACE (fn.ltz_to_tz(${physical}, 'UTC') AS ${physical}) FROM ${relation.sql} AS d)`,
    columns: relation.columns.map((column, index) =>
      index === MODIFIED ? { ...column, type: { kind: "TIMESTAMP_TZ", scale: 3 } } : column,
    ),
  };
}
