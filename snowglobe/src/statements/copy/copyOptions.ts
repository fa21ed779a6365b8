import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, invalidValue, unsupported } from "../../errors";
import type { Property } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";
import type { StatementContext } from "../../execution/context";
import type { CsvDialect } from "./csvRecords";
import { CSV_DEFAULTS, resolveFormat } from "../stage/fileFormat";
import { Properties } from "../../execution/properties";

/** What to do with a file that has bad rows. */
export type OnError =
  | { readonly kind: "ABORT_STATEMENT" }
  | { readonly kind: "CONTINUE" }
  /** The file is skipped from this many bad rows on, or where they are more than this share of its rows. */
  | { readonly kind: "SKIP_FILE"; readonly limit: number; readonly percent: boolean };

/** The options of a COPY INTO <table>. Source: "COPY INTO <table>". */
export interface CopyOptions {
  readonly compression: string;
  readonly dialect: CsvDialect;
  readonly parseHeader: boolean;
  readonly errorOnCountMismatch: boolean;
  readonly skipByteOrderMark: boolean;
  readonly onError: OnError;
  /** Names relative to the location; absent: all files. */
  readonly files?: readonly string[];
  readonly pattern?: string;
  readonly force: boolean;
  readonly purge: boolean;
  readonly returnFailedOnly: boolean;
  /** Text that is too long is cut. */
  readonly truncate: boolean;
  readonly matchByName?: "CASE_SENSITIVE" | "CASE_INSENSITIVE";
}

/** Most files that FILES may name. */
const MAX_FILES = 1_000;

/** @param stage the format options of the stage itself @throws SnowflakeError for what is not supported, by name */
export function copyOptions(
  given: readonly Property[],
  stage: FileFormatOptions,
  context: StatementContext,
): CopyOptions {
  const properties = new Properties(given, context);
  properties.refuse("SIZE_LIMIT", "VALIDATION_MODE", "FILE_PROCESSOR", "INCLUDE_METADATA", "CLUSTER_AT_INGEST_TIME");
  properties.refuse("STORAGE_INTEGRATION", "CREDENTIALS", "ENCRYPTION");
  const format = { ...CSV_DEFAULTS, ...resolveFormat(properties.raw("FILE_FORMAT"), context, stage) };
  const matchByName = properties.word("MATCH_BY_COLUMN_NAME", "CASE_SENSITIVE", "CASE_INSENSITIVE", "NONE");
  const truncate = properties.boolean("TRUNCATECOLUMNS");
  const enforce = properties.boolean("ENFORCE_LENGTH");
  if (truncate !== undefined && enforce !== undefined && truncate === enforce) {
    throw compilationError("TRUNCATECOLUMNS and ENFORCE_LENGTH contradict each other: give one of them.");
  }
  // Only for files older than the load metadata, of which there are none: metadata begins with the table.
  properties.boolean("LOAD_UNCERTAIN_FILES");
  properties.word("LOAD_MODE", "FULL_INGEST");
  const parseHeader = format.PARSE_HEADER === true;
  const byName = matchByName !== undefined && matchByName !== "NONE";
  if (parseHeader && Number(format.SKIP_HEADER) > 0) {
    throw compilationError("PARSE_HEADER = TRUE and SKIP_HEADER do not go together: leave out SKIP_HEADER.");
  }
  if (parseHeader !== byName) {
    throw compilationError(
      "For CSV files, PARSE_HEADER = TRUE and MATCH_BY_COLUMN_NAME must be given together: give both or neither.",
    );
  }
  const files = fileNames(properties);
  const pattern = properties.text("PATTERN");
  const options: CopyOptions = {
    compression: String(format.COMPRESSION).toUpperCase(),
    dialect: dialectOf(format),
    parseHeader,
    errorOnCountMismatch: format.ERROR_ON_COLUMN_COUNT_MISMATCH === true,
    skipByteOrderMark: format.SKIP_BYTE_ORDER_MARK === true,
    onError: onError(properties.text("ON_ERROR")),
    force: properties.boolean("FORCE") ?? false,
    purge: properties.boolean("PURGE") ?? false,
    returnFailedOnly: properties.boolean("RETURN_FAILED_ONLY") ?? false,
    truncate: truncate ?? !(enforce ?? true),
    ...(files && { files }),
    ...(pattern !== undefined && { pattern }),
    ...(byName && { matchByName }),
  };
  if (!options.skipByteOrderMark) throw unsupported("SKIP_BYTE_ORDER_MARK = FALSE");
  properties.done();
  return options;
}

function fileNames(properties: Properties): readonly string[] | undefined {
  const value = properties.raw("FILES");
  if (!value) return undefined;
  const items = value.kind === "list" ? value.items : [value];
  if (items.length === 0 || items.length > MAX_FILES) throw invalidValue(`${items.length} files`, "FILES");
  return items.map((item) => {
    const text = propertyText(item);
    if (text === undefined) throw invalidValue(item.kind, "FILES");
    return text;
  });
}

function onError(text: string | undefined): OnError {
  const word = (text ?? "ABORT_STATEMENT").toUpperCase();
  if (word === "ABORT_STATEMENT" || word === "CONTINUE") return { kind: word };
  const match = /^SKIP_FILE(?:_(\d+)(%)?)?$/.exec(word);
  if (!match) throw invalidValue(word, "ON_ERROR");
  return { kind: "SKIP_FILE", limit: Number(match[1] ?? 1), percent: match[2] !== undefined };
}

function dialectOf(format: FileFormatOptions): CsvDialect {
  const character = (name: string): string | null => {
    const text = delimiter(format, name);
    if (text !== null && text.length !== 1) throw invalidValue(text, name);
    return text;
  };
  const recordDelimiter = delimiter(format, "RECORD_DELIMITER");
  if (recordDelimiter === null) throw unsupported("RECORD_DELIMITER = NONE");
  return {
    fieldDelimiter: delimiter(format, "FIELD_DELIMITER"),
    recordDelimiter,
    quote: character("FIELD_OPTIONALLY_ENCLOSED_BY"),
    escape: character("ESCAPE"),
    escapeUnenclosed: character("ESCAPE_UNENCLOSED_FIELD"),
    emptyAsNull: format.EMPTY_FIELD_AS_NULL === true,
    skipBlankLines: format.SKIP_BLANK_LINES === true,
    skipHeader: Number(format.SKIP_HEADER),
    nullIf: format.NULL_IF as readonly string[],
  };
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\", "'": "'", '"': '"' };

/** Delimiters may be written as `\t`, `0x01`, `\x01` or octal `\001`; NONE is null. */
function delimiter(format: FileFormatOptions, name: string): string | null {
  const text = String(format[name]);
  if (text.toUpperCase() === "NONE") return null;
  const value = text
    .replace(/(?:\\|0)x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .replace(/\\(.)/gs, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
  if (value === "") throw invalidValue(text, name);
  return value;
}
