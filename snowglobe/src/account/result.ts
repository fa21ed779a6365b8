import type { ResultFile, RowChunk } from "../rowset";
import type { DataType } from "../sql/ast/dataType";

export type { RowChunk };

/** A column of a result, in Snowflake's terms. */
export interface ResultColumn {
  /** As shown to the client; upper-cased already where the identifier was unquoted. */
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/** Counts that drivers report for DML. */
export interface DmlStatistics {
  readonly numRowsInserted: number;
  readonly numRowsUpdated: number;
  readonly numRowsDeleted: number;
  readonly numDmlDuplicates: number;
}

/** What PUT and GET answer: instructions, the client moves the bytes. */
export interface StageTransfer {
  readonly direction: "UPLOAD" | "DOWNLOAD";
  /** The client's path as written in the statement, wildcards kept. For DOWNLOAD its target folder. */
  readonly localPath: string;
  /** Name of the stage's folder on the server's stage store, e.g. `s12/` plus the path in the statement. */
  readonly location: string;
  /** DOWNLOAD: names relative to `location`. */
  readonly files: readonly string[];
  readonly autoCompress: boolean;
  /** `auto_detect`, `gzip`, `none` ... lower case. */
  readonly sourceCompression: string;
  readonly overwrite: boolean;
  readonly parallel: number;
}

/** What one statement answered. */
export interface StatementResult {
  readonly queryId: string;
  /** Snowflake's numeric statement type, e.g. 4096 for SELECT: see statementType.ts. */
  readonly statementTypeId: number;
  readonly columns: readonly ResultColumn[];
  readonly total: number;
  readonly chunks: readonly RowChunk[];
  /** Numbers of the columns that have values beyond 64 bits; absent: none. */
  readonly wide?: readonly number[];
  /** Where chunks lie that are not in memory. */
  readonly file?: ResultFile;
  readonly numberOfBinds: number;
  readonly statistics?: DmlStatistics;
  readonly transfer?: StageTransfer;
  /** A multi-statement request: its children's results, readable by their query ids. */
  readonly children?: readonly { readonly queryId: string; readonly statementTypeId: number }[];
}
