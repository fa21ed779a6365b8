import type { DataType } from "../sql/ast/dataType";

/** A column of a result, in Snowflake's terms. */
export interface ResultColumn {
  /** As shown to the client; upper-cased already where the identifier was unquoted. */
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/**
 * Some rows of a result, already in the wire's JSON: row arrays of strings and nulls, joined by commas, without the
 * outer brackets. The text is made inside DuckDB, which is the cheapest way to a rowset.
 */
export interface RowChunk {
  readonly rowCount: number;
  readonly json: string;
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
  readonly numberOfBinds: number;
  readonly statistics?: DmlStatistics;
  readonly transfer?: StageTransfer;
  /** A multi-statement request: its children's results, readable by their query ids. */
  readonly children?: readonly { readonly queryId: string; readonly statementTypeId: number }[];
}
