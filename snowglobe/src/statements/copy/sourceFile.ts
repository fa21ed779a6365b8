import type { StagedFile } from "../../account/stageFiles";
import type { StatementReader } from "../../storage";
import type { DataFormat } from "./dataFormat";
import { openParquet, type ParquetFile } from "./parquetFile";
import { openRecords, type RecordFile } from "./recordFile";

/** A staged file that has been looked into. */
export type SourceFile = RecordFile | ParquetFile;

/** @param name how results and messages call it */
export function openSource(
  staged: StagedFile,
  name: string,
  format: DataFormat,
  reader: StatementReader,
): Promise<SourceFile> {
  return format.type === "PARQUET" ? openParquet(staged, name, format, reader) : openRecords(staged, name, format);
}

export function isParquet(file: SourceFile): file is ParquetFile {
  return file.format.type === "PARQUET";
}
