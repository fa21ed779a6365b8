/** Versioned tables on DuckDB. Speaks DuckDB SQL and physical names only; knows nothing of Snowflake's objects. */
export { Storage, type WriteOptions, type WriteResult } from "./storage";
export { Transaction } from "./transaction";
export { StatementReader, type ChangesMode } from "./statementReader";
export { StatementWriter } from "./statementWriter";
export type { DeleteSpec, UpdateSpec } from "./rowWriter";
export { SqlRunner, type ColumnDescription, type ColumnarResult, type SqlParameters } from "./sqlRunner";
export type { StorageOptions } from "./open";
export { type AnyHostFunction, type HostFunction, type RowsFunction, registerHostFunctions } from "./hostFunction";
export type { LockMode, LockNeed, LockState } from "./lockTable";
export { columnDefinition, nextValueOf, type PhysicalColumn, literal } from "./layout";
export type { PurgeResult } from "./housekeeping";
export { DuplicateRowError, StorageOpenError } from "./storageErrors";
