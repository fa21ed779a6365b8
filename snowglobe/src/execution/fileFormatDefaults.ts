import type { FileFormatOptions } from "../catalog/objects";

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
export const FORMAT_DEFAULTS: Readonly<Record<FormatType, FileFormatOptions>> = {
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

/** @param options of a format or stage, as given */
export function formatType(options: FileFormatOptions): FormatType {
  return (options.TYPE as FormatType | undefined) ?? "CSV";
}

/** All options of a format: what was not given has its default. */
export function completeFormat(options: FileFormatOptions): FileFormatOptions {
  return { ...FORMAT_DEFAULTS[formatType(options)], ...options };
}
