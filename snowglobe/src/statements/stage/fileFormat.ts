import type { FileFormat, FileFormatOptions } from "../../catalog/objects";
import { alreadyExists, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership } from "../../execution/authorize";
import type { Handler } from "../../execution/context";
import { planCreate, register, requireInSchema } from "../../execution/create";
import { find, place, tryFind } from "../../execution/lookup";
import { rows, status, succeeded, TEXT } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { completeFormat, formatType } from "../../execution/fileFormatDefaults";
import { formatOptions } from "./formatOptions";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
} from "../../execution/shownColumn";
import { quoteIfNeeded } from "../../quoting";

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

const FORMAT_COLUMNS: readonly ShownColumn<FileFormat>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  ["type", TEXT, (format) => formatType(format.options)],
  OWNER,
  COMMENT,
  ["format_options", TEXT, (format) => JSON.stringify(completeFormat(format.options))],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW FILE FORMATS". */
export const showFileFormats = listing("FILE FORMAT", FORMAT_COLUMNS);

/** ALTER FILE FORMAT: RENAME TO and SET. Source: "ALTER FILE FORMAT". */
export const alterFileFormat: Handler<StatementOf<"alterFileFormat">> = async (statement, context) => {
  const found = tryFind(context, "FILE FORMAT", statement.name, "ALTER FILE FORMAT");
  if (!found && statement.ifExists) return succeeded();
  const format = found ?? find(context, "FILE FORMAT", statement.name, "ALTER FILE FORMAT");
  requireOwnership(context, format);
  const { action } = statement;
  if (action.action === "renameTo") {
    const at = place(context, action.name, "ALTER FILE FORMAT");
    const taken = context.instance.catalog.find("FILE FORMAT", at.schema.id, at.name);
    if (taken) throw alreadyExists(quoteIfNeeded(at.name));
    if (at.schema.id !== format.parentId) requireInSchema(context, at.schema, "CREATE FILE FORMAT");
    const renamed: FileFormat = { ...format, parentId: at.schema.id, name: at.name };
    await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(renamed));
    return succeeded();
  }
  if (action.action !== "set") throw unsupported(`ALTER FILE FORMAT ${action.action}`);
  const comment = new Properties(action.properties, context).text("COMMENT") ?? format.comment;
  const options = formatOptions(
    action.properties.filter((property) => property.name !== "COMMENT"),
    format.options,
  );
  if (options.TYPE !== undefined && options.TYPE !== formatType(format.options)) {
    throw unsupported("another TYPE for a file format");
  }
  const changed: FileFormat = { ...format, comment, options: { ...format.options, ...options } };
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

/** Source: "DESCRIBE FILE FORMAT". */
export const describeFileFormat: Handler<StatementOf<"describe">> = async (statement, context) => {
  const format = find(context, "FILE FORMAT", statement.name, "DESCRIBE FILE FORMAT");
  const defaults = completeFormat({ TYPE: formatType(format.options) });
  return rows(
    [
      ["property", TEXT],
      ["property_type", TEXT],
      ["property_value", TEXT],
      ["property_default", TEXT],
    ],
    Object.entries(completeFormat(format.options)).map(([name, value]) => [
      name,
      optionType(value),
      optionText(value),
      optionText(defaults[name]!),
    ]),
    StatementType.DESCRIBE,
  );
};

/** The word of DESCRIBE for the type of an option. */
export function optionType(value: FileFormatOptions[string]): string {
  if (Array.isArray(value)) return "List";
  return typeof value === "boolean" ? "Boolean" : typeof value === "number" ? "Integer" : "String";
}

/** An option's value as DESCRIBE shows it. */
export function optionText(value: FileFormatOptions[string]): string {
  if (Array.isArray(value)) return `[${value.join(", ")}]`;
  return String(value).replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
