import type { Stage } from "../../catalog/objects";
import { unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import type { Handler } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { status, TEXT } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { directoryEnabled } from "./alterStage";
import { resolveFormat } from "./formatOptions";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  flag,
} from "../../execution/shownColumn";

/** CREATE STAGE of an internal stage; external ones are refused. Source: "CREATE STAGE". */
export const createStage: Handler<StatementOf<"createStage">> = async (statement, context) => {
  if (statement.clone) throw unsupported("CREATE STAGE ... CLONE");
  const plan = planCreate(context, "STAGE", statement.name, statement, { temporary: statement.temporary });
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  properties.refuse("URL", "STORAGE_INTEGRATION", "CREDENTIALS", "COPY_OPTIONS");
  // Files lie on this machine: which service would encrypt them means nothing here.
  properties.raw("ENCRYPTION");
  const directory = directoryEnabled(properties.raw("DIRECTORY"), context);
  const fileFormat = resolveFormat(properties.raw("FILE_FORMAT"), context);
  const stage: Stage = {
    ...plan.base,
    comment: properties.text("COMMENT") ?? "",
    fileFormat,
    ...(directory && { directory: [] }),
  };
  properties.done();
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), stage, plan.replaced);
  });
  if (plan.replaced) await context.instance.stageFiles.forget(plan.replaced.id);
  return status(`Stage area ${stage.name} successfully created.`);
};

const STAGE_COLUMNS: readonly ShownColumn<Stage>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  ["url", TEXT, () => ""],
  ["has_credentials", TEXT, () => "N"],
  ["has_encryption_key", TEXT, () => "N"],
  OWNER,
  COMMENT,
  ["region", TEXT],
  ["type", TEXT, (stage) => (stage.sessionId === undefined ? "INTERNAL" : "INTERNAL TEMPORARY")],
  ["cloud", TEXT],
  ["notification_channel", TEXT],
  ["storage_integration", TEXT],
  ["endpoint", TEXT],
  OWNER_ROLE_TYPE,
  ["directory_enabled", TEXT, ({ directory }) => flag(directory !== undefined)],
];

/** Source: "SHOW STAGES". */
export const showStages = listing("STAGE", STAGE_COLUMNS);
