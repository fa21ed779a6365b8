/** Versioned tables on DuckDB. Speaks DuckDB SQL and physical names only; knows nothing of Snowflake's objects. */
export { Storage } from "./storage";
export { Transaction } from "./transaction";
export { StatementReader } from "./statementReader";
export { StatementWriter } from "./statementWriter";
export type { DeleteSpec, UpdateSpec } from "./rowWriter";
export { SqlRunner, type SqlParameters } from "./sqlRunner";
export type { StorageOptions } from "./open";
export { type AnyHostFunction, type HostFunction, type RowsFunction, registerHostFunctions } from "./hostFunction";
export type { LockMode, LockNeed, LockState } from "./lockTable";
export { columnDefinition, nextValueOf } from "./layout";
export { DuplicateRowError, StorageOpenError } from "./storageErrors";
