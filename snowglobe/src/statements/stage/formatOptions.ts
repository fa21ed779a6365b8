import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, invalidValue, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { requirePrivilege } from "../../execution/authorize";
import { FORMAT_DEFAULTS, formatType, type FormatType } from "../../execution/fileFormatDefaults";
import { find } from "../../execution/lookup";
import { parseObjectName } from "../../sql";
import type { Property, PropertyValue } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";

const COMPRESSIONS = ["AUTO", "GZIP", "BZ2", "BROTLI", "ZSTD", "DEFLATE", "RAW_DEFLATE", "NONE"];

/** What options that take one of some words may be. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  COMPRESSION: [...COMPRESSIONS, "SNAPPY", "LZO"],
  BINARY_FORMAT: ["HEX", "BASE64", "UTF8", "UTF-8"],
};

/**
 * Reads format options; what is not given is not in the answer.
 *
 * @param below the options that these are added to: their type counts where none is given
 * @throws SnowflakeError for an option that the type does not have
 */
export function formatOptions(properties: readonly Property[], below: FileFormatOptions = {}): FileFormatOptions {
  const options: Record<string, FileFormatOptions[string]> = {};
  const given = propertyText(properties.findLast((property) => property.name === "TYPE")?.value)?.toUpperCase();
  if (given !== undefined && !Object.hasOwn(FORMAT_DEFAULTS, given)) {
    if (given === "CUSTOM") throw unsupported("TYPE = CUSTOM");
    throw invalidValue(given, "TYPE");
  }
  const type = (given ?? formatType(below)) as FormatType;
  if (given !== undefined) options.TYPE = given;
  for (const property of properties) {
    if (property.name === "TYPE") continue;
    const model = FORMAT_DEFAULTS[type][property.name];
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
