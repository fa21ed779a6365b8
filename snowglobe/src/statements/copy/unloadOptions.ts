import type { FileFormatOptions } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { Properties } from "../../execution/properties";
import type { Property } from "../../sql/ast/property";
import { completeFormat, formatType, type FormatType } from "../../execution/fileFormatDefaults";
import { resolveFormat } from "../stage/formatOptions";

/** The options of a COPY INTO <location>. Source: "COPY INTO <location>". */
export interface UnloadOptions {
  readonly type: Extract<FormatType, "CSV" | "JSON" | "PARQUET">;
  /** All options of the file format. */
  readonly format: FileFormatOptions;
  readonly compression: UnloadCompression;
  readonly header: boolean;
  readonly overwrite: boolean;
  readonly single: boolean;
  readonly includeQueryId: boolean;
  readonly detailedOutput: boolean;
  /** Bytes, before compression, after which another file is begun. */
  readonly maxFileSize: number;
}

export type UnloadCompression = "GZIP" | "BROTLI" | "DEFLATE" | "RAW_DEFLATE" | "SNAPPY" | "NONE";

const TEXT_COMPRESSIONS: readonly string[] = ["GZIP", "BROTLI", "DEFLATE", "RAW_DEFLATE", "NONE"];

/** @param stage the format options of the stage itself @throws SnowflakeError for what is not supported, by name */
export function unloadOptions(
  given: readonly Property[],
  stage: FileFormatOptions,
  partitioned: boolean,
  context: StatementContext,
): UnloadOptions {
  const properties = new Properties(given, context);
  properties.refuse("STORAGE_INTEGRATION", "CREDENTIALS", "ENCRYPTION", "VALIDATION_MODE");
  const options = resolveFormat(properties.raw("FILE_FORMAT"), context, stage);
  const type = formatType(options);
  if (type !== "CSV" && type !== "JSON" && type !== "PARQUET") {
    throw compilationError(`Files of type ${type} can be loaded, not unloaded.`, "002019", "0A000");
  }
  const format = completeFormat(options);
  const single = properties.boolean("SINGLE") ?? false;
  const made: UnloadOptions = {
    type,
    format,
    compression: compressionOf(type, format),
    header: properties.boolean("HEADER") ?? false,
    overwrite: properties.boolean("OVERWRITE") ?? false,
    single,
    includeQueryId: properties.boolean("INCLUDE_QUERY_ID") ?? partitioned,
    detailedOutput: properties.boolean("DETAILED_OUTPUT") ?? false,
    maxFileSize: properties.integer("MAX_FILE_SIZE", 1, 5_368_709_120) ?? 16_777_216,
  };
  properties.done();
  if (partitioned && (single || made.overwrite || !made.includeQueryId)) {
    throw compilationError("PARTITION BY does not go together with SINGLE, OVERWRITE or INCLUDE_QUERY_ID = FALSE.");
  }
  if (made.includeQueryId && (single || made.overwrite)) {
    throw compilationError("INCLUDE_QUERY_ID = TRUE does not go together with SINGLE or OVERWRITE.");
  }
  return made;
}

function compressionOf(type: UnloadOptions["type"], format: FileFormatOptions): UnloadCompression {
  const word = String(format.COMPRESSION);
  if (type === "PARQUET") {
    if (word === "AUTO") return format.SNAPPY_COMPRESSION === false ? "NONE" : "SNAPPY";
    if (word === "SNAPPY" || word === "NONE") return word;
    throw unsupported(`COMPRESSION = ${word} of Parquet files`);
  }
  if (word === "AUTO") return "GZIP";
  if (!TEXT_COMPRESSIONS.includes(word)) throw unsupported(`COMPRESSION = ${word} of unloaded files`);
  return word as UnloadCompression;
}

const PACKED: Readonly<Record<UnloadCompression, string>> = {
  GZIP: ".gz",
  BROTLI: ".br",
  DEFLATE: ".deflate",
  RAW_DEFLATE: ".raw_deflate",
  SNAPPY: "",
  NONE: "",
};

/** What unloaded files' names end with. */
export function extensionOf({ type, format, compression }: UnloadOptions): string {
  const own = String(format.FILE_EXTENSION ?? "NONE");
  const base = own.toUpperCase() === "NONE" ? type.toLowerCase() : own.replace(/^\./, "");
  const snappy = compression === "SNAPPY" ? ".snappy" : "";
  return `${snappy}.${base}${own.toUpperCase() === "NONE" ? PACKED[compression] : ""}`;
}
