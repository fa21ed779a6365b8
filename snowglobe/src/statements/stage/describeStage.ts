import type { FileFormatOptions } from "../../catalog/objects";
import { StatementType } from "../../account/statementType";
import type { Handler } from "../../execution/context";
import { completeFormat, formatType } from "../../execution/fileFormatDefaults";
import { find } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import { shown, type ShownColumn } from "../../execution/shownColumn";
import type { StatementOf } from "../../sql/ast/statement";
import { optionText, optionType } from "./fileFormat";

interface StageProperty {
  readonly parent: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly default: string;
}

const COLUMNS: readonly ShownColumn<StageProperty>[] = [
  ["parent_property", TEXT, ({ parent }) => parent],
  ["property", TEXT, ({ name }) => name],
  ["property_type", TEXT, ({ type }) => type],
  ["property_value", TEXT, ({ value }) => value],
  ["property_default", TEXT, (property) => property.default],
];

/** What COPY does by default: a stage here has no copy options of its own. */
const COPY_OPTIONS: readonly (readonly [name: string, type: string, value: string])[] = [
  ["ON_ERROR", "String", "ABORT_STATEMENT"],
  ["SIZE_LIMIT", "Long", ""],
  ["PURGE", "Boolean", "false"],
  ["RETURN_FAILED_ONLY", "Boolean", "false"],
  ["ENFORCE_LENGTH", "Boolean", "true"],
  ["TRUNCATECOLUMNS", "Boolean", "false"],
  ["FORCE", "Boolean", "false"],
];

/** Source: "DESCRIBE STAGE". */
export const describeStage: Handler<StatementOf<"describe">> = async (statement, context) => {
  const { fileFormat, directory } = find(context, "STAGE", statement.name, "DESCRIBE STAGE");
  const fixed = (parent: string, name: string, type: string, value = ""): StageProperty => ({
    parent,
    name,
    type,
    value,
    default: value,
  });
  const properties = [
    ...formatProperties(fileFormat),
    ...COPY_OPTIONS.map(([name, type, value]) => fixed("STAGE_COPY_OPTIONS", name, type, value)),
    fixed("STAGE_LOCATION", "URL", "String"),
    { ...fixed("DIRECTORY", "ENABLE", "Boolean", "false"), value: String(directory !== undefined) },
    fixed("DIRECTORY", "AUTO_REFRESH", "Boolean", "false"),
  ];
  return shown(COLUMNS, properties, context, StatementType.DESCRIBE);
};

function formatProperties(options: FileFormatOptions): StageProperty[] {
  const defaults = completeFormat({ TYPE: formatType(options) });
  return Object.entries(completeFormat(options)).map(([name, value]) => ({
    parent: "STAGE_FILE_FORMAT",
    name,
    type: optionType(value),
    value: optionText(value),
    default: name === "TYPE" ? "CSV" : optionText(defaults[name]!),
  }));
}
