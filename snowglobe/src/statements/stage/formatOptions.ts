import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, invalidValue, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { requirePrivilege } from "../../execution/authorize";
import { find } from "../../execution/lookup";
import { parseObjectName } from "../../sql";
import type { Property, PropertyValue } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";

/** Types of files. What can be read and written of them is for COPY and queries to say; the format itself is a mere list. */
export type FormatType = "CSV" | "JSON" | "PARQUET" | "AVRO" | "ORC" | "XML";

const TEXT_DEFAULTS: FileFormatOptions = {
  COMPRESSION: "AUTO",
  DATE_FORMAT: "AUTO",
  TIME_FORMAT: "AUTO",
  TIMESTAMP_FORMAT: "AUTO",
  BINARY_FORMAT: "HEX",
  TRIM_SPACE: false,
  REPLACE_INVALID_CHARACTERS: false,
  SKIP_BYTE_ORDER_MARK: true,
};

/** The options of each type and their defaults, in the order in which they are shown. Source: "CREATE FILE FORMAT". */
const DEFAULTS: Readonly<Record<FormatType, FileFormatOptions>> = {
  CSV: {
    TYPE: "CSV",
    RECORD_DELIMITER: "\n",
    FIELD_DELIMITER: ",",
    FILE_EXTENSION: "NONE",
    SKIP_HEADER: 0,
    PARSE_HEADER: false,
    ...TEXT_DEFAULTS,
    ESCAPE: "NONE",
    ESCAPE_UNENCLOSED_FIELD: "\\",
    FIELD_OPTIONALLY_ENCLOSED_BY: "NONE",
    NULL_IF: ["\\N"],
    ERROR_ON_COLUMN_COUNT_MISMATCH: true,
    SKIP_BLANK_LINES: false,
    EMPTY_FIELD_AS_NULL: true,
    ENCODING: "UTF8",
    MULTI_LINE: true,
  },
  JSON: {
    TYPE: "JSON",
    FILE_EXTENSION: "NONE",
    ...TEXT_DEFAULTS,
    NULL_IF: [],
    ENABLE_OCTAL: false,
    ALLOW_DUPLICATE: false,
    STRIP_OUTER_ARRAY: false,
    STRIP_NULL_VALUES: false,
    IGNORE_UTF8_ERRORS: false,
    MULTI_LINE: true,
  },
  PARQUET: {
    TYPE: "PARQUET",
    COMPRESSION: "AUTO",
    SNAPPY_COMPRESSION: true,
    BINARY_AS_TEXT: true,
    USE_LOGICAL_TYPE: false,
    USE_VECTORIZED_SCANNER: false,
    TRIM_SPACE: false,
    REPLACE_INVALID_CHARACTERS: false,
    NULL_IF: [],
  },
  AVRO: { TYPE: "AVRO", COMPRESSION: "AUTO", TRIM_SPACE: false, REPLACE_INVALID_CHARACTERS: false, NULL_IF: [] },
  ORC: { TYPE: "ORC", TRIM_SPACE: false, REPLACE_INVALID_CHARACTERS: false, NULL_IF: [] },
  XML: {
    TYPE: "XML",
    COMPRESSION: "AUTO",
    IGNORE_UTF8_ERRORS: false,
    PRESERVE_SPACE: false,
    STRIP_OUTER_ELEMENT: false,
    DISABLE_AUTO_CONVERT: false,
    REPLACE_INVALID_CHARACTERS: false,
    SKIP_BYTE_ORDER_MARK: true,
  },
};

const COMPRESSIONS = ["AUTO", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE"];

/** What options that take one of some words may be. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  COMPRESSION: [...COMPRESSIONS, "SNAPPY", "LZO"],
  BINARY_FORMAT: ["HEX", "BASE64", "UTF8", "UTF-8"],
};

/** @param options of a format or stage, as given */
export function formatType(options: FileFormatOptions): FormatType {
  return (options.TYPE as FormatType | undefined) ?? "CSV";
}

/** All options of a format: what was not given has its default. */
export function completeFormat(options: FileFormatOptions): FileFormatOptions {
  return { ...DEFAULTS[formatType(options)], ...options };
}

/**
 * Reads format options; what is not given is not in the answer.
 *
 * @param below the options that these are added to: their type counts where none is given
 * @throws SnowflakeError for an option that the type does not have
 */
export function formatOptions(properties: readonly Property[], below: FileFormatOptions = {}): FileFormatOptions {
  const options: Record<string, FileFormatOptions[string]> = {};
  const given = propertyText(properties.findLast((property) => property.name === "TYPE")?.value)?.toUpperCase();
  if (given !== undefined && !Object.hasOwn(DEFAULTS, given)) {
    if (given === "CUSTOM") throw unsupported("TYPE = CUSTOM");
    throw invalidValue(given, "TYPE");
  }
  const type = (given ?? formatType(below)) as FormatType;
  if (given !== undefined) options.TYPE = given;
  for (const property of properties) {
    if (property.name === "TYPE") continue;
    const model = DEFAULTS[type][property.name];
    if (model === undefined) {
      throw compilationError(`invalid parameter '${property.name}' of a file format of type ${type}`, "001006");
    }
    options[property.name] = optionValue(property.name, property.value, model);
  }
  return options;
}

function optionValue(name: string, value: PropertyValue, model: FileFormatOptions[string]): FileFormatOptions[string] {
  if (Array.isArray(model)) {
    const items = value.kind === "list" ? value.items : value.kind === "properties" ? [] : [value];
    return items.map((item) => propertyText(item) ?? "");
  }
  const text = propertyText(value);
  if (text === undefined) throw invalidValue(value.kind, name);
  if (typeof model === "boolean") {
    if (!/^(true|false)$/i.test(text)) throw invalidValue(text, name);
    return text.toLowerCase() === "true";
  }
  if (typeof model === "number") {
    if (!/^\d{1,9}$/.test(text)) throw invalidValue(text, name);
    return Number(text);
  }
  const words = WORDS[name];
  if (words && !words.includes(text.toUpperCase())) throw invalidValue(text, name);
  return words || value.kind === "identifier" ? text.toUpperCase() : text;
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
  if (value.kind !== "properties") return namedFormat(value, context);
  const named = value.properties.find((property) => property.name === "FORMAT_NAME");
  // What stands beside the name overrides it.
  const base = named ? namedFormat(named.value, context) : below;
  const own = formatOptions(
    value.properties.filter((property) => property !== named),
    base,
  );
  return formatType({ ...base, ...own }) === formatType(base) ? { ...base, ...own } : own;
}

function namedFormat(value: PropertyValue, context: StatementContext): FileFormatOptions {
  const name = value.kind === "identifier" ? value.name : parseObjectName(propertyText(value) ?? "");
  return formatByName(name, context);
}

/** @throws SnowflakeError when the format is not there, or not for this role */
export function formatByName(
  name: Extract<PropertyValue, { kind: "identifier" }>["name"],
  context: StatementContext,
): FileFormatOptions {
  const format = find(context, "FILE FORMAT", name, "COPY");
  requirePrivilege(context, format, "USAGE");
  return format.options;
}
