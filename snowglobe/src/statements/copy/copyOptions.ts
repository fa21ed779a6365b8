import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, invalidValue } from "../../errors";
import type { Property } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";
import type { StatementContext } from "../../execution/context";
import { dataFormat, type DataFormat } from "./dataFormat";
import { resolveFormat } from "../stage/formatOptions";
import { Properties } from "../../execution/properties";

/** What to do with a file that has bad rows. */
export type OnError =
  | { readonly kind: "ABORT_STATEMENT" }
  | { readonly kind: "CONTINUE" }
  /** The file is skipped from this many bad rows on, or where they are more than this share of its rows. */
  | { readonly kind: "SKIP_FILE"; readonly limit: number; readonly percent: boolean };

/** VALIDATION_MODE. */
export type Validation =
  { readonly kind: "ROWS"; readonly count: number } | { readonly kind: "ERRORS"; readonly all: boolean };

/** The options of a COPY INTO <table>. Source: "COPY INTO <table>". */
export interface CopyOptions {
  readonly format: DataFormat;
  readonly onError: OnError;
  /** Names relative to the location; absent: all files. */
  readonly files?: readonly string[];
  readonly pattern?: string;
  readonly force: boolean;
  /** No more files are begun once this many bytes have been. */
  readonly sizeLimit?: number;
  /** Nothing is loaded: rows or errors are shown. */
  readonly validation?: Validation;
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
  properties.refuse("FILE_PROCESSOR", "INCLUDE_METADATA", "CLUSTER_AT_INGEST_TIME");
  properties.refuse("STORAGE_INTEGRATION", "CREDENTIALS", "ENCRYPTION");
  const formatGiven = resolveFormat(properties.raw("FILE_FORMAT"), context, stage);
  const format = dataFormat(formatGiven);
  const matchByName = properties.word("MATCH_BY_COLUMN_NAME", "CASE_SENSITIVE", "CASE_INSENSITIVE", "NONE");
  const truncate = properties.boolean("TRUNCATECOLUMNS");
  const enforce = properties.boolean("ENFORCE_LENGTH");
  if (truncate !== undefined && enforce !== undefined && truncate === enforce) {
    throw compilationError("TRUNCATECOLUMNS and ENFORCE_LENGTH contradict each other: give one of them.");
  }
  // Only for files older than the load metadata, of which there are none: metadata begins with the table.
  properties.boolean("LOAD_UNCERTAIN_FILES");
  properties.word("LOAD_MODE", "FULL_INGEST");
  const byName = matchByName !== undefined && matchByName !== "NONE";
  if (format.type === "CSV") {
    if (format.parseHeader && format.dialect.skipHeader > 0) {
      throw compilationError("PARSE_HEADER = TRUE and SKIP_HEADER do not go together: leave out SKIP_HEADER.");
    }
    if (format.parseHeader !== byName) {
      throw compilationError(
        "For CSV files, PARSE_HEADER = TRUE and MATCH_BY_COLUMN_NAME must be given together: give both or neither.",
      );
    }
  }
  const files = fileNames(properties);
  const pattern = properties.text("PATTERN");
  const sizeLimit = properties.integer("SIZE_LIMIT", 0);
  const validation = validationMode(properties.text("VALIDATION_MODE"));
  const options: CopyOptions = {
    format,
    onError: onError(properties.text("ON_ERROR")),
    force: properties.boolean("FORCE") ?? false,
    purge: properties.boolean("PURGE") ?? false,
    returnFailedOnly: properties.boolean("RETURN_FAILED_ONLY") ?? false,
    truncate: truncate ?? !(enforce ?? true),
    ...(files && { files }),
    ...(pattern !== undefined && { pattern }),
    ...(byName && { matchByName }),
    ...(sizeLimit !== undefined && { sizeLimit }),
    ...(validation && { validation }),
  };
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

function validationMode(text: string | undefined): Validation | undefined {
  if (text === undefined) return undefined;
  const word = text.toUpperCase();
  if (word === "RETURN_ERRORS" || word === "RETURN_ALL_ERRORS")
    return { kind: "ERRORS", all: word !== "RETURN_ERRORS" };
  const count = /^RETURN_(\d{1,9})_ROWS$/.exec(word)?.[1];
  if (count === undefined) throw invalidValue(text, "VALIDATION_MODE");
  return { kind: "ROWS", count: Number(count) };
}

function onError(text: string | undefined): OnError {
  const word = (text ?? "ABORT_STATEMENT").toUpperCase();
  if (word === "ABORT_STATEMENT" || word === "CONTINUE") return { kind: word };
  const match = /^SKIP_FILE(?:_(\d+)(%)?)?$/.exec(word);
  if (!match) throw invalidValue(word, "ON_ERROR");
  return { kind: "SKIP_FILE", limit: Number(match[1] ?? 1), percent: match[2] !== undefined };
}
