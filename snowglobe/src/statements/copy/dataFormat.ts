import type { FileFormatOptions } from "../../catalog/objects";
import { invalidValue, unsupported } from "../../errors";
import { completeFormat, formatType } from "../../execution/fileFormatDefaults";
import type { CsvDialect } from "./csvRecords";

/** How text in a file stands for values that are no text; AUTO: as everywhere. */
export interface ValueFormats {
  readonly date: string;
  readonly time: string;
  readonly timestamp: string;
  readonly binary: "HEX" | "BASE64" | "UTF8";
}

interface TextFormat {
  readonly compression: string;
  readonly encoding: string;
  /** U+FFFD stands for bytes that are no character; else they are an error. */
  readonly replaceInvalid: boolean;
  readonly values: ValueFormats;
  readonly nullIf: readonly string[];
}

export interface CsvFormat extends TextFormat {
  readonly type: "CSV";
  readonly dialect: CsvDialect;
  readonly parseHeader: boolean;
  readonly errorOnCountMismatch: boolean;
}

export interface JsonFormat extends TextFormat {
  readonly type: "JSON";
  readonly stripOuterArray: boolean;
}

export interface ParquetFormat {
  readonly type: "PARQUET";
  /** Bytes without a logical type are text. */
  readonly binaryAsText: boolean;
  readonly trimSpace: boolean;
  readonly nullIf: readonly string[];
  readonly values: ValueFormats;
}

/** How files are read. */
export type DataFormat = CsvFormat | JsonFormat | ParquetFormat;

/**
 * What options of a file format mean for reading files. Source: "CREATE FILE FORMAT".
 *
 * @throws SnowflakeError for types and options that are not done, by name
 */
export function dataFormat(options: FileFormatOptions): DataFormat {
  const type = formatType(options);
  const format = completeFormat(options);
  switch (type) {
    case "CSV":
      if (format.MULTI_LINE === false) throw unsupported("MULTI_LINE = FALSE");
      return {
        ...textFormat(format),
        type,
        dialect: dialectOf(format),
        parseHeader: format.PARSE_HEADER === true,
        errorOnCountMismatch: format.ERROR_ON_COLUMN_COUNT_MISMATCH === true,
      };
    case "JSON":
      for (const name of ["ENABLE_OCTAL", "ALLOW_DUPLICATE", "TRIM_SPACE", "STRIP_NULL_VALUES"]) {
        if (format[name] === true) throw unsupported(`${name} = TRUE for JSON files`);
      }
      if ((format.NULL_IF as readonly string[]).length > 0) throw unsupported("NULL_IF for JSON files");
      return {
        ...textFormat(format),
        type,
        encoding: "UTF8",
        replaceInvalid: format.REPLACE_INVALID_CHARACTERS === true || format.IGNORE_UTF8_ERRORS === true,
        stripOuterArray: format.STRIP_OUTER_ARRAY === true,
      };
    case "PARQUET":
      return {
        type,
        binaryAsText: format.BINARY_AS_TEXT === true,
        trimSpace: format.TRIM_SPACE === true,
        nullIf: format.NULL_IF as readonly string[],
        values: AUTOMATIC,
      };
    default:
      throw unsupported(`files of type ${type}`);
  }
}

const AUTOMATIC: ValueFormats = { date: "AUTO", time: "AUTO", timestamp: "AUTO", binary: "HEX" };

function textFormat(format: FileFormatOptions): TextFormat {
  if (format.SKIP_BYTE_ORDER_MARK === false) throw unsupported("SKIP_BYTE_ORDER_MARK = FALSE");
  const binary = String(format.BINARY_FORMAT).replace("-", "") as ValueFormats["binary"];
  return {
    compression: String(format.COMPRESSION),
    encoding: String(format.ENCODING ?? "UTF8"),
    replaceInvalid: format.REPLACE_INVALID_CHARACTERS === true,
    values: {
      date: String(format.DATE_FORMAT),
      time: String(format.TIME_FORMAT),
      timestamp: String(format.TIMESTAMP_FORMAT),
      binary,
    },
    nullIf: format.NULL_IF as readonly string[],
  };
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
    trimSpace: format.TRIM_SPACE === true,
    nullIf: format.NULL_IF as readonly string[],
  };
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\", "'": "'", '"': '"' };

/** Delimiters may be written as `\t`, `0x01`, `\x01` or octal `\001`; several hex bytes are UTF-8; NONE is null. */
export function delimiter(format: FileFormatOptions, name: string): string | null {
  const text = String(format[name]);
  if (text.toUpperCase() === "NONE") return null;
  const value = text
    .replace(/(?:(?:\\|0)x[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replace(/(?:\\|0)x/gi, ""), "hex").toString("utf8"),
    )
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .replace(/\\(.)/gs, (whole, escaped: string) => ESCAPES[escaped] ?? whole);
  if (value === "") throw invalidValue(text, name);
  return value;
}
