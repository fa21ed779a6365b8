import type { FileFormat, FileFormatOptions, Stage } from "../../catalog/objects";
import { invalidValue, unsupported } from "../../errors";
import type { Property, PropertyValue } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import { parseObjectName } from "../../sql";
import { requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { find } from "../../execution/lookup";
import { status, TEXT, TIMESTAMP, type ColumnSpec } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing, roleType } from "../../execution/listing";

/**
 * Options of CSV files and their defaults. Source: "CREATE FILE FORMAT". Other types are refused by name.
 */
export const CSV_DEFAULTS: FileFormatOptions = {
  TYPE: "CSV",
  COMPRESSION: "AUTO",
  RECORD_DELIMITER: "\n",
  FIELD_DELIMITER: ",",
  SKIP_HEADER: 0,
  PARSE_HEADER: false,
  SKIP_BLANK_LINES: false,
  DATE_FORMAT: "AUTO",
  TIME_FORMAT: "AUTO",
  TIMESTAMP_FORMAT: "AUTO",
  BINARY_FORMAT: "HEX",
  ESCAPE: "NONE",
  ESCAPE_UNENCLOSED_FIELD: "\\",
  TRIM_SPACE: false,
  FIELD_OPTIONALLY_ENCLOSED_BY: "NONE",
  NULL_IF: ["\\N"],
  ERROR_ON_COLUMN_COUNT_MISMATCH: true,
  REPLACE_INVALID_CHARACTERS: false,
  EMPTY_FIELD_AS_NULL: true,
  SKIP_BYTE_ORDER_MARK: true,
  ENCODING: "UTF8",
};

/** Options that only have one value here: another is refused by name. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  TYPE: ["CSV"],
  COMPRESSION: ["AUTO", "GZIP", "NONE", "ZSTD"],
  DATE_FORMAT: ["AUTO"],
  TIME_FORMAT: ["AUTO"],
  TIMESTAMP_FORMAT: ["AUTO"],
  BINARY_FORMAT: ["HEX"],
  ENCODING: ["UTF8", "UTF-8"],
  TRIM_SPACE: ["false"],
  REPLACE_INVALID_CHARACTERS: ["false"],
};

/** Reads format options; what is not given is not in the answer. */
export function formatOptions(properties: readonly Property[]): FileFormatOptions {
  const options: Record<string, FileFormatOptions[string]> = {};
  for (const property of properties) {
    if (!(property.name in CSV_DEFAULTS)) throw unsupported(`file format option ${property.name}`);
    const value = optionValue(property.name, property.value);
    const allowed = ONLY[property.name];
    if (allowed && !allowed.includes(String(value).toUpperCase()) && !allowed.includes(String(value))) {
      throw unsupported(`${property.name} = ${String(value)}`);
    }
    options[property.name] = value;
  }
  return options;
}

function optionValue(name: string, value: PropertyValue): FileFormatOptions[string] {
  const model = CSV_DEFAULTS[name];
  if (Array.isArray(model)) {
    const items = value.kind === "list" ? value.items : [value];
    return items.map((item) => propertyText(item) ?? "");
  }
  const text = propertyText(value);
  if (text === undefined) throw invalidValue(value.kind, name);
  if (typeof model === "boolean") return /^true$/i.test(text);
  if (typeof model === "number") {
    if (!/^\d+$/.test(text)) throw invalidValue(text, name);
    return Number(text);
  }
  return value.kind === "identifier" ? text.toUpperCase() : text;
}

/**
 * The format that a FILE_FORMAT property means: options inline, or the name of a file format.
 *
 * @param below options that count where the property says nothing (a stage's own)
 */
export function resolveFormat(
  value: PropertyValue | undefined,
  context: StatementContext,
  below: FileFormatOptions = {},
): FileFormatOptions {
  if (value === undefined) return below;
  if (value.kind === "properties") {
    const named = value.properties.find((property) => property.name === "FORMAT_NAME");
    if (named) return byName(named.value, context);
    return { ...below, ...formatOptions(value.properties) };
  }
  return byName(value, context);
}

function byName(value: PropertyValue, context: StatementContext): FileFormatOptions {
  const name = value.kind === "identifier" ? value.name : parseObjectName(propertyText(value) ?? "");
  const format = find(context, "FILE FORMAT", name, "COPY");
  requirePrivilege(context, format, "USAGE");
  return format.options;
}

export const createFileFormat: Handler<StatementOf<"createFileFormat">> = async (statement, context) => {
  const plan = planCreate(context, "FILE FORMAT", statement.name, statement, { temporary: statement.temporary });
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const options = formatOptions(statement.properties.filter((property) => property.name !== "COMMENT"));
  const comment = new Properties(statement.properties, context).text("COMMENT") ?? "";
  const format: FileFormat = { ...plan.base, comment, options };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), format, plan.replaced);
  });
  return status(`File format ${format.name} successfully created.`);
};

const FORMAT_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["type", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["format_options", TEXT],
  ["owner_role_type", TEXT],
];

/** Source: "SHOW FILE FORMATS". */
export const showFileFormats = listing("FILE FORMAT", FORMAT_COLUMNS, (format, context) => {
  const [database, schema] = context.instance.catalog.pathOf(format);
  return [
    format.createdOn,
    format.name,
    database,
    schema,
    "CSV",
    format.owner,
    format.comment,
    JSON.stringify({ ...CSV_DEFAULTS, ...format.options }),
    roleType(format),
  ];
});

export const createStage: Handler<StatementOf<"createStage">> = async (statement, context) => {
  if (statement.clone) throw unsupported("CREATE STAGE ... CLONE");
  const plan = planCreate(context, "STAGE", statement.name, statement, { temporary: statement.temporary });
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  properties.refuse("URL", "STORAGE_INTEGRATION", "CREDENTIALS", "COPY_OPTIONS");
  // Files lie on this machine: which service would encrypt them, and a directory table, mean nothing here.
  properties.raw("ENCRYPTION");
  if (properties.raw("DIRECTORY")?.kind === "properties") properties.refuse("DIRECTORY");
  const fileFormat = resolveFormat(properties.raw("FILE_FORMAT"), context);
  const stage: Stage = { ...plan.base, comment: properties.text("COMMENT") ?? "", fileFormat };
  properties.done();
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), stage, plan.replaced);
  });
  if (plan.replaced) await context.instance.stageFiles.forget(plan.replaced.id);
  return status(`Stage area ${stage.name} successfully created.`);
};

const STAGE_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["url", TEXT],
  ["has_credentials", TEXT],
  ["has_encryption_key", TEXT],
  ["owner", TEXT],
  ["comment", TEXT],
  ["region", TEXT],
  ["type", TEXT],
  ["cloud", TEXT],
  ["notification_channel", TEXT],
  ["storage_integration", TEXT],
  ["endpoint", TEXT],
  ["owner_role_type", TEXT],
  ["directory_enabled", TEXT],
];

/** Source: "SHOW STAGES". */
export const showStages = listing("STAGE", STAGE_COLUMNS, (stage, context) => {
  const [database, schema] = context.instance.catalog.pathOf(stage);
  return [
    stage.createdOn,
    stage.name,
    database,
    schema,
    "",
    "N",
    "N",
    stage.owner,
    stage.comment,
    null,
    stage.sessionId === undefined ? "INTERNAL" : "INTERNAL TEMPORARY",
    null,
    null,
    null,
    null,
    roleType(stage),
    "N",
  ];
});
